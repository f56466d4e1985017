-- Everyday types, domains of three kinds, ids of the kinds that applications make.
do $$
begin
  if exists (select from pg_catalog.pg_available_extensions where name = 'citext') then
    create extension if not exists citext schema public;
  else
    create domain public.citext as text;
  end if;
end
$$;
create type shop."Mood ""quoted""" as enum ('so so', 'it''s "fine"', 'a,b', '{c}', 'naïve', 'back\slash');
create domain shop.short_text as text check (length(value) between 3 and 40);
create domain shop.percent as int not null check (value >= 0 and value <= 100);
create domain shop.mood_domain as shop."Mood ""quoted""";
create domain shop.even_shorter as shop.short_text check (value <> '');
create domain shop.grade as text constraint grade_known check (value in ('a', 'b', 'c'));

create table shop.every_type (
  id bigint primary key,
  small smallint,
  middle integer,
  large bigint,
  exact numeric(12, 4),
  free_numeric numeric,
  whole_numeric numeric(6, 0) not null,
  single_float real,
  double_float double precision,
  flag boolean,
  free_text text,
  limited varchar(12),
  unlimited varchar,
  fixed char(5),
  folded public.citext,
  random_id uuid,
  mood shop."Mood ""quoted""",
  moods shop."Mood ""quoted"""[],
  named shop.short_text,
  ratio shop.percent,
  feeling shop.mood_domain,
  shorter shop.even_shorter,
  grade shop.grade,
  day date,
  clock time,
  clock_second time(0),
  local_time timestamp,
  exact_time timestamptz,
  second_time timestamptz(0),
  span interval,
  raw bytea,
  numbers int[],
  big_numbers bigint[],
  amounts numeric(8, 2)[],
  words text[],
  codes varchar(6)[],
  ids uuid[],
  document json,
  binary_document jsonb,
  settings jsonb not null
);

create table shop.uuid_random (
  id uuid primary key,
  label text
);
create table shop.uuid_ordered (
  id uuid primary key,
  parent_id uuid not null references shop.uuid_random
);
create table shop.cuid_thing (
  id text primary key,
  label text
);
create table shop.ulid_thing (
  id char(26) primary key,
  cuid text not null references shop.cuid_thing
);
create table shop.nanoid_thing (
  id varchar(21) primary key,
  ulid char(26) references shop.ulid_thing
);
create table shop.citext_key (
  id int primary key,
  handle public.citext not null unique
);
