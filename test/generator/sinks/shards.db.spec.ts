// Shards of one target: run in any order, one twice, or all at once, they leave what a single run leaves.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { type Generated, generate, generateShard } from '../../../generator/generate.ts';
import { parseSpec } from '../../../spec/spec.ts';
import { createBench, type TestBench } from '../../cli/test-context.ts';
import { withDatabase } from '../../support/database.ts';
import { parcelsDigest, parcelsSpec, parcelsSql } from './parcels.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const common = {
  spec: parseSpec(parcelsSpec, 'test'),
  band: 'dev',
  seed: 's',
  workers: 1,
  operator: 'test',
  createSql: parcelsSql,
} as const;

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

interface Left {
  readonly fingerprint: string | undefined;
  readonly rows: unknown;
  readonly objects: unknown;
}

/** Rows, and every key and index, of the target. */
async function look(client: pg.Client, fingerprint: string | undefined): Promise<Left> {
  const objects = await client.query(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid::regclass::text !~ '^(pg_|shapecast|information)'
     union all select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' order by 1`,
  );
  return { fingerprint, rows: (await client.query(parcelsDigest)).rows, objects: objects.rows };
}

function singleRun(): Promise<Left> {
  return withDatabase('', async (url, client) => {
    const { fingerprint } = await generate({ ...common, target: { kind: 'postgres', url } });
    return look(client, fingerprint);
  });
}

test('one after the other, one of them twice', async () => {
  const single = await singleRun();
  await withDatabase('', async (url, client) => {
    const results: Generated[] = [];
    const indexes: unknown[] = [];
    for (const index of [2, 0, 0, 1, 2]) {
      results.push(await generateShard({ ...common, target: { kind: 'postgres', url }, shard: { index, of: 3 } }));
      indexes.push((await client.query(`select from pg_indexes where indexname = 'parcels_route'`)).rowCount);
    }

    expect(results.map(({ report }) => report !== null)).toEqual([false, false, false, true, true]);
    expect(results.map(({ chunks }) => chunks.done)).toEqual([2, 4, 4, 6, 6]);
    expect([results[2]?.rowsMade, results[4]?.rowsMade]).toEqual([0, 0]);
    // Set aside until the last one.
    expect(indexes).toEqual([0, 0, 0, 1, 1]);
    expect(await look(client, results[3]?.report?.fingerprint)).toEqual(single);
    expect(results[4]?.report?.fingerprint).toBe(single.fingerprint);
    const runs = await client.query('select distinct status from shapecast.runs');
    expect(runs.rows).toEqual([{ status: 'completed' }]);
  });
});

test('all at the same time, one of them twice, into a database without tables', async () => {
  const single = await singleRun();
  fs.writeFileSync(path.join(bench.folder, 'parcels.yaml'), parcelsSpec);
  fs.writeFileSync(path.join(bench.folder, 'parcels.sql'), parcelsSql);
  await withDatabase('', async (url, client) => {
    const children = ['0/3', '1/3', '2/3', '1/3'].map((shard, at) => startShard(url, shard, `reports${at}`));
    const statuses = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));

    expect(statuses).toEqual([0, 0, 0, 0]);
    const reports = fs.readdirSync(bench.folder, { recursive: true, encoding: 'utf8' }).filter((name) => /report_dev/.test(name));
    expect(reports.length).toBeGreaterThan(0);
    for (const name of reports) {
      const { fingerprint } = JSON.parse(fs.readFileSync(path.join(bench.folder, name), 'utf8'));
      expect(await look(client, fingerprint)).toEqual(single);
    }
    const runs = await client.query('select status, count(*)::int from shapecast.runs group by 1');
    expect(runs.rows).toEqual([{ status: 'completed', count: 4 }]);
  });
});

function startShard(url: string, shard: string, folder: string): ChildProcess {
  const file = (name: string) => path.join(bench.folder, name);
  const argv = ['generate', '--spec', file('parcels.yaml'), '--create', file('parcels.sql'), '--seed', 's', '--target', url];
  return spawn(
    process.execPath,
    [path.join(root, 'bin/shapecast.js'), ...argv, '--workers', '1', '--shard', shard, '--output-dir', file(folder)],
    { env: { PATH: process.env.PATH, SHAPECAST_EVIDENCE_DIR: file('evidence') }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}
