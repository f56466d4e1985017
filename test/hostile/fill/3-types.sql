insert into shop.every_type
select i,
  case when i % 13 > 0 then pg_temp.pick(i, 70, 2000) - 1000 end,
  case when i % 7 > 0 then pg_temp.pick(i, 71, 1000000) end,
  case when i % 5 > 0 then pg_temp.pick(i, 72, 1000000) * 1000000::bigint end,
  case when i % 6 > 0 then pg_temp.pick(i, 73, 10000000) / 10000.0 end,
  case when i % 4 > 0 then pg_temp.pick(i, 74, 100000) / 1000.0 end,
  pg_temp.pick(i, 75, 5000),
  case when i % 9 > 0 then pg_temp.pick(i, 76, 4096) / 16.0 end,
  case when i % 9 > 1 then pg_temp.pick(i, 77, 1000000) / 7.0 end,
  case when i % 3 > 0 then i % 2 = 0 end,
  case when i % 8 > 0 then repeat('Straße ', pg_temp.pick(i, 78, 25)) end,
  case when i % 8 > 1 then substr(md5(i::text), 1, 1 + pg_temp.pick(i, 79, 12)) end,
  repeat('v', pg_temp.pick(i, 80, 60)),
  (array['aa', 'bbb', 'ccccc'])[1 + pg_temp.pick(i, 81, 3)],
  'Folded ' || i % 40,
  case when i % 10 > 0 then pg_temp.hash_uuid(i, 82) end,
  case when i % 12 > 0 then (enum_range(null::shop."Mood ""quoted"""))[1 + pg_temp.pick(i, 83, 6)] end,
  case when i % 5 > 0 then (enum_range(null::shop."Mood ""quoted"""))[1 : pg_temp.pick(i, 84, 4)] end,
  case when i % 6 > 0 then 'name ' || repeat('n', pg_temp.pick(i, 85, 30)) end,
  pg_temp.pick(i, 86, 101),
  case when i % 4 > 0 then (enum_range(null::shop."Mood ""quoted"""))[1 + pg_temp.pick(i, 87, 6)] end,
  case when i % 6 > 1 then repeat('s', 3 + pg_temp.pick(i, 88, 20)) end,
  case when i % 5 > 0 then (array['a', 'b', 'c'])[1 + pg_temp.pick(i, 89, 3)] end,
  case when i % 11 > 0 then date '2000-02-29' + pg_temp.pick(i, 90, 8000) end,
  case when i % 11 > 1 then time '00:00' + pg_temp.pick(i, 91, 86400) * interval '1 second' + interval '123456 microseconds' end,
  time '06:00' + pg_temp.pick(i, 92, 40000) * interval '1 second',
  case when i % 9 > 0 then timestamp '2021-05-05 05:05:05.005' + pg_temp.pick(i, 93, 90000000) * interval '1 second' end,
  case when i % 9 > 2 then timestamptz '2021-05-05 05:05:05.000005+00' + pg_temp.pick(i, 94, 90000000) * interval '1 second' end,
  timestamptz '2022-01-01 00:00+00' + pg_temp.pick(i, 95, 60000000) * interval '1 second',
  case when i % 7 > 0 then pg_temp.pick(i, 96, 400000) * interval '1 second' end,
  case when i % 6 > 0 then decode(repeat(md5(i::text), 1 + pg_temp.pick(i, 97, 4)), 'hex') end,
  case when i % 5 > 0 then (select array_agg(pg_temp.pick(i * 10 + n, 98, 500)) from generate_series(1, pg_temp.pick(i, 99, 5)) as n) end,
  (select array_agg(pg_temp.pick(i * 10 + n, 100, 500) * 10000000000) from generate_series(1, 1 + pg_temp.pick(i, 101, 5)) as n),
  (select array_agg(pg_temp.pick(i * 10 + n, 102, 50000) / 100.0) from generate_series(1, 1 + pg_temp.pick(i, 103, 5)) as n),
  case when i % 4 > 0 then (array['one', 'two words', 'it''s', '"quoted"', 'a,b', '{}', 'null'])[1 : pg_temp.pick(i, 104, 7)] end,
  (array['abc', 'def', 'ghijkl'])[1 : 1 + pg_temp.pick(i, 105, 3)],
  case when i % 3 > 0 then array[pg_temp.hash_uuid(i, 106), pg_temp.hash_uuid(i, 107)] end,
  case when i % 7 > 0 then json_build_object('key', i, 'text', repeat('j', pg_temp.pick(i, 108, 40))) end,
  case when i % 7 > 1 then jsonb_build_object('a', i % 5, 'b', jsonb_build_array(i, 'x'), 'c', null) end,
  jsonb_build_object('size', pg_temp.pick(i, 109, 90), 'note', repeat('k', pg_temp.pick(i, 110, 60)))
from generate_series(1, 1500) as i;

insert into shop.uuid_random select pg_temp.hash_uuid(i, 120), 'label ' || repeat('l', i % 10) from generate_series(1, 400) as i;
-- Version 7: 48 bits of milliseconds, then hash.
insert into shop.uuid_ordered
select overlay(overlay(lpad(to_hex(1700000000000 + i * 60000), 12, '0') || substr(md5(i::text), 1, 20) placing '7' from 13 for 1)
    placing 'a' from 17 for 1)::uuid,
  pg_temp.hash_uuid(1 + pg_temp.pick(i, 121, 400), 120)
from generate_series(1, 800) as i;
insert into shop.cuid_thing
select 'c' || substr(md5('cuid' || i) || md5('more' || i), 1, 24), 'label' from generate_series(1, 400) as i;
-- 10 characters of time, 16 of chance, Crockford's alphabet without I, L, O, U (md5 gives a part of it).
insert into shop.ulid_thing
select '01H' || lpad(upper(to_hex(i * 1000)), 7, '0') || translate(substr(upper(md5('ulid' || i)), 1, 16), '0123', 'GHJK'),
  'c' || substr(md5('cuid' || n) || md5('more' || n), 1, 24)
from generate_series(1, 600) as i, lateral (select 1 + pg_temp.pick(i, 122, 400)) as parent (n);
insert into shop.nanoid_thing
select translate(substr(md5('nano' || i) || md5('id' || i), 1, 21), '0123456789', '_-XYZuvwxq'),
  case when i % 5 > 0 then (select id from shop.ulid_thing order by id collate "C" limit 1 offset pg_temp.pick(i, 123, 600)) end
from generate_series(1, 500) as i;
insert into shop.citext_key select i, 'Handle' || i from generate_series(1, 400) as i;
