// Row filters against a closure in plain loops: whatever tables, references (also in circles, with NULLs, virtual ones with orphans) and
// choices there are, the statements find the largest set in which nothing points at a row that stays behind.
import fc from 'fast-check';
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { rowsSql } from '../../sync/column-sql.ts';
import { describeTables, formatTables } from '../../sync/describe-plan.ts';
import { planSync } from '../../sync/plan-sync.ts';
import type { PlannedTable } from '../../sync/planned-table.ts';
import { countChosenRows, fixTime, refuseUnfitFilters } from '../../sync/subset/ask-filters.ts';
import { refuseNewOrphans } from '../../sync/subset/orphans.ts';
import { withDatabase } from '../support/database.ts';

interface Link {
  readonly child: number;
  readonly parent: number;
  readonly isVirtual: boolean;
  readonly isNullable: boolean;
  /** By row of the child: the parent's row, or null; of a virtual one also a row that is not there. */
  readonly values: readonly number[];
}

interface Graph {
  readonly choices: readonly ('all' | 'referenced' | readonly boolean[])[];
  readonly links: readonly Link[];
}

const ROWS = 6;
const MISSING = 1000;
const TABLES = 4;

const linkOf = fc.record({
  child: fc.nat(TABLES - 1),
  parent: fc.nat(TABLES - 1),
  isVirtual: fc.boolean(),
  isNullable: fc.boolean(),
  values: fc.array(fc.nat(ROWS + 2), { minLength: ROWS, maxLength: ROWS }),
});
const choiceOf = fc.oneof(
  fc.constant('all' as const),
  fc.constant('referenced' as const),
  fc.array(fc.boolean(), { minLength: ROWS, maxLength: ROWS }),
  // Few rows fail, so that what is dropped is dropped for a reason further up.
  fc.nat(ROWS - 1).map((row) => Array.from({ length: ROWS }, (_, at) => at !== row)),
);
const graphs: fc.Arbitrary<Graph> = fc.record({
  choices: fc.array(choiceOf, { minLength: TABLES, maxLength: TABLES }),
  links: fc.array(linkOf, { minLength: 1, maxLength: 6 }),
});

function target(link: Link, row: number): number | null {
  const value = link.values[row] ?? 0;
  if (value < ROWS) return value;
  if (link.isVirtual && value === ROWS) return MISSING;
  return link.isNullable ? null : 0;
}

/** A table that nothing else points at cannot be `referenced`. */
function repaired({ choices, links }: Graph): Graph {
  const reached = new Set(choices.flatMap((choice, table) => (choice === 'referenced' ? [] : [table])));
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const { child, parent } of links) if (reached.has(child)) reached.add(parent);
  }
  return { choices: choices.map((choice, table) => (reached.has(table) ? choice : 'all')), links };
}

type Chosen = readonly Set<number>[];

/** Calls `change` for every row of a table that points at a row which its table has not, until nothing changes. */
function settle(links: readonly Link[], chosen: Chosen, change: (link: Link, row: number, parent: number) => void): void {
  const lacking = () =>
    links.flatMap((link) =>
      [...(chosen[link.child] ?? [])].flatMap((row) => {
        const parent = target(link, row);
        return parent === null || parent === MISSING || chosen[link.parent]?.has(parent) ? [] : [{ link, row, parent }];
      }),
    );
  for (let found = lacking(); found.length > 0; found = lacking())
    for (const { link, row, parent } of found) change(link, row, parent);
}

/** By table the rows that come. */
function closure({ choices, links }: Graph): number[][] {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const allowed = choices.map((choice) => new Set(rows.filter((row) => typeof choice === 'string' || choice[row])));
  settle(links, allowed, ({ child }, row) => allowed[child]?.delete(row));
  const chosen = choices.map((choice, table) => new Set(choice === 'referenced' ? [] : allowed[table]));
  settle(links, chosen, (link, _, parent) => chosen[link.parent]?.add(parent));
  return chosen.map((set) => [...set].sort((left, right) => left - right));
}

function schemaOf({ choices, links }: Graph): string {
  const tables = choices.map((_, table) => {
    const own = links.filter(({ child }) => child === table);
    const columns = own.map((link) => `, l${links.indexOf(link)} int ${link.isNullable ? '' : 'not null'}`);
    const rows = Array.from(
      { length: ROWS },
      (_, row) => `(${[row, ...own.map((link) => target(link, row) ?? 'null')].join(', ')})`,
    );
    return `create table public.t${table} (id int primary key${columns.join('')}); insert into public.t${table} values ${rows.join(', ')};`;
  });
  const keys = links
    .filter(({ isVirtual }) => !isVirtual)
    .map(
      (link) => `alter table public.t${link.child} add foreign key (l${links.indexOf(link)}) references public.t${link.parent};`,
    );
  return `drop schema public cascade; create schema public; ${tables.join(' ')} ${keys.join(' ')}`;
}

function rulesOf({ choices, links }: Graph) {
  const tables = choices.map((choice, table) => {
    const names = ['id', ...links.flatMap(({ child }, at) => (child === table ? [`l${at}`] : []))];
    const ids = typeof choice === 'string' ? [] : choice.flatMap((isKept, row) => (isKept ? [row] : []));
    const rows = typeof choice === 'string' ? choice : { where: `id = any('{${ids.join(',')}}')` };
    return [`public.t${table}`, { rows, columns: Object.fromEntries(names.map((name) => [name, 'keep'])) }] as const;
  });
  const references = links.flatMap(({ child, parent, isVirtual }, at) =>
    isVirtual ? [{ table: `t${child}`, columns: [`l${at}`], references: `t${parent}`, referencedColumns: ['id'] }] : [],
  );
  return syncRulesSchema.parse({ tables: Object.fromEntries(tables), references });
}

async function idsOf(client: pg.Client, table: PlannedTable): Promise<unknown[]> {
  const { withClause, from } = rowsSql(table, []);
  const { rows } = await client.query<{ id: unknown }>(`${withClause}select id from ${from} order by 1`);
  return rows.map(({ id }) => id);
}

async function chosenRows(client: pg.Client, rules: unknown): Promise<Record<string, unknown[]>> {
  const { tables } = planSync(await readCatalog(client), syncRulesSchema.parse(rules));
  const chosen: Record<string, unknown[]> = {};
  for (const table of [...tables].sort((left, right) => (left.key < right.key ? -1 : 1)))
    chosen[table.name] = await idsOf(client, table);
  return chosen;
}

test('what comes is closed and as large as can be, in any graph of tables and rows', async () => {
  await withDatabase('select 1', async (_, client) => {
    await fc.assert(
      fc.asyncProperty(graphs.map(repaired), async (graph) => {
        await client.query(schemaOf(graph));
        const chosen = await chosenRows(client, rulesOf(graph));

        expect(Object.values(chosen)).toEqual(closure(graph));
      }),
      { numRuns: 60 },
    );
  });
}, 60_000);

const kept = (rows: unknown, columns: readonly string[]) => ({
  rows,
  columns: Object.fromEntries(columns.map((name) => [name, 'keep'])),
});

const SHOP = `
  create table public."The ""Users" (id int, region text, "c1" int, primary key (id, region));
  create table public.parts (id int, maker int, country text, body json) partition by range (id);
  create table public.parts_low partition of public.parts for values from (0) to (500);
  create table public.parts_high partition of public.parts for values from (500) to (2000);
  alter table public.parts add foreign key (maker, country) references public."The ""Users";
  create table public.tags (id int primary key, name text);
  create table public.notes (id int primary key, tag int references public.tags, "row" int, author bigint);
  create unique index on public.parts (id);
  insert into public."The ""Users" select i, case i % 2 when 0 then 'north' else 'south' end, i from generate_series(1, 100) i;
  insert into public.parts select i, 1 + i % 100, case when i % 7 = 0 then null when i % 2 = 1 then 'north' else 'south' end, '{}' from generate_series(1, 1000) i;
  insert into public.tags select i, 'x' from generate_series(1, 2000) i;
  insert into public.notes select i, nullif(i % 50, 0), i, i from generate_series(1, 1200) i;`;

const SHOP_RULES = {
  tables: {
    'public."The ""Users"': kept({ where: `region = 'north)' or "c1" % 4 = 0` }, ['id', 'region', 'c1']),
    'public.parts': kept({ where: `id > 100 and {now} > '2001-01-01'` }, ['id', 'maker', 'country', 'body']),
    'public.tags': kept('referenced', ['id', 'name']),
    'public.notes': kept('all', ['id', 'tag', 'row', 'author']),
  },
  references: [{ table: 'notes', columns: ['author'], references: 'parts', referencedColumns: ['id'] }],
};

test('composite, nullable and virtual keys, partitions and strange names are followed; sizes are counted', async () => {
  await withDatabase(SHOP, async (_, client) => {
    const side = { client, serverMajor: 18 };
    await client.query('begin');
    const rules = await fixTime(side, syncRulesSchema.parse(SHOP_RULES));
    const plan = planSync(await readCatalog(client), rules);

    await refuseUnfitFilters(side, plan.tables, rules);
    const counts = await countChosenRows(side, plan);
    const text = await client.query<{ users: string; parts: string; notes: string; tags: string }>(`
      with users as (select * from public."The ""Users" where "c1" % 4 = 0),
      parts as (select p.* from public.parts p left join users u on (u.id, u.region) = (maker, country) where p.id > 100 and (country is null or u.id is not null)),
      notes as (select * from public.notes where author > 1000 or author in (select id from parts))
      select (select count(*) from users) as users, (select count(*) from parts) as parts, (select count(*) from notes) as notes,
        (select count(distinct tag) from notes) as tags`);
    await client.query('delete from public.parts where id in (select author from public.notes limit 5)');

    const { users, parts, notes, tags } = text.rows[0] ?? {};
    expect(Object.fromEntries(counts.rows)).toEqual({
      'public."The ""Users"': Number(users),
      'public.parts': Number(parts),
      'public.notes': Number(notes),
      'public.tags': Number(tags),
    });
    expect(counts.orphans).toEqual([200]);
    expect(formatTables({ tables: describeTables(plan.tables, counts.rows), empty: [] }).join('\n')).toMatch(
      /public\.notes: [\d,]+ of about unknown rows \(by its references\)/,
    );
    // As many orphans as came along are none of the shadow's faults; one more is.
    await expect(refuseNewOrphans(client, plan, [205])).resolves.toBeUndefined();
    await expect(refuseNewOrphans(client, plan, counts.orphans)).rejects.toMatchObject({
      code: 'SYNC_REFERENCES_BROKEN',
      message: expect.stringContaining('5 rows of public.notes'),
    });
  });
});

test('a sample is the same rows every time, about its share, and holds the rows of a smaller one', async () => {
  await withDatabase(SHOP, async (_, client) => {
    const sampled = (sample: number) => {
      const tables = { ...SHOP_RULES.tables, 'public.tags': kept({ sample }, ['id', 'name']), 'public.notes': { rows: 'none' } };
      return chosenRows(client, { tables: { ...tables, 'public.parts': { rows: 'none' } } });
    };
    const small = (await sampled(0.05)).tags ?? [];
    const again = (await sampled(0.05)).tags ?? [];
    const large = (await sampled(0.5)).tags ?? [];

    expect(again).toEqual(small);
    expect(small.slice(0, 5)).toEqual([22, 33, 36, 59, 63]);
    // 2000 rows: five standard deviations to either side.
    expect(Math.abs(small.length - 100)).toBeLessThan(49);
    expect(Math.abs(large.length - 1000)).toBeLessThan(112);
    expect(large).toEqual(expect.arrayContaining(small));
  });
});

test('conditions that cannot be asked, that change from one time to the next or that end their parenthesis are refused by path', async () => {
  await withDatabase(SHOP, async (_, client) => {
    const side = { client, serverMajor: 18 };
    await client.query('begin');
    const refusal = async (rows: unknown) => {
      const tables = { ...SHOP_RULES.tables, 'public.tags': kept(rows, ['id', 'name']) };
      const rules = await fixTime(side, syncRulesSchema.parse({ ...SHOP_RULES, tables }));
      try {
        await refuseUnfitFilters(side, planSync(await readCatalog(client), rules).tables, rules);
        return 'none';
      } catch (error) {
        return error instanceof Error ? error.message : 'strange';
      }
    };
    const texts = ['nobody = 1', 'id', 'id > random() * 9', 'id in (select (random() * 9)::int)', 'count(*) > 1'];
    const asked: string[] = [];
    for (const where of texts) asked.push(await refusal({ where }));

    for (const message of asked) expect(message).toContain('tables.public.tags.rows.where: ');
    expect(asked[2]).toContain('volatile');
    expect(asked[3]).toContain('volatile');
    for (const where of [
      'id > 1) or (true',
      'id > 1 --',
      'id > 1 /* ( */',
      'true; select 1',
      "name = 'x",
      'id = $1',
      'now() > null',
      "name = 'now'",
    ])
      expect(await refusal({ where })).toContain('tables.public.tags.rows: ');
    for (const where of ["name = E'\\') or (true) --'", "x$a$ = 1) or (true or $a$ = ''"])
      expect(await refusal({ where })).toContain('tables.public.tags.rows: ');
    expect(await refusal({ where: `name = 'a)''--' or name = $x$;)($x$ or (id, name) in (select 1, 'now()')` })).toBe('none');
    expect(await refusal('referenced')).toBe('none');
  });
});

test('virtual references that the source does not bear out, a sample without a key and tables nobody points at are refused', async () => {
  await withDatabase(SHOP, async (_, client) => {
    const catalog = await readCatalog(client);
    const faults = (rules: unknown) => {
      try {
        planSync(catalog, syncRulesSchema.parse(rules));
        return 'none';
      } catch (error) {
        return error instanceof Error ? error.message : 'strange';
      }
    };
    const reference = (child: string, column: string, parent: string, referenced: string) =>
      faults({
        ...SHOP_RULES,
        references: [{ table: child, columns: [column], references: parent, referencedColumns: [referenced] }],
      });

    expect(reference('notes', 'author', 'tags', 'name')).toContain('references.0: author is int8 and name is text');
    expect(reference('notes', 'row', 'notes', 'row')).toContain('no unique key over row');
    expect(reference('notes', 'nobody', 'nowhere', 'id')).toMatch(/no column nobody[\s\S]*no table public.nowhere/);
    expect(
      faults({
        ...SHOP_RULES,
        tables: { ...SHOP_RULES.tables, 'public.parts': kept({ sample: 0.5 }, ['id', 'maker', 'country', 'body']) },
      }),
    ).toContain('public.parts.rows: sample needs a primary key');
    expect(
      faults({
        ...SHOP_RULES,
        tables: { ...SHOP_RULES.tables, 'public.notes': kept('referenced', ['id', 'tag', 'row', 'author']) },
      }),
    ).toContain('public.notes.rows: referenced: no other table');
  });
});
