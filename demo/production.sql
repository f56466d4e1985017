-- The demo's stand-in for production: a chat application with what the built-in chat schema does not have
-- (a region enum, prices, contacts with a composite key, a nullable reference, check constraints).
create type region as enum ('eu', 'us', 'apac', 'latam', 'africa');

create table users (
  id bigint primary key,
  username varchar(30) not null unique,
  email text not null unique,
  region region not null,
  locale varchar(8),
  "isBot" boolean not null,
  "createdAt" timestamptz not null,
  "lastSeenAt" timestamptz
);

create table conversations (
  id uuid primary key,
  "createdBy" bigint not null references users (id),
  kind text not null check (kind in ('direct', 'group', 'channel')),
  title varchar(120),
  "createdAt" timestamptz not null
);

create table conversation_users (
  "conversationId" uuid not null references conversations (id),
  "userId" bigint not null references users (id),
  role text not null,
  "mutedUntil" date,
  primary key ("conversationId", "userId")
);

create table messages (
  id bigint primary key,
  "conversationId" uuid not null references conversations (id),
  "senderId" bigint not null references users (id),
  "replyTo" bigint references messages (id),
  body text not null,
  language varchar(5),
  "createdAt" timestamptz not null,
  "editedAt" timestamptz
);

create table message_reads (
  "messageId" bigint not null references messages (id),
  "userId" bigint not null references users (id),
  "readAt" timestamptz not null,
  primary key ("messageId", "userId")
);

create table attachments (
  id bigint primary key,
  "messageId" bigint not null references messages (id),
  "mediaType" text not null,
  "sizeBytes" bigint not null check ("sizeBytes" > 0),
  "durationSeconds" real
);

create table contacts (
  "ownerId" bigint not null references users (id),
  "contactId" bigint not null references users (id),
  "isFavourite" boolean not null,
  primary key ("ownerId", "contactId")
);

create table purchases (
  id bigint primary key,
  "userId" bigint not null references users (id),
  price numeric(10, 2) not null check (price >= 0),
  currency char(3) not null,
  "boughtAt" timestamptz not null
);

create index on conversations ("createdBy");
create index on conversation_users ("userId");
create index on messages ("conversationId", "createdAt");
create index on messages ("senderId");
create index on messages ("replyTo") where "replyTo" is not null;
create index on attachments ("messageId");
create index on purchases ("userId", "boughtAt");
