// A production whose names are hostile and whose rows shout: no CANARY, and none of its large numbers, may come out of it.

/** The tables without a row: also the target of a copy. */
export const UGLY_TABLES = `
create schema "We.ird ""S""";
create table "We.ird ""S"""."Users" ("Id" int primary key, handle text unique not null, "managerId" int);
create table "We.ird ""S"""."select" ("Id" bigint not null, title text);
create table "We.ird ""S"""."room members" ("selectId" bigint not null, "userId" int not null);
create table "We.ird ""S"""."Messages; drop table x" (
  "Id" bigint primary key,
  "selectId" bigint not null,
  "authorUserId" int not null,
  "replyToId" bigint not null,
  "abuserId" int,
  stars smallint not null,
  "createdAt" bigint not null,
  edited_ts int not null,
  amount int not null,
  note varchar(40) not null,
  "o'br\\n # : {Text}" text,
  uuid_ref uuid
);
create table "We.ird ""S"""."Ratings" (rating_id int primary key, name text);
`;

/** 300 users, 60 rooms with 10 members each, 6000 messages of members. */
export const UGLY_CHAT = `${UGLY_TABLES}
insert into "We.ird ""S"""."Users" select i, 'CANARYHANDLE' || i, case when i > 10 then 1 + i % 10 end from generate_series(1, 300) as i;
insert into "We.ird ""S"""."select" select 7000000 + i * 13, 'CANARYTITLE' || i from generate_series(1, 60) as i;
insert into "We.ird ""S"""."room members"
select 7000000 + i * 13, 1 + (i * 5 + m * 29) % 300 from generate_series(1, 60) as i, generate_series(1, 10) as m;
insert into "We.ird ""S"""."Messages; drop table x"
select i, 7000000 + r * 13, 1 + (r * 5 + m * 29) % 300, case when i % 10 < 7 then 0 else i - 5 end, 1 + i % 2, 1 + i % 5,
  1700000000000 + i * 61007::bigint, case when i % 3 = 0 then 1700000000 + i * 60 else 0 end, 100000 + i * 991,
  case when i % 5 < 3 then '' else 'CANARYNOTE' || i end,
  case when i % 4 = 0 then '' when i % 4 = 1 then null else repeat('CANARYBODY', 1 + i % 7) end, gen_random_uuid()
from (select i, 1 + i % 60 as r, 1 + (i / 60) % 10 as m from generate_series(1, 6000) as i) as s;
insert into "We.ird ""S"""."Ratings" select i, 'CANARYRATING' from generate_series(1, 5) as i;
analyze;
`;

export const SCHEMA = '"We.ird ""S"""';
export const MESSAGES = `${SCHEMA}."Messages; drop table x"`;
export const USERS = `${SCHEMA}."Users"`;
export const ROOMS = `${SCHEMA}.select`;
export const MEMBERS = `${SCHEMA}."room members"`;
