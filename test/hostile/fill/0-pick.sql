-- The one source of variety: a fixed hash of a row's number and a salt, so that the rows are the same on every server.
create function pg_temp.pick(row_number bigint, salt int, choices int) returns int language sql immutable as $$
  select (('x' || substr(md5(row_number || '/' || salt), 1, 7))::bit(28)::int % choices)
$$;
create function pg_temp.hash_uuid(row_number bigint, salt int) returns uuid language sql immutable as $$
  select overlay(overlay(md5(row_number || '-' || salt) placing '4' from 13 for 1) placing '8' from 17 for 1)::uuid
$$;
