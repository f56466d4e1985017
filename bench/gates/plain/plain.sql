-- What SPEED.md's figures are of: one table as wide as messages of a chat, one narrow, nothing that refers to anything.
create type public.wide_state as enum ('sent', 'delivered', 'read', 'failed');

create table public.wide (
  id uuid primary key,
  group_id bigint not null,
  sender_id bigint not null,
  body text not null,
  state public.wide_state not null,
  created_at timestamptz not null
);

create table public.narrow (
  id bigint primary key,
  group_id bigint not null,
  amount integer not null,
  happened_at timestamptz not null
);
