insert into shop.measurement (at, reading)
select timestamptz '2022-06-01 00:00+00' + pg_temp.pick(i, 160, 110000000) * interval '1 second', pg_temp.pick(i, 161, 900000) / 1000.0
from generate_series(1, 1800) as i;
insert into shop.event
select timestamptz '2024-01-01 00:00+00' + pg_temp.pick(i, 162, 23000000) * interval '1 second', 1 + pg_temp.pick(i, 163, 1200),
  (array['click', 'view', 'buy'])[1 + pg_temp.pick(i, 164, 3)]
from generate_series(1, 1500) as i;
insert into shop.client
select i, (array['eu', 'eu', 'us', 'ca', 'it''s "south"', 'apac'])[1 + pg_temp.pick(i, 165, 6)], 'client ' || repeat('c', i % 8)
from generate_series(1, 900) as i;
insert into shop.lead
select i, (array['web', 'mail', null, 'fair', 'phone'])[1 + pg_temp.pick(i, 166, 5)] from generate_series(1, 800) as i;
insert into shop.hashed_number select i * 3, 'number ' || repeat('n', i % 7) from generate_series(1, 700) as i;
insert into shop.hashed_uuid
select pg_temp.hash_uuid(i, 167), case when i % 4 > 0 then 3 * (1 + pg_temp.pick(i, 168, 700)) end from generate_series(1, 700) as i;
insert into shop.invoice
select i, date '2022-03-01' + pg_temp.pick(i, 169, 900), 1 + pg_temp.pick(i, 170, 1200), pg_temp.pick(i, 171, 900000) / 100.0
from generate_series(1, 900) as i;
insert into shop.invoice_line
select id, issued, n, pg_temp.pick(id * 10 + n, 172, 90000) / 100.0 from shop.invoice, generate_series(1, pg_temp.pick(id, 173, 5)) as n;
