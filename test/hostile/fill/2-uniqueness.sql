insert into shop.seat
select t * 100 + n, t, n, 'S' || t || '-' || n from generate_series(1, 300) as t, generate_series(1, pg_temp.pick(t, 60, 7)) as n;
insert into shop.pairing
select p * 10 + n, p, 1 + (p + n * 400) % 1500, 1 + (p * 3 + n * 100) % 700
from generate_series(1, 600) as p, generate_series(1, pg_temp.pick(p, 61, 3)) as n;
insert into shop.expression_keys
select i, 'first' || i || '-', 'second' || repeat('s', i % 9), case when i % 3 > 0 then 'Alias' || i end, 'code' || i,
  1 + (i / 3) % 1200, 'Label ' || i % 20
from generate_series(1, 800) as i;
insert into shop.subscription
select i, 1 + i % 700, (array['free', 'plus', 'team'])[1 + pg_temp.pick(i, 63, 3)], i <= 700 and i % 3 > 0
from generate_series(1, 1500) as i;
insert into shop.document
select i, 'slug-' || case when i % 4 > 0 then i else i % 20 end,
  case when i % 4 = 0 then timestamptz '2024-01-01 00:00+00' + pg_temp.pick(i, 64, 8000) * interval '1 hour' end
from generate_series(1, 900) as i;
insert into shop.address
select i, 1 + i % 600, (case when i <= 600 and i % 4 > 0 then 'primary' when i % 3 > 0 then 'billing' else 'holiday' end)::shop.address_kind,
  case when i % 8 > 0 then 'street ' || repeat('s', i % 21) end
from generate_series(1, 1300) as i;
insert into shop.nulls_not_distinct
select i, case when i > 1 then i * 2 end, 1 + i / 5, case when i % 5 > 0 then 'second ' || i % 5 end from generate_series(1, 500) as i;
insert into shop.little_room
select i, case when i % 3 > 0 then i * 7 end, 'c' || lpad(i::text, 4, '0'), date '2001-01-01' + i * 17, i % 2 = 0, i / 2, i * 5,
  i * 1.37, timestamp '2023-01-01 00:00' + i * interval '61 minutes', decode(md5(i::text), 'hex')
from generate_series(1, 450) as i;
