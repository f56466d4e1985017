// How long a large schema takes to read and to plan: 500 tables with 800 foreign keys on the embedded server. The pack is measured
// from the schema itself, so the spec that is planned has every table and every key. Ends with 1 above the limits: 3 s to read,
// 10 s to plan.
//
//   npm run bench -- introspection [--tables N] [--keys N] [--rows N]
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { resolvePlan } from '../generator/plan/resolve-plan.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { withClient } from '../postgres/connect.ts';
import { startEmbeddedServer } from '../postgres/embedded-server.ts';
import { createTokeniser } from '../sampler/protect/tokens.ts';
import { samplePack } from '../sampler/sample.ts';
import { calibrate } from '../spec/calibrate.ts';
import { policySchema } from '../spec/policy.ts';
import { parseSpec } from '../spec/spec.ts';
import { formatSpec } from '../spec/spec-text.ts';

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: '500' },
    keys: { type: 'string', default: '800' },
    rows: { type: 'string', default: '50' },
  },
});
const [tables, keys, rows] = [Number(values.tables), Number(values.keys), Number(values.rows)];
const now = new Date();

/** Parents of table `n`: earlier tables, some of them itself; spread so that `keys` come out in all. */
function parentsOf(n: number): number[] {
  const count = Math.floor(((n + 1) * keys) / tables) - Math.floor((n * keys) / tables);
  return Array.from({ length: count }, (_, at) => (n % 10 === 0 && at === 0 ? n : (n * 7 + at * 13) % (n + 1)));
}

function makeTable(n: number): string {
  const references = parentsOf(n).map((parent, at) => `ref_${at} bigint references t_${parent} (id)`);
  const columns = [
    'id bigint primary key',
    ...references,
    'email text not null unique',
    `state text not null check (state in ('new', 'open', 'done'))`,
    'amount numeric(12, 2) not null default 0 check (amount >= 0)',
    'note varchar(200)',
    'flags jsonb',
    'token uuid not null',
    'is_active boolean not null',
    'created_at timestamptz not null default now()',
    'updated_at timestamptz',
  ];
  const indexes = references.map((_, at) => `create index on t_${n} (ref_${at});`);
  return [`create table t_${n} (${columns.join(', ')});`, ...indexes, `create index on t_${n} (created_at);`, fill(n)].join('\n');
}

function fill(n: number): string {
  const references = parentsOf(n).map(() => `case when i % 5 > 0 then 1 + i * i % ${rows} end`);
  const cells = [
    'i',
    ...references,
    `'user' || i || '@example.org'`,
    `(array['new', 'open', 'done'])[1 + i % 3]`,
    'i * 1.25',
    `repeat('x', i % 40)`,
    `'{"a": 1}'`,
    'gen_random_uuid()',
    'i % 2 = 0',
    `timestamptz '2024-01-01' + i * interval '7 hours'`,
    'null',
  ];
  return `insert into t_${n} select ${cells.join(', ')} from generate_series(1, ${rows}) as i;`;
}

async function time<Result>(what: string, action: () => Result | Promise<Result>, limitSeconds = Infinity): Promise<Result> {
  const startedAt = performance.now();
  const result = await action();
  const seconds = (performance.now() - startedAt) / 1000;
  if (seconds > limitSeconds) process.exitCode = 1;
  process.stdout.write(`${what} | ${seconds.toFixed(3)} s${seconds > limitSeconds ? `, above ${limitSeconds} s` : ''}\n`);
  return result;
}

const server = await startEmbeddedServer();
try {
  await server.createDatabase('bench');
  const url = server.url('bench');
  await withClient(url, { applicationName: 'shapecast bench' }, async (client) => {
    await client.query('set search_path = public');
    for (let n = 0; n < tables; n += 1) await client.query(makeTable(n));
    await client.query('analyze');
  });
  await withClient(url, { applicationName: 'shapecast bench' }, async (client) => {
    const catalog = await time('readCatalog', () => readCatalog(client), 3);
    await time('readCatalog again', () => readCatalog(client));
    const foreignKeys = catalog.tables.reduce((sum, table) => sum + table.foreignKeys.length, 0);
    process.stdout.write(`${catalog.tables.length} tables, ${foreignKeys} foreign keys\n`);
    const { pack } = await time('samplePack', () =>
      samplePack({
        url,
        policy: policySchema.parse({}),
        windowDays: null,
        readers: 2,
        statementTimeoutMs: 600_000,
        operator: 'bench',
        now,
        tokeniser: createTokeniser({ salt: randomBytes(32), dataset: 'bench' }),
      }),
    );
    const spec = await time('calibrate', () => calibrate(pack, { name: 'bench', now }));
    const text = await time('formatSpec', () => formatSpec(spec));
    const parsed = await time('parseSpec', () => parseSpec(text, 'bench.yaml'));
    for (const scale of [1, 1000]) {
      const request = { spec: withBuilders(parsed), catalog, band: 'dev', seed: 'bench', scale, rows: new Map() } as const;
      await time(`resolvePlan at scale ${scale}`, () => resolvePlan(request), 10);
    }
  });
} finally {
  await server.stop();
}

/** A column that nothing makes would be refused; here only the time counts. */
function withBuilders(spec: ReturnType<typeof parseSpec>): ReturnType<typeof parseSpec> {
  const tablesOf = Object.entries(spec.tables).map(([name, table]) => {
    const columns = Object.entries(table.columns).map(([column, made]) => [
      column,
      made.kind === 'unsupported' ? { kind: 'constant' as const, value: column === 'flags' ? '{}' : null } : made,
    ]);
    return [name, { ...table, columns: Object.fromEntries(columns) }];
  });
  return { ...spec, tables: Object.fromEntries(tablesOf) };
}
