-- Analytic joins over a chat: two to four tables along keys, filters by quantile. Written once from the schema alone (spec/chat.sql); no
-- query was chosen, changed or left out for its result.

-- name: messages by type of the conversation
-- class: joins
-- :type = hot | p50 | cold of conversations.type
select count(*) from conversations c join messages m on m."conversationId" = c.id where c.type = :type;

-- name: messages beside members
select count(*) from messages m join conversation_users u on u."conversationId" = m."conversationId";

-- name: messages beside members of a type
-- class: joins
-- :type = hot | cold of conversations.type
select count(*) from conversations c join messages m on m."conversationId" = c.id join conversation_users u on u."conversationId" = c.id where c.type = :type;

-- name: messages of new conversations
-- class: joins
-- :since = quantile 0.7 of conversations."createdAt"
select count(*) from conversations c join messages m on m."conversationId" = c.id where c."createdAt" >= :since;

-- name: late messages of new conversations
-- class: joins
-- :since = quantile 0.7 of conversations."createdAt"
-- :sent = quantile 0.8 of messages."createdAt"
select count(*) from conversations c join messages m on m."conversationId" = c.id where c."createdAt" >= :since and m."createdAt" >= :sent;

-- name: messages of new users
-- class: joins
-- :since = quantile 0.7 of users."createdAt"
select count(*) from users u join messages m on m."senderId" = u.id where u."createdAt" >= :since;

-- name: messages of inactive users
select count(*) from users u join messages m on m."senderId" = u.id where not u."isActive";

-- name: sent beside read
select count(*) from users u join conversation_users c on c."userId" = u.id join message_reads r on r."userId" = u.id where not u."isActive";

-- name: reads of late messages
-- class: joins
-- :sent = quantile 0.9 of messages."createdAt"
select count(*) from messages m join message_reads r on r."messageId" = m.id where m."createdAt" >= :sent;

-- name: late reads of early messages
-- class: joins
-- :sent = quantile 0.3 of messages."createdAt"
-- :read = quantile 0.5 of message_reads."readAt"
select count(*) from messages m join message_reads r on r."messageId" = m.id where m."createdAt" <= :sent and r."readAt" >= :read;

-- name: reads beside attachments
select count(*) from message_reads r join attachments a on a."messageId" = r."messageId";

-- name: attachments by type of the conversation
-- class: joins
-- :type = hot | cold of conversations.type
-- :kind = hot | p50 of attachments.kind
select count(*) from conversations c join messages m on m."conversationId" = c.id join attachments a on a."messageId" = m.id where c.type = :type and a.kind = :kind;

-- name: large attachments of late messages
-- class: joins
-- :size = quantile 0.9 of attachments."sizeBytes"
-- :sent = quantile 0.5 of messages."createdAt"
select count(*) from messages m join attachments a on a."messageId" = m.id where a."sizeBytes" >= :size and m."createdAt" >= :sent;

-- name: reads by type of the conversation
-- class: joins
-- :type = hot | p50 of conversations.type
select count(*) from conversations c join messages m on m."conversationId" = c.id join message_reads r on r."messageId" = m.id where c.type = :type;

-- name: members who write
select count(*) from conversation_users c join messages m on m."conversationId" = c."conversationId" and m."senderId" = c."userId";

-- name: owners who write
-- class: joins
-- :role = cold | p50 of conversation_users.role
select count(*) from conversation_users c join messages m on m."conversationId" = c."conversationId" and m."senderId" = c."userId" where c.role = :role;

-- name: late members and messages
-- class: joins
-- :joined = quantile 0.7 of conversation_users."joinedAt"
select count(*) from conversation_users c join messages m on m."conversationId" = c."conversationId" where c."joinedAt" >= :joined;

-- name: conversations of inactive users
select count(*) from users u join conversation_users c on c."userId" = u.id join conversations v on v.id = c."conversationId" where not u."isActive";

-- name: memberships of users of one conversation
-- class: joins
-- :conversation = hot | p99 of conversation_users."conversationId"
select count(*) from conversation_users c join conversation_users o on o."userId" = c."userId" where c."conversationId" = :conversation;

-- name: undelivered messages by sender
-- class: joins
-- :since = quantile 0.5 of users."createdAt"
select count(*) from users u join messages m on m."senderId" = u.id where not m."isDelivered" and u."createdAt" >= :since;

-- name: late messages
-- class: single
-- :sent = quantile 0.9 of messages."createdAt"
select count(*) from messages where "createdAt" >= :sent;

-- name: large images
-- class: single
-- :kind = hot of attachments.kind
-- :size = quantile 0.8 of attachments."sizeBytes"
select count(*) from attachments where kind = :kind and "sizeBytes" >= :size;
