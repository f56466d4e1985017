// --expired, --files, --database and --json: what else may go, and how it is told and recorded.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listRecords } from '../../evidence/show-log.ts';
import { type TeardownResult, teardownResultSchema } from '../../spec/teardown-result.ts';
import { teardown } from '../../teardown/teardown.ts';
import { createBench } from '../cli/test-context.ts';
import { serverUrl, withDatabase } from '../support/database.ts';
import { attempt, fill, readState, setup } from './filled-target.ts';

test('--expired leaves a young dataset and removes an old one, whatever ran since', async () => {
  await withDatabase(setup, async (url, client) => {
    await fill(client);
    const begin = (days: number) =>
      client.query(`update shapecast.runs set started_at = now() - interval '${days} days' where run_id = 'run-1'`);
    await begin(29);
    const before = await readState(client);
    const young = attempt(url, { expired: true });

    expect(await teardown(young.options)).toBe('young');
    expect(young.lines.at(-1)).toMatch(
      /^\[Teardown\] not expired: made 29 days ago, lives for 30, until 20.*Nothing was removed\.$/,
    );
    expect(young.asked).toEqual([]);
    expect(await readState(client)).toEqual(before);

    await begin(31);
    // A later run of the same plan does not lengthen the rows' life.
    await client.query(`insert into shapecast.runs select 'run-2', plan_id, seed, band, spec_name, tool_version, null, null, 'completed', now(), now()
      from shapecast.runs`);
    expect(await teardown(attempt(url, { expired: true }).options)).toBe('removed');
    expect(await teardown(attempt(url, { expired: true }).options)).toBe('nothing');
  });
});

describe('--files', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-files-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('removes reports and run records of the removed runs, after listing them, and no other file', async () => {
    const write = (name: string, content: unknown) => fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
    const report = (runId: string) => ({ format: 'shapecast-report', version: 9, runId, planId: 'a'.repeat(64) });
    write('report_dev_20260131T120000Z.json', report('run-1'));
    write('report_dev_20260131T130000Z.json', report('run-of-another-target'));
    write('run_20260131T120000Z.json', { format: 'shapecast-run', runId: 'load-1', report: { runId: 'run-1' } });
    write('latest_run.json', { format: 'shapecast-run', runId: 'load-1', report: { runId: 'run-1' } });
    write('run_20260131T130000Z.json', { format: 'shapecast-run', runId: 'run-1', report: { runId: 'another' } });
    write('mine.json', report('run-1'));
    write('report_perf_20260131T120000Z.json', 'run-1');
    fs.symlinkSync(path.join(folder, 'mine.json'), path.join(folder, 'report_dev_20260131T140000Z.json'));
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      const dry = attempt(url, { fileFolders: [folder], dryRun: true });
      await teardown(dry.options);
      const wanted = ['latest_run.json', 'report_dev_20260131T120000Z.json', 'run_20260131T120000Z.json'];
      expect(dry.lines.filter((line) => line.includes('file      '))).toEqual(
        wanted.map((name) => `[Teardown]   file      ${path.join(folder, name)}`),
      );
      expect(fs.readdirSync(folder)).toHaveLength(8);
      await expect(teardown(attempt(url, { fileFolders: [`${folder}/none`] }).options)).rejects.toMatchObject({
        code: 'FILE_UNREADABLE',
      });

      expect(await teardown(attempt(url, { fileFolders: [folder] }).options)).toBe('removed');

      expect(fs.readdirSync(folder)).toEqual([
        'mine.json',
        'report_dev_20260131T130000Z.json',
        'report_dev_20260131T140000Z.json',
        'report_perf_20260131T120000Z.json',
        'run_20260131T130000Z.json',
      ]);
    });
  });
});

test('--database drops a database that shapecast made once it is empty, and no other', async () => {
  await withDatabase('', async (_url, admin) => {
    const name = `own_${process.pid}`;
    const url = serverUrl(name);
    const attemptOn = (change: object) => attempt(url, { database: true, ...change });
    await admin.query(`create database ${name}`);
    try {
      const stranger = attemptOn({});
      expect(await teardown(stranger.options)).toBe('nothing');
      expect(stranger.lines).toContain(`[Teardown]   keep      database ${name}: not made by shapecast`);

      await admin.query(`comment on database ${name} is 'made by shapecast'`);
      const dropped: TeardownResult[] = [];
      const { options } = attemptOn({ onResult: (result: TeardownResult) => dropped.push(result) });
      expect(await teardown(options)).toBe('nothing');
      expect(dropped.at(-1)?.database).toBe('dropped');
      expect((await admin.query('select from pg_database where datname = $1', [name])).rowCount).toBe(0);
    } finally {
      await admin.query(`drop database if exists ${name}`);
    }
  });
});

test('--database keeps a database of ours that holds tables of theirs', async () => {
  await withDatabase(setup, async (url, client) => {
    await client.query(`comment on database ${client.database} is 'made by shapecast'`);
    await fill(client);
    const { options, lines } = attempt(url, { database: true });

    expect(await teardown(options)).toBe('removed');
    expect(lines.join('\n')).toContain('something else is in it');
    expect(await teardown(attempt(url, { database: true }).options)).toBe('nothing');
    expect(await readState(client)).toContain('public.unrelated 2');
  });
});

test('a database that another session keeps is an error, and what was proven before is told', async () => {
  await withDatabase('', async (url, client) => {
    await client.query(`comment on database ${client.database} is 'made by shapecast'`);
    await client.query(`create schema shapecast; comment on schema shapecast is 'made by shapecast'`);
    const told: TeardownResult[] = [];
    const { options } = attempt(url, { database: true, onResult: (result: TeardownResult) => told.push(result) });

    await expect(teardown(options)).rejects.toMatchObject({ code: 'QUERY_FAILED' });

    expect(told.at(-1)).toMatchObject({
      outcome: 'removed',
      database: 'drop',
      proof: [{ subject: 'schema shapecast', passed: true }],
    });
  });
});

test('--json prints plan and proof, and the evidence log keeps the receipt', async () => {
  const bench = createBench();
  try {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      const dry = await bench.run(['teardown', '--dry-run', '--json'], { DATABASE_URL: url });
      const done = await bench.run(['teardown', '--no-confirm', '--json'], { DATABASE_URL: url });

      expect(teardownResultSchema.parse(JSON.parse(dry.stdout))).toMatchObject({ outcome: 'planned', proof: [] });
      expect(dry.stderr).toContain('[Teardown] Dry run: nothing was removed.');
      const result = teardownResultSchema.parse(JSON.parse(done.stdout));
      expect(result).toMatchObject({
        outcome: 'removed',
        runs: ['run-1'],
        drop: [{ name: 'public.drafts', rows: 4 }],
        empty: [
          { name: 'public."Mess.ages"', rows: 3 },
          { name: 'public.users', rows: 5 },
        ],
        liveTuples: [
          { table: 'public."Mess.ages"', rows: 0 },
          { table: 'public.users', rows: 0 },
        ],
      });
      expect(result.proof).toContainEqual({ subject: 'public.users', found: 'COUNT(*) = 0', passed: true });
      const receipts = listRecords(path.join(bench.folder, '.shapecast/evidence')).map(({ facts }) => facts);
      expect(receipts.at(-1)).toMatchObject({
        target: expect.stringMatching(/:\d+\/test_/),
        verdict: 'removed',
        runs: ['run-1'],
        counts: { dropped: 1, emptied: 2, rows: 12, putBack: 4 },
        receipt: { dropped: ['public.drafts'], emptied: ['public."Mess.ages"', 'public.users'], isProven: true },
      });
    });
  } finally {
    bench.remove();
  }
});
