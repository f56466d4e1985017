-- Everything that has made a definition come back different: odd names, expressions, partial and INCLUDE indexes, storage
-- parameters, comments, deferrable and NOT VALID keys, partitions with indexes of their own names, keys that rest on an index.
create schema "Odd Schema";
create table public.users (id int primary key, email text unique, "createdAt" timestamptz);
create index users_lower_email on public.users (lower(email));
create unique index users_created on public.users ("createdAt", id);

create table "Odd Schema"."Mess.ages" (
  id bigint primary key,
  "userId" int not null,
  "replyTo" bigint,
  body text,
  constraint "the user's" foreign key ("userId") references public.users (id) on delete cascade,
  constraint reply foreign key ("replyTo") references "Odd Schema"."Mess.ages" (id) deferrable initially deferred
);
alter table "Odd Schema"."Mess.ages" add constraint unchecked foreign key ("userId") references public.users (id) not valid;
create index "Weird ""idx" on "Odd Schema"."Mess.ages" ("userId" desc nulls last, id) include (body) with (fillfactor = 70)
  where body is not null;
create index by_body on "Odd Schema"."Mess.ages" (lower(body) text_pattern_ops);
comment on index "Odd Schema".by_body is 'it''s a \ comment';
comment on constraint reply on "Odd Schema"."Mess.ages" is 'the answered one';

-- clustered and replica identity indexes must stay
create table public.kept (id int not null, at date);
create unique index kept_identity on public.kept (id);
alter table public.kept replica identity using index kept_identity;
create index kept_clustered on public.kept (at);
alter table public.kept cluster on kept_clustered;

create table public.events (id int, day date, "userId" int references public.users (id)) partition by range (day);
create table public.events_2020 partition of public.events for values from ('2020-01-01') to ('2021-01-01');
create table public.events_2021 partition of public.events for values from ('2021-01-01') to ('2022-01-01')
  partition by list (id);
create table public.events_2021_rest partition of public.events_2021 default;
create index own_name on public.events_2020 (day);
create index events_day on public.events (day);
create index events_user on public.events ("userId");
create index only_leaf on public.events_2021_rest (id);

-- a table of somebody else's, whose key rests on a unique index of users that is no constraint
create table public.outsider (at timestamptz, id int, foreign key (at, id) references public.users ("createdAt", id));
create index outsider_at on public.outsider (at);

-- keys with all that a constraint's text leaves out, and a view that rests on one
create table public.keyed (
  id int,
  code text not null,
  at date,
  note text,
  constraint "the key" primary key (id) include (note) with (fillfactor = 60) deferrable,
  constraint codes unique (code, at) deferrable initially deferred
);
comment on constraint "the key" on public.keyed is 'key''s comment';
comment on index public."the key" is 'index''s comment';
alter table public.keyed cluster on codes;
create table public.viewed (id int primary key, note text);
create view public.viewing as select id, note from public.viewed group by id;

create table public.parts (id int, day date, code int, primary key (id, day), unique (code, day)) partition by range (day);
create table public.parts_2020 partition of public.parts for values from ('2020-01-01') to ('2021-01-01');
create table public.parts_own (day date not null, id int not null, code int, constraint own_key primary key (id, day));
alter table public.parts attach partition public.parts_own for values from ('2021-01-01') to ('2022-01-01');
create table public.parts_more partition of public.parts for values from ('2022-01-01') to ('2023-01-01') partition by hash (day);
create table public.parts_more_0 partition of public.parts_more for values with (modulus 1, remainder 0);
alter table public.parts_2020 add constraint only_here unique (day, code, id);
create table public.piece (part int, day date, constraint piece_part foreign key (part, day) references public.parts (id, day));
