-- What the demo's chat sends most: history, conversation list, unread counts, recent messages across a user's conversations.
-- Parameters are bound by rank, so the same file runs on production and on the copy, and holds no value of either.
--
-- The demo is small: the median conversation has a handful of messages, and for those the planner rightly sorts what the index finds
-- instead of walking the index in order. So only the history of the hot conversation is held to "no Sort".

-- name: message history
-- weight: 3
-- :conversation = hot of messages."conversationId"
-- assert: uses "messages_conversationId_createdAt_idx"
-- assert: no Sort
select id, "senderId", body, "createdAt"
from messages
where "conversationId" = :conversation
order by "createdAt" desc
limit 50;

-- name: history of another conversation
-- weight: 4
-- :conversation = p99 | p50 | cold of messages."conversationId"
-- assert: uses "messages_conversationId_createdAt_idx"
select id, "senderId", body, "createdAt"
from messages
where "conversationId" = :conversation
order by "createdAt" desc
limit 50;

-- name: older messages
-- weight: 2
-- :conversation = hot of messages."conversationId"
-- :before = quantile 0.5 of messages."createdAt"
-- assert: uses "messages_conversationId_createdAt_idx"
-- assert: no Sort
select id, "senderId", body, "createdAt"
from messages
where "conversationId" = :conversation and "createdAt" < :before
order by "createdAt" desc
limit 50;

-- name: conversation list
-- weight: 3
-- :user = hot | p50 | cold of conversation_users."userId"
-- assert: uses "conversation_users_userId_idx"
-- assert: no Seq Scan on messages
select c.id, c.kind, c.title, last."createdAt"
from conversation_users u
join conversations c on c.id = u."conversationId"
left join lateral (
  select m."createdAt" from messages m where m."conversationId" = c.id order by m."createdAt" desc limit 1
) last on true
where u."userId" = :user
order by last."createdAt" desc nulls last
limit 30;

-- name: unread counts
-- weight: 2
-- :user = p50 | cold of conversation_users."userId"
-- :since = quantile 0.9 of messages."createdAt"
-- assert: no Seq Scan on messages
select m."conversationId", count(*)
from conversation_users u
join messages m on m."conversationId" = u."conversationId" and m."createdAt" >= :since
where u."userId" = :user
  and m."senderId" <> u."userId"
  and not exists (select from message_reads r where r."messageId" = m.id and r."userId" = u."userId")
group by m."conversationId";

-- name: recent messages across conversations
-- weight: 2
-- :user = hot | p50 of conversation_users."userId"
-- assert: no Seq Scan on messages
select recent.id, recent."conversationId", recent."createdAt"
from conversation_users u
cross join lateral (
  select m.id, m."conversationId", m."createdAt" from messages m
  where m."conversationId" = u."conversationId" order by m."createdAt" desc limit 5
) recent
where u."userId" = :user
order by recent."createdAt" desc
limit 50;

-- name: readers of a message
-- :message = hot | p50 of message_reads."messageId"
-- assert: uses message_reads_pkey
select "userId", "readAt" from message_reads where "messageId" = :message;
