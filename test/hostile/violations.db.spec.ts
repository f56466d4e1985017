// The judge is judged: nothing is found in the hostile production, and every planted fault is.
import type pg from 'pg';
import { withDatabase } from '../support/database.ts';
import { readDefinitions } from './definitions.ts';
import { hostileFill, hostileSchema } from './hostile-sql.ts';
import { type Violation, violations } from './violations.ts';

/** What is found after the sql, with the definitions as they were before it (qualified as violations() reads them). */
async function findAfter(setup: string | readonly string[], sql: string): Promise<Violation[]> {
  return withDatabase(setup, async (_url, client) => {
    const expected = await readDefinitions(client);
    await plant(client, sql);
    return violations(client, expected);
  });
}

async function plant(client: pg.Client, sql: string): Promise<void> {
  await client.query(`set session_replication_role = replica; set search_path = public; set allow_system_table_mods = on`);
  await client.query(sql);
  await client.query(`reset session_replication_role; set search_path = pg_catalog`);
}

const SMALL = `
create domain word as text check (value <> 'no') check (length(value) < 9);
create domain present as int not null;
create table parent (id int primary key, a int, b int, unique (a, b));
create table child (
  id int primary key,
  parent_id int references parent,
  a int,
  b int,
  full_a int,
  full_b int,
  constraint simple foreign key (a, b) references parent (a, b),
  constraint complete foreign key (full_a, full_b) references parent (a, b) match full
);
create table judged (
  id int,
  word word,
  present present,
  needed text not null,
  email text,
  active boolean,
  one_null int,
  score int constraint positive check (score > 0)
);
create index judged_plain on judged (score);
insert into parent select i, i, i from generate_series(1, 20) as i;
insert into child select i, i, i, null, null, null from generate_series(1, 20) as i;
insert into judged select i, 'w' || i, i, 'n', 'E' || i, true, i, i from generate_series(1, 20) as i;
`;

/** An index that says unique while its rows are not: as after a bug or a copy of files. */
const makeUnique = (name: string, rest: string, also = '') =>
  `create index ${name} on judged ${rest}; update pg_index set indisunique = true ${also} where indexrelid = '${name}'::regclass`;

describe('violations', () => {
  test('finds nothing in the hostile production', async () => {
    expect(await findAfter([hostileSchema, hostileFill], 'select 1')).toEqual([]);
  });

  test('finds nothing where nulls are allowed', async () => {
    expect(await findAfter(SMALL, 'update child set parent_id = null')).toEqual([]);
  });

  test.each([
    ['an orphan', 'update child set parent_id = 99 where id < 4', 'foreign key', 'public.child.child_parent_id_fkey', 3],
    ['an orphan of two columns', 'update child set b = a + 1 where id = 5', 'foreign key', 'public.child.simple', 1],
    ['half a key under MATCH FULL', 'update child set full_a = 1 where id < 3', 'foreign key', 'public.child.complete', 2],
    [
      'a false check',
      'alter table judged disable trigger all; alter table judged drop constraint positive; update judged set score = -1 where id < 3; alter table judged add constraint positive check (score > 0) not valid',
      'check',
      'public.judged.positive',
      2,
    ],
    [
      'a null',
      `alter table judged alter needed drop not null; update judged set needed = null where id < 6; update pg_attribute set attnotnull = true where attrelid = 'judged'::regclass and attname = 'needed'`,
      'not null',
      expect.stringMatching(/^public\.judged /),
      5,
    ],
    [
      'a domain that is broken',
      `alter domain word drop constraint word_check; update judged set word = 'no' where id < 3; alter domain word add constraint word_check check (value <> 'no') not valid`,
      'check',
      'public.judged.word word_check',
      2,
    ],
    ['a doubled value', `update judged set score = 7; ${makeUnique('twice', '(score)')}`, 'unique', 'public.twice', 19],
    [
      'a doubled expression',
      `update judged set email = upper('e1') where id = 2; ${makeUnique('twice', '(lower(email))')}`,
      'unique',
      'public.twice',
      1,
    ],
    [
      'a doubled value under a condition',
      `update judged set email = 'E1', active = id < 4; ${makeUnique('twice', '(email) where active')}`,
      'unique',
      'public.twice',
      2,
    ],
    [
      'a doubled null',
      `update judged set one_null = null where id < 4; ${makeUnique('twice', '(one_null)', ', indnullsnotdistinct = true')}`,
      'unique',
      'public.twice',
      2,
    ],
  ])('finds %s', async (_title, sql, check, subject, count) => {
    expect(await findAfter(SMALL, sql)).toContainEqual({ check, subject, count });
  });

  test.each([
    [
      'an index that is not valid',
      `update pg_index set indisvalid = false where indexrelid = 'judged_plain'::regclass`,
      'index public.judged_plain',
    ],
    [
      'a key that was not validated',
      `update pg_constraint set convalidated = false where conname = 'simple'`,
      'constraint simple on public.child',
    ],
    ['a key whose triggers are off', 'alter table child disable trigger all', 'trigger of child_parent_id_fkey on public.child'],
  ])('finds %s', async (_title, sql, subject) => {
    expect(await findAfter(SMALL, sql)).toContainEqual({ check: 'not in force', subject, count: 1 });
  });

  test('finds what is missing, what is there besides and what is defined otherwise', async () => {
    const found = await findAfter(
      SMALL,
      'alter table child drop constraint simple; create index besides on judged (id); alter table judged alter needed drop not null',
    );

    expect(found).toEqual([
      { check: 'missing', subject: 'column public.judged.needed not null', count: 1 },
      { check: 'missing', subject: expect.stringMatching(/^constraint simple on public\.child: FOREIGN KEY/), count: 1 },
      { check: 'unexpected', subject: expect.stringMatching(/^CREATE INDEX besides/), count: 1 },
      { check: 'unexpected', subject: 'column public.judged.needed', count: 1 },
    ]);
  });
});
