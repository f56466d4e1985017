-- The demo's stand-in for production: a chat application with what the built-in chat schema does not have
-- (a region enum, prices, contacts with a composite key, a nullable reference, check constraints).
create type public.region as enum ('eu', 'us', 'apac', 'latam', 'africa');

create table public.users (
  id bigint primary key,
  username varchar(30) not null unique,
  email text not null unique,
  region public.region not null,
  locale varchar(8),
  "isBot" boolean not null,
  "createdAt" timestamptz not null,
  "lastSeenAt" timestamptz
);

create table public.conversations (
  id uuid primary key,
  "createdBy" bigint not null references public.users (id),
  kind text not null check (kind in ('direct', 'group', 'channel')),
  title varchar(120),
  "createdAt" timestamptz not null
);

create table public.conversation_users (
  "conversationId" uuid not null references public.conversations (id),
  "userId" bigint not null references public.users (id),
  role text not null,
  "mutedUntil" date,
  primary key ("conversationId", "userId")
);

create table public.messages (
  id bigint primary key,
  "conversationId" uuid not null references public.conversations (id),
  "senderId" bigint not null references public.users (id),
  "replyTo" bigint references public.messages (id),
  body text not null,
  language varchar(5),
  "createdAt" timestamptz not null,
  "editedAt" timestamptz
);

create table public.message_reads (
  "messageId" bigint not null references public.messages (id),
  "userId" bigint not null references public.users (id),
  "readAt" timestamptz not null,
  primary key ("messageId", "userId")
);

create table public.attachments (
  id bigint primary key,
  "messageId" bigint not null references public.messages (id),
  "mediaType" text not null,
  "sizeBytes" bigint not null check ("sizeBytes" > 0),
  "durationSeconds" real
);

create table public.contacts (
  "ownerId" bigint not null references public.users (id),
  "contactId" bigint not null references public.users (id),
  "isFavourite" boolean not null,
  primary key ("ownerId", "contactId")
);

create table public.purchases (
  id bigint primary key,
  "userId" bigint not null references public.users (id),
  price numeric(10, 2) not null check (price >= 0),
  currency char(3) not null,
  "boughtAt" timestamptz not null
);

create index on public.conversations ("createdBy");
create index on public.conversation_users ("userId");
create index on public.messages ("conversationId", "createdAt");
create index on public.messages ("senderId");
create index on public.messages ("replyTo") where "replyTo" is not null;
create index on public.attachments ("messageId");
create index on public.purchases ("userId", "boughtAt");
