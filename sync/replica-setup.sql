-- The role that reads production for sample and sync. It may read and nothing else. Run it by psql on the primary, in the database to be
-- read; a standby gets the role by replication. It may be run again.
--
--   psql -d app -v role=shapecast_reader -f sync/replica-setup.sql
--
-- Variables, each with -v:
--   role         its name                                                            default: shapecast_reader
--   schemas      the schemas that it may read, with commas and without spaces        default: all, by pg_read_all_data
--   connections  sessions that it may have at once; sync needs jobs + 2              default: 10
--   bypassrls    on: it sees the rows that policies hide. Needed where tables have   default: off
--                row security, because shapecast refuses to read a part of a table
--
-- There is no password in here: give it one by \password in psql, or let it log in by certificate or by the cloud's own identities.
-- Afterwards: shapecast check-replica.

\set ON_ERROR_STOP on
\if :{?role} \else \set role shapecast_reader \endif
\if :{?connections} \else \set connections 10 \endif
\if :{?bypassrls} \else \set bypassrls off \endif

begin;

select format('create role %I', :'role') where not exists (select from pg_roles where rolname = :'role') \gexec

alter role :"role" login nosuperuser nocreatedb nocreaterole noreplication connection limit :connections;
\if :bypassrls
alter role :"role" bypassrls;
\else
alter role :"role" nobypassrls;
\endif

-- A guard against mistakes, not a right that is missing: a session may switch it off. What keeps the role from writing is that nobody
-- grants it more than SELECT.
alter role :"role" set default_transaction_read_only = on;
-- shapecast sets its own limits; these are for whoever logs in by hand.
alter role :"role" set statement_timeout = '4h';
alter role :"role" set lock_timeout = '30s';
alter role :"role" set idle_in_transaction_session_timeout = '10min';

select format('grant connect on database %I to %I', current_database(), :'role') \gexec

\if :{?schemas}
  select format('grant usage on schema %I to %I', name, :'role') from unnest(string_to_array(:'schemas', ',')) as wanted (name) \gexec
  select format('grant select on all tables in schema %I to %I', name, :'role') from unnest(string_to_array(:'schemas', ',')) as wanted (name) \gexec
  -- sync reads where sequences stand
  select format('grant select on all sequences in schema %I to %I', name, :'role') from unnest(string_to_array(:'schemas', ',')) as wanted (name) \gexec
  -- What the role that runs this makes later. Objects of other owners need a grant of their own, or run this again.
  select format('alter default privileges in schema %I grant select on tables to %I', name, :'role') from unnest(string_to_array(:'schemas', ',')) as wanted (name) \gexec
  select format('alter default privileges in schema %I grant select on sequences to %I', name, :'role') from unnest(string_to_array(:'schemas', ',')) as wanted (name) \gexec
\else
  grant pg_read_all_data to :"role";
\endif

commit;
