// The ways a target may be loaded: keys kept in place, unlogged tables, fresh ones. The rows are the same, and what was there is there after.
import fs from 'node:fs';
import type pg from 'pg';
import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { parseSpec } from '../../spec/spec.ts';
import { teardown } from '../../teardown/teardown.ts';
import { serverLogFile, withDatabase } from '../support/database.ts';

const partitioned = `
  create table public.parents (id int primary key, boss int references public.parents (id));
  create table public.children (id int primary key, parent int not null references public.parents (id)) partition by hash (id);
  create table public.children_0 partition of public.children for values with (modulus 2, remainder 0);
  create table public.children_1 partition of public.children for values with (modulus 2, remainder 1);
  create index children_parent on public.children (parent);`;

const text = `
format: shapecast-spec
version: 1
name: modes
bands: { dev: { scale: 1 } }
tables:
  public.parents:
    rows: { count: 3000 }
    references:
      boss: { columns: [boss], table: public.parents, to: [id], nullFraction: 0.1, fanOut: { family: geometric, p: 0.5, start: 0 } }
    columns: { id: { kind: sequence } }
  public.children:
    rows: { count: 9000 }
    references:
      parent: { columns: [parent], table: public.parents, to: [id], fanOut: { family: geometric, p: 0.2, start: 0 } }
    columns: { id: { kind: sequence } }
`;
const spec = parseSpec(text, 'test');

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  const target = { kind: 'postgres', url } as const;
  return { spec, band: 'dev', seed: 'a', target, workers: 2, operator: 'test', environment: {}, ...change };
}

async function readState(client: pg.Client) {
  const list = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
  return {
    files: await list(`select concat_ws(' ', oid::regclass, relfilenode) as line from pg_class
                       where relkind = 'i' and relnamespace = 'public'::regnamespace order by 1`),
    keys: await list(`select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) as line
                      from pg_constraint where connamespace = 'public'::regnamespace and (conparentid = 0 or contype <> 'f') order by 1`),
    unlogged: await list(`select oid::regclass::text as line from pg_class
                          where relpersistence = 'u' and relkind = 'r' order by 1`),
  };
}

async function countRows(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from public.parents union all select count(*)::int from public.children`,
  );
  return rows.map(({ n }) => n);
}

let plain: string;
beforeAll(async () => {
  plain = await withDatabase(partitioned, async (url) => (await generate(optionsFor(url))).fingerprint);
});

describe('--keep-indexes', () => {
  test('drops nothing and makes the same rows, children before their parents', async () => {
    await withDatabase(partitioned, async (url, client) => {
      const before = await readState(client);

      const report = await generate(optionsFor(url, { keepIndexes: true }));

      expect(report.fingerprint).toBe(plain);
      expect(await readState(client)).toEqual(before);
      expect(await countRows(client)).toEqual([3000, 9000]);
      const orphans = await client.query(
        'select from public.children c where not exists (select from public.parents p where p.id = c.parent)',
      );
      expect(orphans.rowCount).toBe(0);
    });
  });

  test('is refused for a role that may not load past foreign keys, before any row', async () => {
    await withDatabase(partitioned, async (url, client) => {
      await client.query(`drop role if exists loads_modes; create role loads_modes login`);
      await client
        .query(`select format('grant all on database %I to loads_modes', current_database())`)
        .then(({ rows }) => client.query(String(Object.values(rows[0] ?? {})[0])));
      for (const name of ['parents', 'children', 'children_0', 'children_1'])
        await client.query(`alter table public.${name} owner to loads_modes`);
      const theirs = url.replace('//shapecast@', '//loads_modes@');
      expect(theirs).not.toBe(url);

      await expect(generate(optionsFor(theirs, { keepIndexes: true }))).rejects.toMatchObject({ code: 'KEYS_IN_PLACE' });

      expect(await countRows(client)).toEqual([0, 0]);
      await client.query('drop owned by loads_modes; drop role loads_modes');
    });
  });
});

describe('--unlogged', () => {
  // Without partitions, whose foreign keys would have to point at a logged table.
  const setup = `
    create table public.parents (id int primary key, boss int references public.parents (id));
    create table public.children (id int primary key, parent int not null references public.parents (id));
    create index children_parent on public.children (parent);`;
  const unlogged = ['public.children', 'public.parents', 'shapecast.chunks'];

  test('is refused where a partitioned table has foreign keys, and changes nothing', async () => {
    await withDatabase(partitioned, async (url, client) => {
      const before = await readState(client);

      await expect(generate(optionsFor(url, { unlogged: true }))).rejects.toMatchObject({
        code: 'UNLOGGED_IMPOSSIBLE',
        data: { tables: ['public.children'] },
      });

      expect(await readState(client)).toEqual(before);
    });
  });

  test('makes tables and ledger unlogged, and a later run without it makes them logged, with their rows', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await readState(client);
      const report = await generate(optionsFor(url, { unlogged: true }));
      expect(report.fingerprint).toBe(plain);
      expect((await readState(client)).unlogged).toEqual(unlogged);
      expect((await readState(client)).keys).toEqual(before.keys);

      const second = await generate(optionsFor(url));

      expect(second.fingerprint).toBe(plain);
      expect((await readState(client)).unlogged).toEqual([]);
      expect((await readState(client)).keys).toEqual(before.keys);
      expect(await countRows(client)).toEqual([3000, 9000]);
    });
  });

  test('teardown leaves the tables that it found logged and empty', async () => {
    await withDatabase(setup, async (url, client) => {
      await generate(optionsFor(url, { unlogged: true }));

      await teardown({ url, dryRun: false, force: false, confirm: async () => true, print: () => undefined, environment: {} });

      expect((await readState(client)).unlogged).toEqual([]);
      expect(await countRows(client)).toEqual([0, 0]);
    });
  });

  test('rows that the ledger no longer counts are not doubled', async () => {
    await withDatabase(setup, async (url, client) => {
      await generate(optionsFor(url, { unlogged: true }));
      // As a crash leaves it after somebody has made the tables logged by hand.
      await client.query('truncate shapecast.chunks');

      await expect(generate(optionsFor(url, { unlogged: true }))).rejects.toMatchObject({
        code: 'TARGET_NOT_EMPTY',
        data: { tables: ['public.children', 'public.parents'] },
      });
    });
  });
});

test('tables that one chunk fills are frozen, unless somebody could notice', async () => {
  await withDatabase(partitioned, async (url, client) => {
    await client.query(`
      create table public.outside (parent int references public.parents (id));
      create function public.heard() returns trigger language plpgsql as 'begin return null; end';
      create trigger heard after truncate on public.children_1 for each statement execute function public.heard()`);
    const start = fs.statSync(serverLogFile()).size;

    const report = await generate(optionsFor(url));

    expect(report.fingerprint).toBe(plain);
    const log = fs.readFileSync(serverLogFile()).subarray(start).toString('utf8');
    const copied = [...log.matchAll(/copy ("public"\."\w+") \([^)]*\) from stdin with \(format \w+(, freeze)?\)/g)].map(
      ([, table, freeze]) => `${table}${freeze ?? ''}`,
    );
    expect(copied.filter((each) => /children_/.test(each) || /parents/.test(each)).sort()).toEqual(
      expect.arrayContaining(['"public"."children_0", freeze', '"public"."children_1"', '"public"."parents"']),
    );
  });
});

describe('a run of something else', () => {
  const changes: readonly (readonly [string, Partial<GenerateOptions>, RegExp])[] = [
    ['seed', { seed: 'b' }, /^seed: a there, b now$/],
    [
      'band',
      { band: 'staging', spec: { ...spec, bands: { dev: { scale: 1 }, staging: { scale: 2 } } } },
      /^band: dev there, staging now$/,
    ],
    ['name', { spec: { ...spec, name: 'other' }, seed: 'b' }, /^spec: modes there, other now$/],
    ['size', { scale: 2 }, /^--scale or --rows$/],
    ['content', { spec: parseSpec(text.replace('count: 3000', 'count: 2000'), 'test') }, /^the spec's content$/],
  ];

  test('is refused by the name of what differs', async () => {
    await withDatabase(partitioned, async (url) => {
      await generate(optionsFor(url));

      for (const [what, change, wanted] of changes) {
        const failure: unknown = await generate(optionsFor(url, change)).catch((error: unknown) => error);
        const differs = Reflect.get(Object(Reflect.get(Object(failure), 'data')), 'differs');
        expect({ what, failure, differs }).toMatchObject({
          failure: { code: 'TARGET_OTHER_RUN' },
          differs: expect.arrayContaining([expect.stringMatching(wanted)]),
        });
      }
    });
  });

  test('is refused by its version, also with the same plan', async () => {
    await withDatabase(partitioned, async (url, client) => {
      await generate(optionsFor(url));
      await client.query(`update shapecast.runs set tool_version = 'shapecast 0.0.1'`);

      const failure = await generate(optionsFor(url)).catch((error: unknown) => error);

      expect(failure).toMatchObject({ code: 'TARGET_OTHER_RUN' });
      expect(String(failure)).toContain('version: shapecast 0.0.1 there');
    });
  });
});

test('an index that has to stay is named with its reason', async () => {
  const sql = `${partitioned}
    create unique index parents_identity on public.parents (id);
    alter table public.parents replica identity using index parents_identity;`;
  await withDatabase(sql, async (url) => {
    const told: string[] = [];
    await generate(optionsFor(url, { warn: (line) => told.push(line) }));

    expect(told).toEqual([
      'public.parents: the index parents_identity stays in place while rows go in, which is slower (replica identity)',
    ]);
  });
});
