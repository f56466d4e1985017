// What is due follows from the log alone: from completed runs that did the thing, not from tries, dry runs or an altered log.
import fs from 'node:fs';
import path from 'node:path';
import { appendRecord, type NewRecord, rotateKey } from '../../evidence/evidence-log.ts';
import type { AuditCheckName, AuditResult } from '../../spec/audit.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;
let place: { folder: string; keyFile: null };
beforeEach(() => {
  // It is the 31st of January 2026, noon.
  bench = createBench();
  place = { folder: path.join(bench.folder, '.shapecast/evidence'), keyFile: null };
});
afterEach(() => bench.remove());

function recordOf(command: string, day: string, change: Partial<NewRecord> = {}): NewRecord {
  return {
    runId: `run-${command}-${day}`,
    command,
    options: [],
    tool: 'shapecast 0.1.0',
    commit: null,
    operator: 'ann',
    startedAt: `${day}T10:00:00.000Z`,
    completedAt: `${day}T11:00:00.000Z`,
    status: 'completed',
    error: null,
    inputs: [],
    facts: {},
    ...change,
  };
}

const ran = (...given: Parameters<typeof recordOf>) => appendRecord(place, recordOf(...given));
const audit = (...argv: string[]) => bench.run(['audit', ...argv]);
const read = async (...argv: string[]) => JSON.parse((await audit('--json', ...argv)).stdout) as AuditResult;
const stateOf = ({ checks }: AuditResult, name: AuditCheckName) => {
  const found = checks.find(({ check }) => check === name);
  return `${found?.state} ${found?.lastAt?.slice(0, 10) ?? 'never'} ${found?.dueAt?.slice(0, 10) ?? '-'}`;
};

test('a check is done by a completed run that did it, and due one period after that or after the log began', async () => {
  await ran('sync', '2026-01-10');
  await ran('verify-shadow', '2026-01-20');
  await ran('sync', '2026-01-29', { options: ['dry-run'] });
  await ran('sync', '2026-01-29', { options: ['to-file'] });
  await ran('sync', '2026-01-29', { status: 'failed', error: 'SYNC_COPY_FAILED' });
  await ran('verify-shadow', '2026-01-29', { status: 'finding' });
  await ran('purge', '2026-01-29', { options: ['dry-run'] });
  await ran('audit', '2026-01-29', { options: ['find-dumps'], status: 'finding' });
  await rotateKey(place.folder, () => recordOf('evidence', '2026-01-30'));
  const late = await read();
  const text = await audit();
  await ran('sync', '2026-01-30');
  await ran('verify-shadow', '2026-01-30');
  await ran('audit', '2026-01-30', { options: ['find-dumps'] });
  const done = await audit();
  const after = await read();
  fs.writeFileSync(path.join(bench.folder, 'cadence.yaml'), 'days: { shadow-refreshed: 1, dumps-searched: off }\n');
  const stricter = await read('--cadence', 'cadence.yaml');
  fs.writeFileSync(path.join(bench.folder, 'cadence.yaml'), 'days: { shadow: 1 }\n');
  const wrong = await audit('--cadence', 'cadence.yaml');

  expect(stateOf(late, 'shadow-refreshed')).toBe('overdue 2026-01-10 2026-01-17');
  expect(stateOf(late, 'shadow-verified')).toBe('overdue 2026-01-20 2026-01-27');
  expect(stateOf(late, 'files-purged')).toBe('done never 2026-02-10');
  expect(stateOf(late, 'dumps-searched')).toBe('overdue never 2026-01-29');
  expect(stateOf(late, 'pack-refreshed')).toBe('unused never -');
  // The key changed with the record after the one that told it, which is this audit's own.
  expect(stateOf(late, 'evidence-key-changed')).toBe('done 2026-01-31 2026-05-03');
  expect(text).toMatchObject({ status: 1, stdout: expect.stringContaining('✗ 3 overdue') });
  expect(text.stdout).toMatch(
    /✗ shadow-refreshed +every 7 days, last 2026-01-10, was due 2026-01-17 \(the last sync failed or was cut off\): shapecast sync/,
  );
  expect(text.stdout).toMatch(/✗ shadow-verified .* \(the last verify-shadow had findings\): shapecast verify-shadow/);
  expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('✓ nothing is overdue') });
  expect(stateOf(after, 'shadow-refreshed')).toBe('done 2026-01-30 2026-02-06');
  expect(stateOf(stricter, 'shadow-refreshed')).toBe('overdue 2026-01-30 2026-01-31');
  expect(stateOf(stricter, 'dumps-searched')).toBe('off 2026-01-30 -');
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('DOCUMENT_INVALID') });
});

test('only a compared check without finding, of the shadow that the last sync made, counts as one of it', async () => {
  const checked = async () => {
    const found = (await read()).checks.find(({ check }) => check === 'shadow-verified');
    return `${found?.state} ${found?.lastAt?.slice(0, 10) ?? 'never'}: ${found?.reason}`;
  };
  const madeBy = (run: string, change: Partial<NewRecord> = {}) => ({ facts: { runs: [run] }, ...change });
  const told: string[] = [];
  await ran('sync', '2026-01-27', madeBy('a'));
  await ran('verify-shadow', '2026-01-27', madeBy('a', { options: ['no-compare'] }));
  told.push(await checked());
  // An empty database instead of the source.
  await ran('verify-shadow', '2026-01-27', { facts: { runs: ['a'], counts: { compared: 0 } }, options: ['other-source'] });
  told.push(await checked());
  await ran('verify-shadow', '2026-01-28', { facts: { runs: ['a'], counts: { compared: 9 } }, options: ['other-source'] });
  await ran('verify-shadow', '2026-01-28', madeBy('of-a-dump', { status: 'finding' }));
  told.push(await checked());
  await ran('sync', '2026-01-29', madeBy('b'));
  told.push(await checked());
  await ran('verify-shadow', '2026-01-29', madeBy('b', { options: ['no-compare'] }));
  await ran('verify-shadow', '2026-01-29', madeBy('of-a-dump'));
  told.push(await checked());
  await ran('verify-shadow', '2026-01-29', madeBy('b', { status: 'finding' }));
  told.push(await checked());
  await ran('verify-shadow', '2026-01-30', madeBy('b'));
  await ran('verify-shadow', '2026-01-30', madeBy('of-a-dump'));
  told.push(await checked());

  expect(told).toEqual([
    'done never: the last verify-shadow was not compared',
    'done never: the last verify-shadow was not compared',
    'done 2026-01-28: null',
    'overdue 2026-01-28: the last good verify-shadow is older than the last sync',
    'overdue 2026-01-29: the last good verify-shadow is of another shadow than the last sync made',
    'overdue 2026-01-29: the last verify-shadow had findings',
    'done 2026-01-30: null',
  ]);
});

test('an altered log is a finding, whatever it says is done', async () => {
  await ran('sync', '2026-01-10');
  await ran('sync', '2026-01-30');
  await ran('verify-shadow', '2026-01-30');
  const log = path.join(place.folder, 'evidence.jsonl');
  const lines = fs.readFileSync(log, 'utf8').split('\n');
  fs.writeFileSync(log, [lines[0]?.replaceAll('2026-01-10', '2026-01-30'), ...lines.slice(1)].join('\n'));

  const told = await audit();

  expect(told).toMatchObject({ status: 1, stdout: expect.stringMatching(/✗ evidence log: \d+ faults/) });
});

test('checkouts and incidents are on record until they are reviewed, and no note may hold a person or a secret', async () => {
  const refused = [
    await audit('--record', 'incident', '--note', 'sent to ann.smith@real.org'),
    await audit('--record', 'checkout', '--note', 'key AKIAIOSFODNN7EXAMPLE'),
    await audit('--record', 'checkout', '--note', 'call +49 30 5550123'),
  ];
  const misused = [
    await audit('--record', 'checkout'),
    await audit('--note', 'alone'),
    await audit('--record', 'incident', '--note', 'two\nlines'),
    await audit('--record', 'incident', '--note', 'x', '--find-dumps', '.'),
    await bench.run(['audit', '--record', 'incident', '--note', 'x'], { SHAPECAST_EVIDENCE: 'off' }),
  ];
  const taken = await audit('--record', 'checkout', '--note', 'replica login, OPS-2026-114', '--operator', 'on-call');
  await audit('--record', 'incident', '--note', 'dump found on the build host, OPS-2026-115');
  const open = await read();
  const text = await audit();
  await audit('--record', 'review', '--note', 'both closed');
  const closed = await read();

  expect(refused.map(({ stderr }) => /error (\w+)/.exec(stderr)?.[1])).toEqual(Array(3).fill('AUDIT_NOTE_REFUSED'));
  expect(refused[0]?.stderr).not.toContain('ann.smith');
  expect(misused.map(({ status }) => status)).toEqual(Array(5).fill(2));
  expect(misused[0]?.stderr).toContain('--record: it needs --note TEXT.');
  expect(misused[1]?.stderr).toContain('--note: it needs --record (checkout,');
  expect(taken.status).toBe(0);
  expect(open.entries).toEqual([
    { kind: 'checkout', note: 'replica login, OPS-2026-114', at: '2026-01-31T12:00:00.000Z', operator: 'on-call' },
    expect.objectContaining({ kind: 'incident' }),
  ]);
  expect(stateOf(open, 'entries-reviewed')).toBe('done never 2026-05-03');
  expect(text.stdout).toContain('- 2026-01-31 checkout by on-call: replica login, OPS-2026-114');
  expect(closed.entries).toEqual([]);
  expect(stateOf(closed, 'entries-reviewed')).toBe('done 2026-01-31 2026-05-03');
  expect(fs.readFileSync(path.join(place.folder, 'evidence.jsonl'), 'utf8')).not.toMatch(/ann\.smith|AKIAIOSFODNN/);
});
