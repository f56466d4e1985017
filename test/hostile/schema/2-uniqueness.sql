-- Uniqueness: single, composite, over expressions, partial, NULLS NOT DISTINCT; and columns with little room.
create unique index person_email on shop.person (lower(email));

create table shop.seat (
  id int primary key,
  team_id int not null references shop.team,
  seat_no int not null,
  code varchar(8) not null,
  unique (team_id, seat_no),
  unique (team_id, code)
);
-- Two composite keys that share a reference.
create table shop.pairing (
  id int primary key,
  mentor_id bigint not null references shop.person,
  pupil_id int not null references shop.player,
  room_id int not null references shop.slot,
  unique (mentor_id, pupil_id),
  unique (mentor_id, room_id)
);
create table shop.expression_keys (
  id int primary key,
  first_part text not null,
  second_part text not null,
  alias text,
  code text not null unique,
  person_id bigint not null references shop.person,
  label text not null
);
create unique index expression_joined on shop.expression_keys ((first_part || second_part));
create unique index expression_coalesced on shop.expression_keys (coalesce(alias, code));
create unique index expression_mixed on shop.expression_keys (person_id, lower(label));

create table shop.subscription (
  id int primary key,
  person_id bigint not null references shop.person,
  plan text not null,
  active boolean not null
);
create unique index subscription_active on shop.subscription (person_id) where active;
create table shop.document (
  id int primary key,
  slug text not null,
  deleted_at timestamptz
);
create unique index document_slug on shop.document (slug) where deleted_at is null;
create type shop.address_kind as enum ('primary', 'billing', 'holiday');
create table shop.address (
  id int primary key,
  person_id bigint not null references shop.person,
  kind shop.address_kind not null,
  street text
);
create unique index address_one_primary on shop.address (person_id) where kind = 'primary';

create table shop.nulls_not_distinct (
  id int primary key,
  single int,
  first_part int not null,
  second_part text,
  constraint one_null unique nulls not distinct (single),
  unique nulls not distinct (first_part, second_part)
);
create unique index one_null_per_key on shop.nulls_not_distinct (second_part, first_part) nulls not distinct;

create table shop.little_room (
  id int primary key,
  maybe int unique,
  short_code varchar(6) not null unique,
  day date not null unique,
  flag boolean not null,
  rank smallint not null,
  level smallint not null unique,
  amount numeric(8, 2) not null unique,
  at_second timestamp(0) not null unique,
  token bytea not null unique,
  unique (flag, rank)
);
