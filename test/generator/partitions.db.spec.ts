// Partitioned targets on a real server: rows in the right leaves, the same bytes as without partitions, interrupted runs.
import type pg from 'pg';
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { load } from '../../loader/load.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseSpec } from '../../spec/spec.ts';
import { teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';

/** The table's columns and how it is cut; one body with three spellings of the end. */
const columns = `
  id bigint generated always as identity,
  tenant_id int not null references public.tenants,
  at timestamptz not null,
  day date,
  region text,
  code uuid,
  amount numeric(10, 2),
  twice numeric generated always as (amount * 2) stored`;

const tenants = 'create table public.tenants (id int primary key, name text not null);';

const cuts: Readonly<Record<string, string>> = {
  none: `create table public.events (${columns});`,
  'range of times': `create table public.events (${columns}) partition by range (at);
    create table public.e1 partition of public.events for values from (minvalue) to ('2026-01-10 12:30:00+02');
    create table public.e2 partition of public.events for values from ('2026-01-10 12:30:00+02') to ('2026-01-20');
    create table public.e3 partition of public.events for values from ('2026-01-20') to (maxvalue);`,
  'range of dates with a default': `create table public.events (${columns}) partition by range (day);
    create table public.e1 partition of public.events for values from ('2026-01-05') to ('2026-01-10');
    create table public.e2 partition of public.events for values from ('2026-01-20') to ('2026-02-01');
    create table public.e3 partition of public.events default;`,
  'range of amounts with a default': `create table public.events (${columns}) partition by range (amount);
    create table public.e1 partition of public.events for values from (minvalue) to (10.005);
    create table public.e2 partition of public.events for values from (10.01) to (77.7);
    create table public.e3 partition of public.events default;`,
  'list of texts with NULL': `create table public.events (${columns}) partition by list (region);
    create table public.e1 partition of public.events for values in ('eu', 'it''s "odd"');
    create table public.e2 partition of public.events for values in (null, 'us');
    create table public.e3 partition of public.events for values in ('apac');`,
  'list of tenants with a default': `create table public.events (${columns}) partition by list (tenant_id);
    create table public.e1 partition of public.events for values in (1, 3, 5);
    create table public.e2 partition of public.events for values in (2);
    create table public.e3 partition of public.events default;`,
  'hash of tenants': `create table public.events (${columns}) partition by hash (tenant_id);
    create table public.e1 partition of public.events for values with (modulus 2, remainder 0);
    create table public.e2 partition of public.events for values with (modulus 4, remainder 1);
    create table public.e3 partition of public.events for values with (modulus 4, remainder 3);`,
  'hash of UUIDs': `create table public.events (${columns}) partition by hash (code);
    create table public.e1 partition of public.events for values with (modulus 3, remainder 0);
    create table public.e2 partition of public.events for values with (modulus 3, remainder 1);
    create table public.e3 partition of public.events for values with (modulus 3, remainder 2);`,
  'hash of texts': `create table public.events (${columns}) partition by hash (region);
    create table public.e1 partition of public.events for values with (modulus 3, remainder 0);
    create table public.e2 partition of public.events for values with (modulus 3, remainder 1);
    create table public.e3 partition of public.events for values with (modulus 3, remainder 2);`,
};

/** Cuts of which the server must choose the leaf: one COPY into the root. */
const rootCuts: Readonly<Record<string, string>> = {
  'several columns': `create table public.events (${columns}) partition by range (tenant_id, at);
    create table public.e1 partition of public.events for values from (minvalue, minvalue) to (5, '2026-01-10');
    create table public.e2 partition of public.events for values from (5, '2026-01-10') to (maxvalue, maxvalue);`,
  'an expression': `create table public.events (${columns}) partition by list ((tenant_id % 2));
    create table public.e1 partition of public.events for values in (0);
    create table public.e2 partition of public.events for values in (1);`,
  'two levels': `create table public.events (${columns}) partition by range (at);
    create table public.e1 partition of public.events for values from (minvalue) to ('2026-01-10') partition by hash (tenant_id);
    create table public.e1a partition of public.e1 for values with (modulus 1, remainder 0);
    create table public.e2 partition of public.events for values from ('2026-01-10') to (maxvalue);`,
  'a hash that we do not have': `create table public.events (${columns}) partition by hash (amount);
    create table public.e1 partition of public.events for values with (modulus 1, remainder 0);`,
  'a default that the server fills': `create table public.events (${columns}, made timestamptz default now()) partition by hash (tenant_id);
    create table public.e1 partition of public.events for values with (modulus 1, remainder 0);`,
};

function specOf(count: number, change: Record<string, string> = {}) {
  const parts: Record<string, string> = {
    at: '{ kind: time, calendar: { kind: bins, bins: [[2026-01-01, 2026-02-01, 1]] }, order: row }',
    day: '{ kind: time, calendar: { kind: bins, bins: [[2026-01-01, 2026-02-01, 1]] }, nullFraction: 0.1 }',
    region: `{ kind: category, values: [{ label: eu, weight: 3 }, { label: us, weight: 2 }, { label: apac, weight: 1 }, { label: 'it''s "odd"', weight: 1 }], nullFraction: 0.1 }`,
    ...change,
  };
  return parseSpec(
    `
format: shapecast-spec
version: 1
name: partitions
bands: { dev: { scale: 1 }, staging: { scale: 2 } }
tables:
  public.tenants:
    rows: { count: 10, growth: fixed }
    columns:
      id: { kind: sequence }
      name: { kind: template, template: 'tenant {row}' }
  public.events:
    rows: { count: ${count} }
    references:
      tenant: { columns: [tenant_id], table: public.tenants, to: [id], fanOut: { family: uniform, min: 0, max: ${count} } }
    columns:
      id: { kind: sequence }
      at: ${parts.at}
      day: ${parts.day}
      region: ${parts.region}
      code: { kind: uuid, nullFraction: 0.05 }
      amount: { kind: number, decimals: 2, distribution: { family: uniform, min: 0, max: 99 }, nullFraction: 0.05 }
`,
    'test',
  );
}

const ROWS = 20_000;

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    spec: specOf(ROWS),
    band: 'dev',
    seed: 'p',
    target: { kind: 'postgres', url },
    workers: 1,
    operator: 'test',
    ...change,
  };
}

async function onCut<T>(cut: string, action: (url: string, client: pg.Client) => Promise<T>): Promise<T> {
  return withDatabase([tenants, cut], action);
}

async function fingerprintOfPlainTable(change: Partial<GenerateOptions> = {}): Promise<string> {
  return onCut(cuts.none ?? '', async (url) => (await generate(optionsFor(url, change))).fingerprint);
}

async function leavesIn(url: string): Promise<number | null> {
  const { plan } = await planOnly(optionsFor(url));
  return plan.tables.find((table) => table.name === 'public.events')?.partitions?.leaves.length ?? null;
}

async function rowsIn(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}

let plainFingerprint: string;
beforeAll(async () => {
  plainFingerprint = await fingerprintOfPlainTable();
});

/** Statement triggers fire for the table that a COPY names: with this one, a single row through the root fails the run. */
const refuseRoot = `
  create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'through the root'; end $$;
  create trigger refuse before insert on public.events for each statement execute function public.refuse();`;

const named = (from: Readonly<Record<string, string>>) => Object.entries(from).map(([name, cut]) => ({ name, cut }));

describe.each(named(cuts).filter(({ name }) => name !== 'none'))('a table cut by $name', ({ cut }) => {
  test('is filled leaf by leaf with the rows of the plain table, and load finds them', async () => {
    await onCut(cut, async (url, client) => {
      expect(await leavesIn(url)).toBe(3);
      await client.query(refuseRoot);

      const report = await generate(optionsFor(url));
      const record = await load({ url, report, schema: null, operator: 'test', print: () => undefined });

      expect(report.fingerprint).toBe(plainFingerprint);
      expect(record.verdicts.filter((verdict) => !verdict.passed)).toEqual([]);
      expect(await rowsIn(client, 'public.events')).toBe(ROWS);
      for (const leaf of ['e1', 'e2', 'e3']) expect(await rowsIn(client, `only public.${leaf}`)).toBeGreaterThan(0);
    });
  });
});

describe.each(named(rootCuts))('a table cut by $name', ({ cut }) => {
  test('is filled through its root with the same rows', async () => {
    await onCut(cut, async (url, client) => {
      expect(await leavesIn(url)).toBeNull();

      const report = await generate(optionsFor(url));

      expect(report.fingerprint).toBe(plainFingerprint);
      expect(await rowsIn(client, 'public.events')).toBe(ROWS);
    });
  });
});

test('a second band and other workers give the bytes of the plain table too', async () => {
  const change = { band: 'staging', workers: 2 } as const;
  const plain = await fingerprintOfPlainTable(change);
  await onCut(cuts['hash of UUIDs'] ?? '', async (url, client) => {
    const report = await generate(optionsFor(url, change));

    expect(report.fingerprint).toBe(plain);
    expect(await rowsIn(client, 'public.events')).toBe(2 * ROWS);
  });
});

test.each([
  ['boolean', 'true', 'false', '{ kind: boolean, trueFraction: 0.3 }'],
  ['smallint', '1, 3', '2, -4', '{ kind: number, distribution: { family: empirical, bins: [[-4, -3, 1], [1, 4, 3]] } }'],
  [
    'numeric(6,2)',
    '1.50',
    '2, 7.125',
    '{ kind: number, decimals: 2, distribution: { family: empirical, bins: [[1.5, 1.51, 1], [2, 2.01, 1]] } }',
  ],
  ['date', `'2026-01-02'`, `'2026-01-01'`, '{ kind: time, calendar: { kind: bins, bins: [[2026-01-01, 2026-01-03, 1]] } }'],
  ['char(4)', `'ab'`, `'c  d'`, '{ kind: category, values: [{ label: ab, weight: 1 }, { label: "c  d", weight: 2 }] }'],
  ['varchar(9)', `'ü'`, `'__proto__'`, '{ kind: category, values: [{ label: ü, weight: 1 }, { label: __proto__, weight: 2 }] }'],
  [
    'public.mood',
    `'sad'`,
    `'it''s ok'`,
    `{ kind: category, values: [{ label: sad, weight: 1 }, { label: "it's ok", weight: 2 }] }`,
  ],
])('a list of %s finds its leaves', async (type, first, second, column) => {
  const sql = `create type public.mood as enum ('sad', 'it''s ok');
    create table public.events (k ${type} not null) partition by list (k);
    create table public.e1 partition of public.events for values in (${first});
    create table public.e2 partition of public.events for values in (${second});${refuseRoot}`;
  const spec = parseSpec(
    `{format: shapecast-spec, version: 1, name: lists, bands: {dev: {scale: 1}}, tables: {public.events: {rows: {count: 5000}, columns: {k: ${column}}}}}`,
    'test',
  );
  await withDatabase(sql, async (url, client) => {
    await generate(optionsFor(url, { spec }));

    const found = [await rowsIn(client, 'only public.e1'), await rowsIn(client, 'only public.e2')];
    expect(Math.min(...found)).toBeGreaterThan(1000);
    expect(found.reduce((sum, rows) => sum + rows, 0)).toBe(5000);
  });
});

describe('a run over partitions', () => {
  /** Wide rows, so that the table has several chunks. */
  const wide = specOf(40_000, {
    region: '{ kind: text, length: { family: constant, value: 1900 } }',
  });
  const cut = cuts['range of times'] ?? '';

  test('that was interrupted between chunks goes on where it stopped', async () => {
    const plain = await fingerprintOfPlainTable({ spec: wide });
    await onCut(cut, async (url, client) => {
      const abort = new AbortController();
      let seen = 0;
      const advance = (rows: number) => {
        seen += rows;
        if (seen > 34_000) abort.abort();
      };
      const interrupted = generate(
        optionsFor(url, { spec: wide, startProgress: () => ({ advance, finish: () => {} }), signal: abort.signal }),
      );
      await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
      const before = await rowsIn(client, 'public.events');
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(40_000);

      const report = await generate(optionsFor(url, { spec: wide }));

      expect(report.fingerprint).toBe(plain);
      expect(await rowsIn(client, 'public.events')).toBe(40_000);
      expect(await rowsIn(client, 'only public.e2')).toBeGreaterThan(0);
    });
  });

  test('of another seed is refused while rows of the first one lie in the leaves, also when only a leaf holds them', async () => {
    await onCut(cut, async (url, client) => {
      await client.query(`insert into public.tenants values (1, 'x')`);
      await client.query(`insert into public.e2 (id, tenant_id, at) overriding system value values (1, 1, '2026-01-15')`);
      await client.query('alter table public.events drop constraint events_tenant_id_fkey');
      await client.query('delete from public.tenants');

      await expect(generate(optionsFor(url))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
    });
  });

  test('is undone by teardown: found tables are empty again, created ones are gone with their leaves', async () => {
    const undo = { dryRun: false, force: false, confirm: async () => true, print: () => undefined };
    await onCut(cut, async (url, client) => {
      await generate(optionsFor(url));
      expect(await teardown({ url, ...undo })).toBe('removed');

      expect(await rowsIn(client, 'public.events')).toBe(0);
      expect(await rowsIn(client, "pg_inherits where inhparent = 'public.events'::regclass")).toBe(3);
    });
    await withDatabase('', async (url, client) => {
      await generate(optionsFor(url, { createSql: `${tenants}${cut}` }));
      expect(await teardown({ url, ...undo })).toBe('removed');

      expect(await rowsIn(client, `pg_class where relnamespace = 'public'::regnamespace`)).toBe(0);
    });
  });
});

describe('keys and indexes of partitions', () => {
  // One leaf stood alone before it was attached, with another order of columns, keys and indexes of its own.
  const sql = `${cuts['range of times']}
    create table public.owners (id int primary key);
    insert into public.owners select generate_series(0, 0);
    alter table public.events detach partition public.e2;
    drop table public.e2;
    create table public.e2 (
      amount numeric(10, 2), code uuid, region text, gone int, day date,
      at timestamptz not null, tenant_id int not null references public.tenants, id bigint not null,
      twice numeric generated always as (amount * 2) stored
    );
    alter table public.e2 drop column gone;
    create index e2_alone on public.e2 (lower(region)) where amount > 3;
    create index e2_at on public.e2 (at);
    create index events_at on public.events (at);
    create unique index events_key on public.events (id, at);
    alter table public.events attach partition public.e2 for values from ('2026-01-10 12:30:00+02') to ('2026-01-20');
    create index e1_alone on public.e1 (amount);
    alter table public.e1 add constraint e1_days foreign key (tenant_id) references public.tenants;`;
  const definitions = `
    select i.tablename || ': ' || i.indexdef as definition from pg_indexes i where schemaname = 'public'
    union all
    select k.conrelid::regclass || ': ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ' ' || k.convalidated || ' ' || (k.conparentid <> 0)
      from pg_constraint k where k.conrelid = any (array['public.events', 'public.e1', 'public.e2', 'public.e3']::regclass[])
    union all
    select inhrelid::regclass || ' in ' || inhparent::regclass from pg_inherits
    order by 1`;

  test('are all back after the run, those of single leaves too, and rows fit a leaf with another order of columns', async () => {
    await onCut(sql, async (url, client) => {
      const before = (await client.query(definitions)).rows;

      const report = await generate(optionsFor(url));

      expect((await client.query(definitions)).rows).toEqual(before);
      expect(report.fingerprint).toBe(plainFingerprint);
      expect(await rowsIn(client, 'only public.e2')).toBeGreaterThan(0);
    });
  });
});

describe('values without a partition', () => {
  test('are moved into the partitions that there are', async () => {
    const cut = `create table public.events (${columns}) partition by range (at);
      create table public.e1 partition of public.events for values from ('2026-01-05') to ('2026-01-10');
      create table public.e2 partition of public.events for values from ('2026-01-20') to ('2026-01-22 07:30');`;
    await onCut(cut, async (url, client) => {
      await generate(optionsFor(url));

      const { rows } = await client.query(
        `select count(*)::int as rows, min(at)::date::text as first, max(at) < '2026-01-22 07:30' as fits from public.events`,
      );
      expect(rows).toEqual([{ rows: ROWS, first: '2026-01-05', fits: true }]);
    });
  });

  test('NULLs and labels without a partition become values that have one', async () => {
    const cuts = [
      `partition by range (day); create table public.e1 partition of public.events for values from (minvalue) to (maxvalue);`,
      `partition by list (region); create table public.e1 partition of public.events for values in ('mars', null);`,
    ];
    const found: unknown[] = [];
    for (const cut of cuts)
      await onCut(`create table public.events (${columns}) ${cut}`, async (url, client) => {
        await generate(optionsFor(url));
        const { rows } = await client.query(
          `select count(*)::int as rows, count(day)::int as days, count(*) filter (where region <> 'mars')::int as elsewhere from public.events`,
        );
        found.push(rows[0]);
      });

    expect(found[0]).toMatchObject({ rows: ROWS, days: ROWS });
    expect(found[1]).toMatchObject({ rows: ROWS, elsewhere: 0 });
  });

  test.each([
    [
      'keys of a parent',
      `partition by list (tenant_id); create table public.e1 partition of public.events for values in (1, 2, 3, 4, 5, 6, 7, 8, 9);`,
      'columns.tenant_id',
      'takes keys of public.tenants',
    ],
    [
      'a missing remainder',
      `partition by hash (tenant_id); create table public.e1 partition of public.events for values with (modulus 2, remainder 1);`,
      'tables.public.events',
      '1 of the 2 remainders',
    ],
  ])('are a fault of the plan where they cannot be moved: %s', async (_what, cut, path, text) => {
    await onCut(`create table public.events (${columns}) ${cut}`, async (url) => {
      const failure = await planOnly(optionsFor(url)).catch((error: unknown) => error);

      expect(failure).toMatchObject({ code: 'PLAN_IMPOSSIBLE' });
      expect(failure).toMatchObject({
        data: { problems: [{ path: expect.stringContaining(path), message: expect.stringContaining(text) }] },
      });
    });
  });
});

test('the catalog tells how a table is cut, in UTC whatever the server thinks', async () => {
  await onCut(cuts['range of times'] ?? '', async (_url, client) => {
    await client.query(
      `alter database ${(await client.query('select quote_ident(current_database()) as name')).rows[0].name} set timezone = 'Asia/Kolkata'`,
    );

    const table = (await readCatalog(client)).tables.find(({ name }) => name === 'events');

    expect(table?.partitioning).toEqual({
      strategy: 'range',
      columns: ['at'],
      partitions: [
        { schema: 'public', name: 'e1', bound: `FOR VALUES FROM (MINVALUE) TO ('2026-01-10 10:30:00+00')`, isPartitioned: false },
        {
          schema: 'public',
          name: 'e2',
          bound: `FOR VALUES FROM ('2026-01-10 10:30:00+00') TO ('2026-01-20 00:00:00+00')`,
          isPartitioned: false,
        },
        { schema: 'public', name: 'e3', bound: `FOR VALUES FROM ('2026-01-20 00:00:00+00') TO (MAXVALUE)`, isPartitioned: false },
      ],
    });
  });
});
