insert into shop.tenant
select i, 'T' || lpad(i::text, 4, '0'), case when i % 7 > 0 then 'tenant ' || repeat('x', i % 13) end
from generate_series(1, 60) as i;
insert into shop.product
select t, n, 'product ' || repeat('p', pg_temp.pick(t * 100 + n, 1, 20)), 0.5 + pg_temp.pick(t * 100 + n, 2, 90000) / 100.0
from generate_series(1, 60) as t, generate_series(1, 8 + t % 14) as n;
insert into shop.warehouse
select t, n, case when n % 3 > 0 then 'city ' || repeat('c', n) end
from generate_series(1, 60) as t, generate_series(1, 3 + t % 5) as n;
insert into shop."order"
select t, n, timestamptz '2023-01-01 00:00+00' + pg_temp.pick(t * 1000 + n, 3, 63072000) * interval '1 second'
from generate_series(1, 60) as t, generate_series(1, 5 + t * 7 % 40) as n;
insert into shop.order_line
select tenant_id, order_no, n, 1 + pg_temp.pick(tenant_id * 100000 + order_no * 100 + n, 4, 8 + tenant_id % 14),
  1 + pg_temp.pick(tenant_id * 100000 + order_no * 100 + n, 5, 20)
from shop."order", generate_series(1, 1 + pg_temp.pick(tenant_id * 1000 + order_no, 6, 5)) as n;
insert into shop.shipment
select tenant_id, order_no, line_no, n,
  case when pg_temp.pick(order_no * 100 + line_no, 7, 6) > 0 then 1 + pg_temp.pick(order_no * 10 + line_no, 8, 3 + tenant_id % 5) end,
  date '2023-01-02' + pg_temp.pick(tenant_id * 100000 + order_no * 100 + line_no, 9, 700)
from shop.order_line, generate_series(1, pg_temp.pick(tenant_id * 100000 + order_no * 100 + line_no, 10, 3)) as n;
insert into shop.order_product
select tenant_id, order_no, 1 + (order_no * 3 + n) % (8 + tenant_id % 14), case when n = 1 then 'note ' || repeat('n', order_no) end
from shop."order", generate_series(1, pg_temp.pick(tenant_id * 1000 + order_no, 11, 4)) as n;
insert into shop.category
select t, n, case when n > 2 then 1 + pg_temp.pick(t * 100 + n, 12, n - 1) end, 'category ' || repeat('c', n)
from generate_series(1, 60) as t, generate_series(1, 4 + t % 9) as n;
insert into shop.project
select 1000 + o, o * 100 + n, 'project ' || repeat('p', n) from generate_series(1, 80) as o, generate_series(1, 2 + o % 6) as n;
insert into shop.member
select 1000 + o, o * 1000 + n, 'member ' || repeat('m', n) from generate_series(1, 80) as o, generate_series(1, 3 + o % 9) as n;
insert into shop.task
select 1000 + o, o * 10000 + n, o * 100 + 1 + pg_temp.pick(o * 100 + n, 13, 2 + o % 6),
  case when pg_temp.pick(o * 100 + n, 14, 4) > 0 then o * 1000 + 1 + pg_temp.pick(o * 100 + n, 15, 3 + o % 9) end
from generate_series(1, 80) as o, generate_series(1, 5 + o * 11 % 23) as n;

insert into shop.person (id, email, born, created_at)
select i, 'Person' || i || '@Example.test', case when i % 9 > 0 then date '1950-01-01' + pg_temp.pick(i, 16, 20000) end,
  timestamptz '2022-01-01 00:00+00' + i * interval '37 minutes'
from generate_series(1, 1200) as i;
do $$ begin perform setval('shop.person_id_seq', 1200); end $$;
insert into shop.employee
select i, date '2022-01-03' + pg_temp.pick(i, 17, 900) from generate_series(1, 1200) as i where i % 3 = 0;
insert into shop.manager select person_id, 1000 + pg_temp.pick(person_id, 18, 900000) / 10.0 from shop.employee where person_id % 5 = 0;
insert into shop.comment
select i, 1 + pg_temp.pick(i, 19, 900), case when i % 4 > 0 and i > 40 then 1 + pg_temp.pick(i, 20, i / 2) end,
  case when i % 11 > 0 then repeat('word ', 1 + pg_temp.pick(i, 21, 30)) end
from generate_series(1, 1800) as i;
insert into shop.region
select i, case when i <= 30 then i else 1 + pg_temp.pick(i, 22, i / 3) end, 'region ' || repeat('r', i % 9)
from generate_series(1, 400) as i;
insert into shop.linked_step
select i, case when i % 8 > 0 then i + 1 end, 'step' from generate_series(1, 400) as i;
insert into shop.team select i, null, 'team ' || repeat('t', i % 17) from generate_series(1, 300) as i;
insert into shop.player
select i, 1 + pg_temp.pick(i, 23, 300), case when i % 6 > 0 then pg_temp.pick(i, 24, 99) end from generate_series(1, 1500) as i;
update shop.team set lead_id = 1 + pg_temp.pick(id, 25, 1500) where id % 5 > 0;
with chickens as (
  insert into shop.chicken select i, 1 + pg_temp.pick(i, 26, 400) from generate_series(1, 300) as i
)
insert into shop.egg select i, 1 + pg_temp.pick(i, 27, 300) from generate_series(1, 400) as i;

insert into shop.country
select i, chr(65 + i / 26) || chr(65 + i % 26), 'country ' || repeat('c', i % 12) from generate_series(1, 120) as i;
insert into shop.city
select i, (select iso from shop.country where id = 1 + pg_temp.pick(i, 28, 120)) from generate_series(1, 600) as i;
insert into shop.badge
select i, case when i % 4 > 0 then 5000 + i * 3 end, (array['red', 'green', 'blue'])[1 + pg_temp.pick(i, 29, 3)]
from generate_series(1, 400) as i;
insert into shop.badge_use
select i, case when i % 10 > 0 then 5000 + 3 * (4 * pg_temp.pick(i, 30, 100) + 1) end,
  timestamp '2023-06-01 00:00' + pg_temp.pick(i, 31, 9000) * interval '1 hour'
from generate_series(1, 900) as i;
insert into shop.slot
select i, 1 + i % 12, date '2023-01-01' + i / 12 from generate_series(1, 700) as i;
insert into shop.booking
select i, 1 + s % 12, date '2023-01-01' + s / 12, 1 + i % 6
from generate_series(1, 800) as i, lateral (select case when i % 5 > 0 then 1 + pg_temp.pick(i, 32, 700) end) as slot (s);

insert into shop.account
select i, 1 + pg_temp.pick(i, 33, 1200), pg_temp.pick(i, 34, 2000000) / 100.0 - 5000 from generate_series(1, 700) as i;
insert into shop.transfer
select i, 1 + pg_temp.pick(i, 35, 700), 1 + pg_temp.pick(i, 36, 700), case when i % 3 = 0 then 1 + pg_temp.pick(i, 37, 50) end,
  1 + pg_temp.pick(i, 38, 1200), case when i % 2 = 0 then 1 + pg_temp.pick(i, 39, 100) end, 1 + pg_temp.pick(i, 40, 100000) / 100.0
from generate_series(1, 2000) as i;

insert into shop.tag select i, 'tag ' || i from generate_series(1, 60) as i;
insert into shop.person_tag
select p, 1 + (p * 7 + n * 11) % 60 from generate_series(1, 1200) as p, generate_series(1, pg_temp.pick(p, 41, 4)) as n;
insert into shop.person_tag_team
select p, 1 + (p + n * 13) % 60, 1 + (p * 3 + n) % 300 from generate_series(1, 1200) as p, generate_series(1, pg_temp.pick(p, 42, 3)) as n;
insert into shop.membership
select distinct on (person_id, team_id) person_id, team_id, (array['owner', 'guest', 'guest', 'guest'])[1 + pg_temp.pick(i, 43, 4)],
  timestamptz '2023-02-01 00:00+00' + i * interval '5 hours'
from (select i, 1 + pg_temp.pick(i, 44, 1200) as person_id, 1 + pg_temp.pick(i, 45, 300) as team_id from generate_series(1, 1600) as i) as m
order by person_id, team_id, i;
insert into shop.note_line
select id, n, case when n % 4 > 0 then repeat('line ', n) end from shop.comment, generate_series(1, pg_temp.pick(id, 46, 4)) as n;
insert into shop.person_setting
select p, (enum_range(null::shop.setting))[1 + (p + n) % 6], 'choice ' || repeat('c', pg_temp.pick(p * 10 + n, 47, 5))
from generate_series(1, 1200) as p, generate_series(1, pg_temp.pick(p, 48, 4)) as n;
insert into shop.daily_total
select a, date '2023-01-01' + (a * 3 + n * 17) % 600, pg_temp.pick(a * 100 + n, 49, 500000) / 100.0
from generate_series(1, 700) as a, generate_series(1, pg_temp.pick(a, 50, 6)) as n;

insert into "Odd.Schema".visit
select i, 1 + pg_temp.pick(i, 51, 1200), case when i % 4 > 0 then 1 + pg_temp.pick(i, 52, 300) end from generate_series(1, 1000) as i;
insert into "Odd.Schema".only_key select i from generate_series(1, 300) as i;
insert into "Odd.Schema".one_row values (1, 'the only one');
