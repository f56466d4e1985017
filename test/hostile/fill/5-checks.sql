insert into shop.checked
select i, 1 + pg_temp.pick(i, 140, 480), case when i % 4 > 0 then pg_temp.pick(i, 141, 10001) / 100.0 end,
  (array['open', 'paid', 'late'])[1 + pg_temp.pick(i, 142, 3)], (array[1, 2, 3, 5, 8])[1 + pg_temp.pick(i, 143, 5)],
  case when i % 3 > 0 then (array['yes', 'no'])[1 + i % 2] end, 'required ' || repeat('r', i % 15),
  start_at, start_at + (1 + pg_temp.pick(i, 144, 500000)) * interval '1 second',
  from_day, case when i % 5 > 0 then from_day + pg_temp.pick(i, 145, 90) end,
  low, least(1000, low + pg_temp.pick(i, 146, 400)), 0.25 + pg_temp.pick(i, 147, 5000) / 8.0, 1 + pg_temp.pick(i, 148, 6),
  case when i % 30 > 0 then repeat('l', 1 + i % 30) else '' end,
  jsonb_build_object('kind', i % 3, 'values', jsonb_build_array(1, 2)), array['w' || i % 5],
  case when i % 2 = 0 then decode(md5(i::text), 'hex') end, 1 + pg_temp.pick(i, 149, 50), repeat('s', pg_temp.pick(i, 150, 21))
from generate_series(1, 1000) as i,
  lateral (select timestamptz '2023-01-01 00:00+00' + pg_temp.pick(i, 151, 40000000) * interval '1 second',
    date '2023-01-01' + pg_temp.pick(i, 152, 500), pg_temp.pick(i, 153, 1900) - 1000) as drawn (start_at, from_day, low);
