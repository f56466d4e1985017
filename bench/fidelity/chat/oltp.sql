-- Short queries that a chat application would send: history, inbox, members, unread, media, counts. Written once from the schema alone
-- (spec/chat.sql); no query was chosen, changed or left out for its result.

-- name: user by id
-- :user = hot | p50 | cold of messages."senderId"
select * from users where id = :user;

-- name: user by name
-- :name = hot of users.username
select id, email from users where username = :name;

-- name: conversation by id
-- :conversation = hot | p50 | cold of messages."conversationId"
select type, title from conversations where id = :conversation;

-- name: newest messages of a conversation
-- weight: 3
-- :conversation = hot | p99 | p50 | cold of messages."conversationId"
select id, "senderId", body from messages where "conversationId" = :conversation order by "createdAt" desc limit 50;

-- name: older messages of a conversation
-- weight: 2
-- :conversation = hot | p99 | p50 of messages."conversationId"
-- :before = quantile 0.5 of messages."createdAt"
select id, "senderId", body from messages where "conversationId" = :conversation and "createdAt" < :before order by "createdAt" desc limit 50;

-- name: messages of a conversation in a period
-- :conversation = hot | p99 | p50 of messages."conversationId"
-- :since = quantile 0.9 of messages."createdAt"
select count(*) from messages where "conversationId" = :conversation and "createdAt" >= :since;

-- name: last message of a conversation
-- :conversation = hot | p50 | cold of messages."conversationId"
select max("createdAt") from messages where "conversationId" = :conversation;

-- name: messages with their senders
-- weight: 2
-- :conversation = hot | p99 | p50 of messages."conversationId"
select m.id, u.username from messages m join users u on u.id = m."senderId" where m."conversationId" = :conversation order by m."createdAt" desc limit 50;

-- name: number of messages of a conversation
-- :conversation = hot | p99 | p50 | cold of messages."conversationId"
select count(*) from messages where "conversationId" = :conversation;

-- name: messages of a user
-- :user = hot | p99 | p50 | cold of messages."senderId"
select id from messages where "senderId" = :user;

-- name: newest messages of a user
-- :user = hot | p99 | p50 of messages."senderId"
select id, "conversationId" from messages where "senderId" = :user order by "createdAt" desc limit 20;

-- name: number of messages of a user
-- :user = hot | p99 | p50 | cold of messages."senderId"
select count(*) from messages where "senderId" = :user;

-- name: messages of a user in a conversation
-- :conversation = hot | p99 of messages."conversationId"
-- :user = hot | p50 of messages."senderId"
select count(*) from messages where "conversationId" = :conversation and "senderId" = :user;

-- name: message by id
-- :message = hot | p50 of attachments."messageId"
select * from messages where id = :message;

-- name: members of a conversation
-- :conversation = hot | p99 | p50 of conversation_users."conversationId"
select u.id, u.username, c.role from conversation_users c join users u on u.id = c."userId" where c."conversationId" = :conversation;

-- name: number of members of a conversation
-- :conversation = hot | p99 | p50 of conversation_users."conversationId"
select count(*) from conversation_users where "conversationId" = :conversation;

-- name: is a user member of a conversation
-- :conversation = hot | p50 of conversation_users."conversationId"
-- :user = hot | p50 of conversation_users."userId"
select exists (select from conversation_users where "conversationId" = :conversation and "userId" = :user);

-- name: owners of a conversation
-- :conversation = hot | p50 of conversation_users."conversationId"
-- :role = cold | p50 of conversation_users.role
select "userId" from conversation_users where "conversationId" = :conversation and role = :role;

-- name: conversations of a user
-- weight: 2
-- :user = hot | p99 | p50 | cold of conversation_users."userId"
select c.id, c.type, c.title from conversation_users m join conversations c on c.id = m."conversationId" where m."userId" = :user;

-- name: conversations of a user by type
-- :user = hot | p50 of conversation_users."userId"
-- :type = hot | p50 | cold of conversations.type
select c.id from conversation_users m join conversations c on c.id = m."conversationId" where m."userId" = :user and c.type = :type;

-- name: inbox of a user
-- weight: 2
-- :user = hot | p99 | p50 of conversation_users."userId"
select m."conversationId", max(x."createdAt") from conversation_users m join messages x on x."conversationId" = m."conversationId" where m."userId" = :user group by m."conversationId" order by 2 desc limit 20;

-- name: newest message of each conversation of a user
-- :user = hot | p50 of conversation_users."userId"
select m."conversationId", l.id from conversation_users m cross join lateral (select id from messages x where x."conversationId" = m."conversationId" order by x."createdAt" desc limit 1) l where m."userId" = :user;

-- name: unread messages of a user in a conversation
-- :conversation = p99 | p50 of messages."conversationId"
-- :user = hot | p50 of message_reads."userId"
select count(*) from messages m where m."conversationId" = :conversation and m."senderId" <> :user and not exists (select from message_reads r where r."messageId" = m.id and r."userId" = :user);

-- name: readers of a message
-- :message = hot | p50 of message_reads."messageId"
select "userId", "readAt" from message_reads where "messageId" = :message;

-- name: what a user read last
-- :user = hot | p99 | p50 of message_reads."userId"
select "messageId" from message_reads where "userId" = :user order by "readAt" desc limit 20;

-- name: number of messages that a user read
-- :user = hot | p99 | p50 of message_reads."userId"
select count(*) from message_reads where "userId" = :user;

-- name: attachments of a message
-- :message = hot | p50 of attachments."messageId"
select id, kind, "fileName" from attachments where "messageId" = :message;

-- name: media of a conversation
-- :conversation = hot | p99 | p50 of messages."conversationId"
-- :kind = hot | cold of attachments.kind
select a.id from messages m join attachments a on a."messageId" = m.id where m."conversationId" = :conversation and a.kind = :kind order by m."createdAt" desc limit 30;

-- name: media that a user sent
-- :user = hot | p50 of messages."senderId"
select count(*), sum(a."sizeBytes") from messages m join attachments a on a."messageId" = m.id where m."senderId" = :user;

-- name: undelivered messages of a conversation
-- :conversation = hot | p99 | p50 of messages."conversationId"
select id from messages where "conversationId" = :conversation and not "isDelivered";

-- name: conversations without messages of a user
-- :user = hot | p50 of conversation_users."userId"
select m."conversationId" from conversation_users m where m."userId" = :user and not exists (select from messages x where x."conversationId" = m."conversationId");
