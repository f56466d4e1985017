insert into public."x""); drop table users; --"
select i, 'unique ' || i, case when i % 2 = 0 then i % 50 end, pg_temp.pick(i, 180, 90), pg_temp.pick(i, 181, 70), repeat('b', i % 9),
  'tab' || i % 3, 'back\slash', pg_temp.pick(i, 182, 40), '{row} %s', i % 3 = 0, date '2023-01-01' + i % 200, i % 30, i % 60
from generate_series(1, 400) as i;
insert into public."table"
select i, 1 + pg_temp.pick(i, 183, 400), case when i % 3 > 0 then 'null' end, i % 4 > 0 from generate_series(1, 500) as i;
insert into public."user" select i, 'user ' || repeat('u', i % 14) from generate_series(1, 400) as i;
insert into public."Case" select i, 1 + pg_temp.pick(i, 184, 400) from generate_series(1, 350) as i;
insert into public."case" select i, 1 + pg_temp.pick(i, 185, 350) from generate_series(1, 450) as i;
insert into public."CASE" select i from generate_series(1, 450) as i where i % 3 > 0;
insert into "Odd.Schema"."Case" select i, 1 + 3 * pg_temp.pick(i, 186, 150) from generate_series(1, 400) as i;
insert into "Odd.Schema"."ta.ble" select i, case when i % 5 > 0 then 1 + pg_temp.pick(i, 187, 400) end from generate_series(1, 350) as i;
insert into "Odd.Schema"."ta"".""ble" select i, 1 + pg_temp.pick(i, 188, 350) from generate_series(1, 600) as i;
insert into public."tééééééééééééééééééééééééééééééé" select i, 'text ' || repeat('t', i % 25) from generate_series(1, 300) as i;
insert into public."表 der Größe Ω 😀"
select i, '名前 😀' || repeat('é', i % 12), 1 + pg_temp.pick(i, 189, 300) from generate_series(1, 500) as i;
insert into public."null"
select i, i % 20, i / 20, case when i % 2 = 0 then 'null' end, i % 3 = 0, 'no', i % 40, i % 50, date '2024-01-01' + i % 60, i % 30, i % 31,
  'key: ' || repeat('k', i % 8), i % 32, i % 33, case when i > 50 then 1 + pg_temp.pick(i, 193, i / 2) end, '!!str', i % 34, i % 35, 'x'
from generate_series(1, 400) as i;
insert into public.constructor
select i, '__proto__', case when i % 2 = 0 then pg_temp.pick(i, 190, 60) end, i % 3 = 0 from generate_series(1, 300) as i;
insert into public.__proto__ select i, 1 + pg_temp.pick(i, 191, 300), 'value ' || repeat('v', i % 6) from generate_series(1, 400) as i;
insert into public."prototype"
select p, 1 + (p * 5 + n) % 300 from generate_series(1, 400) as p, generate_series(1, pg_temp.pick(p, 192, 4)) as n;

do $$
begin
  execute (
    select 'insert into shop.wide select i, ' || string_agg(
      'case when (i + ' || c || ') % 5 > 0 then ' || format((array['pg_temp.pick(i, %s, 1000)', 'repeat(''w'', 1 + (i + %s) %% 20)',
        '(i + %s) %% 2 = 0', 'date ''2023-01-01'' + (i * %s) %% 400', '(i + %s) / 4.0',
        'timestamptz ''2023-01-01 00:00+00'' + (i * %s) %% 9000 * interval ''1 hour'''])[1 + c % 6], c) || ' end', ', ' order by c
    ) || ' from generate_series(1, 300) as i'
    from generate_series(2, 300) as c
  );
end
$$;
