-- What a killed run must not lose: keys with all that a constraint's text leaves out, indexes of several kinds, foreign keys in a circle,
-- partitions with names of their own, a table that is not planned and points at one that is.
create table public.users (
  id int,
  handle text not null,
  joined timestamptz not null,
  constraint users_key primary key (id) with (fillfactor = 80),
  constraint users_handle unique (handle) deferrable
);
comment on constraint users_key on public.users is 'the users'' key';
create index users_joined on public.users using brin (joined);
create table public.rooms (
  id int primary key,
  owner int not null references public.users (id),
  title text not null
);
create unique index rooms_owner_id on public.rooms (owner, id) include (title);
create table public.messages (
  id int primary key,
  room int not null references public.rooms (id) on delete cascade,
  sender int not null references public.users (id) deferrable initially deferred,
  sent timestamptz not null,
  body text not null
);
create index messages_room_sent on public.messages (room, sent desc);
create index messages_sender on public.messages (sender) where sender > 10;
create index messages_head on public.messages (left(body, 20) text_pattern_ops);
comment on index public.messages_head is 'for prefixes';
alter table public.messages cluster on messages_room_sent;
create table public.events (
  id int not null,
  room int not null references public.rooms (id),
  amount int not null,
  note text not null,
  primary key (id, room)
) partition by hash (room);
create table public.events_even partition of public.events for values with (modulus 2, remainder 0);
create table public.events_odd (id int not null, room int not null, amount int not null, note text not null);
alter table public.events_odd add constraint odd_key primary key (id, room);
alter table public.events attach partition public.events_odd for values with (modulus 2, remainder 1);
create index events_amount on public.events (amount);
create index odd_note on public.events_odd (left(note, 8));
create table public.outside (room int references public.rooms (id));
