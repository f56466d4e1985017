insert into shop.server_filled (created_at, state, title, amount)
select timestamptz '2023-03-01 00:00+00' + i * interval '3 hours', (array['new', 'done', 'new'])[1 + pg_temp.pick(i, 130, 3)],
  'title ' || repeat('t', pg_temp.pick(i, 131, 30)), pg_temp.pick(i, 132, 900000) / 100.0
from generate_series(1, 600) as i;
insert into shop.server_child (parent_id, by_default, key, quantity)
select 1 + pg_temp.pick(i, 133, 600), case when i % 3 > 0 then 1000 + 10 * pg_temp.pick(i, 134, 600) end, pg_temp.hash_uuid(i, 135),
  1 + pg_temp.pick(i, 136, 9)
from generate_series(1, 900) as i;
