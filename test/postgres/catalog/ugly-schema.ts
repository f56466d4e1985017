// A schema with everything that catalogs get wrong: quoted names, domains on domains, composite and circular keys, generated and
// identity columns, two levels of partitions, old-style inheritance, extension and temporary tables, dropped columns.
export const uglySchema = `
create schema "Mixed Case";
create schema shapecast;
create table shapecast.runs (id int);
create extension citext;
create extension pg_stat_statements;
create temporary table passing (id int);

create type public.mood as enum ('sad', 'ok', 'happy');
create domain public.short as varchar(40) not null;
create domain public.shorter as public.short check (length(value) < 20);
create domain public.feeling as public.mood;
create domain public.money2 as numeric(12, 2);
create type public.pair as (a int, b text);

create table "Mixed Case"."Weird.Name" (
  "ID" bigint generated always as identity primary key,
  gone int,
  "Full ""Name""" varchar(80) not null default 'canary-default',
  code char(3),
  amount numeric(10, 4),
  rough numeric(3, -2),
  total public.money2,
  label public.shorter,
  feel public.feeling,
  moods public.mood[],
  tag citext,
  doubled int generated always as (coalesce(gone, 0) * 2) stored,
  span int4range,
  couple public.pair,
  plain numeric,
  at timestamptz,
  parent bigint,
  constraint positive check (amount > 0 and rough <> 7),
  constraint "Self" foreign key (parent) references "Mixed Case"."Weird.Name" ("ID") deferrable initially deferred
);
alter table "Mixed Case"."Weird.Name" drop column gone cascade;
alter table "Mixed Case"."Weird.Name" add constraint "two columns" unique nulls not distinct (code, at);
create unique index "by lower" on "Mixed Case"."Weird.Name" (lower("Full ""Name"""), code);
create unique index covering on "Mixed Case"."Weird.Name" (at, code) include (amount);
create unique index partly on "Mixed Case"."Weird.Name" (at) where amount is not null;
create index on "Mixed Case"."Weird.Name" using hash (code);
comment on table "Mixed Case"."Weird.Name" is 'made by shapecast';

create table public.a (x int, y int, b int, primary key (y, x));
create table public.b (id int primary key, ax int, ay int, foreign key (ay, ax) references public.a);
alter table public.a add constraint a_b foreign key (b) references public.b not valid;
create table public.heir (extra text) inherits (public.b);

create table public.events (id int, day date not null, b int references public.b, primary key (id, day)) partition by range (day);
create table public.events_1 partition of public.events for values from ('2024-01-01') to ('2024-07-01') partition by hash (id);
create table public.events_1a partition of public.events_1 for values with (modulus 2, remainder 0);
create table public.events_1b partition of public.events_1 for values with (modulus 2, remainder 1);
create table public.events_2 partition of public.events for values from ('2024-07-01') to ('2025-01-01');
create index events_b on public.events (b);
create table public.notes (event_id int, event_day date, foreign key (event_id, event_day) references public.events (id, day));
insert into public.events select i, date '2024-01-01' + i % 366, null from generate_series(1, 4000) i;
analyze public.events_1a;
analyze public.events_1b;
analyze public.events_2;
`;
