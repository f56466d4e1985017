// The bench of killed runs in short: two runs that lose their process and their server, on a server of their own; and what
// a crash of the server does to unlogged tables.
import path from 'node:path';
import { readDefinitions } from '../../bench/kills/check.ts';
import { killRuns } from '../../bench/kills/kill-runs.ts';
import { KilledServer } from '../../bench/kills/server.ts';
import { packageFolder } from '../../core/tool.ts';
import { generate } from '../../generator/generate.ts';
import { withClient } from '../../postgres/connect.ts';
import { parseSpec } from '../../spec/spec.ts';

const inFolder = (name: string) => path.join(packageFolder(), 'bench', 'kills', name);
const sizes = ['users=2000', 'rooms=2000', 'messages=6000', 'events=2000'].flatMap((size) => ['--rows', `public.${size}`]);
const asTest = { applicationName: 'shapecast test' };

/** An index without its process, a copy without its server. */
const numbers = [9, 12];

test('runs that are killed and started again leave what an undisturbed one leaves', async () => {
  const lines: string[] = [];

  const outcome = await killRuns({
    numbers,
    seed: 1,
    bin: null,
    sqlFile: inFolder('dataset.sql'),
    arguments: ['--spec', inFolder('dataset.yaml'), '--band', 'dev', '--seed', 'kills', '--workers', '2', ...sizes],
    print: (line) => lines.push(line),
  });

  expect({ ...outcome, met: outcome.met.size > 0, lines }).toMatchObject({ runs: 2, equal: 2, chunksMadeAgain: 0, met: true });
}, 600_000);

test('a crash of the server empties unlogged tables and their ledger, and the same run makes them again', async () => {
  const server = await KilledServer.make(null);
  try {
    await server.start();
    const url = server.url('postgres');
    const createSql =
      'create table public.things (id int primary key, name text not null unique); create index on public.things (name)';
    const spec = parseSpec(
      `
format: shapecast-spec
version: 1
name: crash
bands: { dev: { scale: 1 } }
tables:
  public.things:
    rows: { count: 5000 }
    columns:
      id: { kind: sequence }
      name: { kind: text, isUnique: true, length: { family: uniform, min: 8, max: 20 } }
`,
      'test',
    );
    const options = { spec, band: 'dev', seed: 'a', target: { kind: 'postgres', url }, createSql, workers: 1 } as const;
    const run = () => generate({ ...options, unlogged: true, operator: 'test', environment: {} });
    const read = () =>
      withClient(url, asTest, async (client) => {
        const { rows } = await client.query<{ rows: number; chunks: number }>(
          `select (select count(*)::int from public.things) as rows, (select count(*)::int from shapecast.chunks) as chunks`,
        );
        return { ...rows[0], definitions: await readDefinitions(client) };
      });
    const first = await run();
    const before = await read();

    await server.kill('immediate');
    await server.start();

    expect(await read()).toEqual({ ...before, rows: 0, chunks: 0 });
    const second = await run();
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(await read()).toEqual(before);
    expect(before).toMatchObject({ rows: 5000, chunks: 1 });
  } finally {
    await server.remove();
  }
});
