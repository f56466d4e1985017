// Every kind of key, uniqueness, type, server column, CHECK and partition under hostile names, end to end at two sizes: no constraint
// is broken, none is missing, every count is exact.
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { generate } from '../generator/generate.ts';
import { parseYamlText } from '../spec/parse-document.ts';
import { policySchema } from '../spec/policy.ts';
import { readDefinitions } from './hostile/definitions.ts';
import { hostileFill, hostileSchema } from './hostile/hostile-sql.ts';
import { countValues, type TableCounts } from './hostile/measure-columns.ts';
import { violations } from './hostile/violations.ts';
import { withDatabase } from './support/database.ts';
import { calibrateDatabase, type Filled, fillDatabase, readSpec } from './support/pipeline.ts';

const policyText = fs.readFileSync(path.join(import.meta.dirname, 'hostile/policy.yaml'), 'utf8');
const policy = policySchema.parse(parseYamlText(policyText, 'policy', 'policy.yaml'));

interface Source {
  readonly specText: string;
  readonly scanFindings: string | null;
  readonly definitions: readonly string[];
  readonly counts: ReadonlyMap<string, TableCounts>;
}

let source: Source;
let fingerprint = '';

beforeAll(async () => {
  source = await withDatabase([hostileSchema, hostileFill, 'analyze'], async (url, client) => ({
    ...(await calibrateDatabase(url, policy, 'hostile')),
    definitions: await readDefinitions(client),
    counts: await countValues(client),
  }));
});

/** Fills a database of the schema and looks at it. */
async function withFilled(
  { scale, seed }: { scale: number; seed: string },
  look: (client: pg.Client, filled: Filled) => Promise<void>,
): Promise<void> {
  await withDatabase('', async (url, client) => {
    const spec = readSpec(source.specText);
    const filled = await fillDatabase({ spec, url, createSql: hostileSchema, seed, scale, workers: 2 });
    await look(client, filled);
  });
}

function rowsByTable(counts: ReadonlyMap<string, TableCounts>): [string, number][] {
  return [...counts].map(([table, { rows }]): [string, number] => [table, rows]).sort();
}

function plannedRows({ plan }: Filled): [string, number][] {
  return plan.tables.map(({ name, rows }): [string, number] => [name, rows]).sort();
}

/** Columns that hold many values in the source and none at all in the copy. */
function listSilentNulls(found: ReadonlyMap<string, TableCounts>): string[] {
  return [...source.counts].flatMap(([table, { values }]) =>
    [...values].flatMap(([column, count]) =>
      count >= 100 && found.get(table)?.values.get(column) === 0 ? [`${table} ${column}`] : [],
    ),
  );
}

/** What an application would insert; each leaves out what the server fills. */
const INSERTS = [
  `insert into shop.person (email, created_at) values ('new@example.test', now())`,
  `insert into shop.server_filled (title, amount) values ('new', 12.5)`,
  `insert into shop.server_child (parent_id) select min(id) from shop.server_filled`,
  `insert into shop.measurement (at) values ('2024-05-05 00:00+00')`,
  `insert into public."table" ("primary", "references") select 1 + max(t."primary"), min("references") from public."table" as t`,
];

test('the hostile names pass the outgoing gate', () => {
  expect(source.scanFindings).toBeNull();
});

test.each([{ scale: 1 }, { scale: 3 }])(
  'the copy at scale $scale keeps every constraint and has exact counts',
  async ({ scale }) => {
    await withFilled({ scale, seed: 'hostile' }, async (client, filled) => {
      const counts = await countValues(client);

      expect(await violations(client, source.definitions)).toEqual([]);
      expect(rowsByTable(counts)).toEqual(plannedRows(filled));
      expect([...counts.keys()].sort()).toEqual([...source.counts.keys()].sort());
      expect(filled.record.verdicts.filter((verdict) => !verdict.passed)).toEqual([]);
      expect(listSilentNulls(counts)).toEqual([]);
      expect(counts.get('public.user')?.rows).toBe(400 * scale);
      expect(counts.get('"Odd.Schema".empty_table')?.rows).toBe(0);
      if (scale === 1) fingerprint = filled.report.fingerprint;
    });
  },
);

test('one worker makes the same rows as two', async () => {
  await withDatabase(hostileSchema, async (url) => {
    const spec = readSpec(source.specText);
    const options = { spec, band: 'dev', seed: 'hostile', scale: 1, workers: 1, operator: 'test', environment: {} } as const;

    const report = await generate({ ...options, target: { kind: 'null', url } });

    expect(report.fingerprint).toBe(fingerprint);
  });
});

test('another seed gives other rows, and the application can insert where sequences, identities and defaults are left to the server', async () => {
  await withFilled({ scale: 1, seed: 'other' }, async (client, { report }) => {
    expect(report.fingerprint).not.toBe(fingerprint);
    expect(await violations(client, source.definitions)).toEqual([]);

    for (const sql of INSERTS) expect((await client.query(sql)).rowCount).toBe(1);

    expect(await violations(client, source.definitions)).toEqual([]);
  });
});
