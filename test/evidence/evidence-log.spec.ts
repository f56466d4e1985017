// The log is a chain: two processes never fork it, a write that was cut off does not break it, and whatever is altered is named.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { appendRecord, type EvidencePlace, type NewRecord, rotateKey } from '../../evidence/evidence-log.ts';
import { formatEcs, listRecords } from '../../evidence/show-log.ts';
import { verifyLog } from '../../evidence/verify-log.ts';
import { evidenceLineSchema } from '../../spec/evidence.ts';

let place: EvidencePlace;
beforeEach(() => {
  place = { folder: fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-evidence-')), keyFile: null };
});
afterEach(() => fs.rmSync(place.folder, { recursive: true, force: true }));

const file = (name: string) => path.join(place.folder, name);
const readLines = () => fs.readFileSync(file('evidence.jsonl'), 'utf8').trimEnd().split('\n');
const readKey = () => JSON.parse(fs.readFileSync(file('signing-key.json'), 'utf8')) as { d: string };
const writeLines = (lines: readonly string[]) => fs.writeFileSync(file('evidence.jsonl'), `${lines.join('\n')}\n`);

function record(runId: string, change: Partial<NewRecord> = {}): NewRecord {
  return {
    runId,
    command: 'generate',
    options: ['seed'],
    tool: 'shapecast 0.1.0',
    commit: null,
    operator: 'ann',
    startedAt: '2026-01-31T12:00:00.000Z',
    completedAt: '2026-01-31T12:00:05.000Z',
    status: 'completed',
    error: null,
    inputs: [],
    facts: { target: 'localhost:5432/dev', counts: { rows: 10 } },
    ...change,
  };
}

async function append(count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) await appendRecord(place, record(`run-${index}`));
}

async function faultsOf(change: { keysFile?: string; expectedHead?: string } = {}): Promise<string[]> {
  const { faults } = await verifyLog({ folder: place.folder, keysFile: null, expectedHead: null, ...change });
  return faults.map(({ sequence, reason }) => `${sequence}: ${reason}`);
}

test('a log as it was written has no fault, and everything in its folder is for its owner alone', async () => {
  await append(5);

  expect(await faultsOf()).toEqual([]);
  expect(listRecords(place.folder).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  const modes = fs.readdirSync(place.folder).map((name) => [name, fs.statSync(file(name)).mode & 0o777]);
  expect(Object.fromEntries(modes)).toEqual(
    Object.fromEntries(
      ['.gitignore', 'evidence.jsonl', 'head.json', 'keys.json', 'signing-key.json'].map((name) => [name, 0o600]),
    ),
  );
});

describe('verify names', () => {
  const altered = (line: string) => line.replace('"rows":10', '"rows":11');

  test.each<[string, (lines: string[]) => string[], string[]]>([
    [
      'an altered record',
      ([a = '', b = '', ...rest]) => [a, altered(b), ...rest],
      ['2: altered: its signature is of another text'],
    ],
    [
      'the last one too',
      (lines) => [...lines.slice(0, 4), altered(lines[4] ?? '')],
      ['5: altered: its signature is of another text', '5: altered: it is not the record that the head names'],
    ],
    ['one that is no record any more', ([a = '', , ...rest]) => [a, 'x', ...rest], ['2: altered: line 2 is no record any more']],
    [
      'other bytes of the same record',
      ([a = '', b = '', ...rest]) => [a, `${b} `, ...rest],
      ['2: altered: line 2 is no record any more'],
    ],
    ['a removed record', ([a = '', , ...rest]) => [a, ...rest], ['2: removed: record 3 stands in its place']],
    ['the first one too', ([, ...rest]) => rest, ['1: removed: record 2 stands in its place']],
    [
      'records cut off the end',
      (lines) => lines.slice(0, 3),
      ['4: removed: records 4 to 5 were written, and the log ends before'],
    ],
    ['reordered records', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest], ['2: reordered: it stands after record 3']],
    ['a record that stands twice', ([a = '', ...rest]) => [a, a, ...rest], ['1: it stands twice']],
  ])('%s', async (_name, change, expected) => {
    await append(5);
    writeLines(change(readLines()));

    expect(await faultsOf()).toEqual(expected);
  });

  test('a record of another log, and one signed by a stranger', async () => {
    await append(3);
    const other = { ...place, folder: file('other') };
    for (const name of ['run-1', 'run-2', 'run-3']) await appendRecord(other, record(name));
    const [, theirs = ''] = fs.readFileSync(path.join(other.folder, 'evidence.jsonl'), 'utf8').split('\n');
    const [first = '', , third = ''] = readLines();
    writeLines([first, theirs, third]);

    expect(await faultsOf()).toEqual(['2: signed by a key that is not in the key set']);
  });

  test('a record written anew with the right key, by the link of the next one', async () => {
    await append(3);
    const lines = readLines();
    fs.rmSync(file('head.json'));
    writeLines(lines.slice(0, 1));
    await appendRecord(place, record('run-2', { operator: 'eve' }));
    writeLines([...readLines(), lines[2] ?? '']);

    expect(await faultsOf()).toContain('3: its link is not to record 2 as that stands there');
  });

  test('a missing head, an altered head, and a head that is expected and not there', async () => {
    await append(2);
    const { hash } = await appendRecord(place, record('run-3'));
    expect(await faultsOf({ expectedHead: hash })).toEqual([]);
    const head = fs.readFileSync(file('head.json'), 'utf8');
    const lines = readLines();

    fs.writeFileSync(file('head.json'), head.replace('"sequence":3', '"sequence":2'));
    expect(await faultsOf()).toEqual(['null: the head: altered: its signature is of another text']);
    fs.rmSync(file('head.json'));
    expect(await faultsOf()).toEqual(['null: the head is missing: records may be gone from the end']);
    // Whoever has the key can write the end anew, head and all: only a head that was kept elsewhere tells.
    writeLines(lines.slice(0, 2));
    await appendRecord(place, record('run-3', { operator: 'eve' }));
    expect(await faultsOf()).toEqual([]);
    expect(await faultsOf({ expectedHead: hash })).toEqual([
      'null: the expected head is not in the log: its end was removed, or it was written again',
    ]);
  });
});

test('keys: what retired ones signed stays valid, and they sign nothing more', async () => {
  await append(2);
  const retired = fs.readFileSync(file('signing-key.json'));
  await rotateKey(place.folder, (kid) => record('rotation', { command: 'evidence', facts: { verdict: `new key ${kid}` } }));
  await append(1);
  const own = { ...place, keyFile: file('mine.json') };
  fs.writeFileSync(own.keyFile, retired, { mode: 0o600 });

  const { keys, faults } = await verifyLog({ folder: place.folder, keysFile: null, expectedHead: null });
  expect(faults).toEqual([]);
  expect(keys.map(({ records, isRetired }) => [records, isRetired])).toEqual([
    [3, true],
    [1, false],
  ]);
  const kept = file('kept-elsewhere.json');
  fs.copyFileSync(file('keys.json'), kept);
  fs.rmSync(file('keys.json'));
  expect(await faultsOf({ keysFile: kept })).toEqual([]);
  fs.copyFileSync(kept, file('keys.json'));

  // The retired key, used again behind the set's back.
  await appendRecord(own, record('run-9'));
  expect(await faultsOf({ keysFile: kept })).toContain('5: signed by a key that was retired after record 3');
  fs.chmodSync(own.keyFile, 0o604);
  await expect(appendRecord(own, record('run-10'))).rejects.toMatchObject({ code: 'EVIDENCE_KEY_INVALID' });
});

test.each([
  ['no JSON', () => '{'],
  ['a key without its private part', () => JSON.stringify({ ...readKey(), d: undefined })],
  ['a private part that is not of the public one', () => JSON.stringify({ ...readKey(), x: 'A'.repeat(43) })],
])('a key file that holds %s is refused, and nothing of it is repeated', async (_name, textOf) => {
  await append(1);
  const { d } = readKey();
  const own = { ...place, keyFile: file('mine.json') };
  fs.writeFileSync(own.keyFile, textOf(), { mode: 0o600 });

  const failure: unknown = await appendRecord(own, record('run-2')).catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: 'EVIDENCE_KEY_INVALID' });
  expect(String(failure)).not.toContain(d);
});

test.each([
  ['half a record', (line: string) => line.slice(0, 100)],
  ['all but its line feed', (line: string) => line],
])('a write that was cut off after %s is told, and the next record goes on', async (_name, cut) => {
  await append(3);
  const lines = readLines();
  const head = fs.readFileSync(file('head.json'));
  await append(1);
  // As a crash leaves it: the line is not whole, and the head not moved.
  fs.writeFileSync(file('evidence.jsonl'), `${lines.join('\n')}\n${cut(readLines()[3] ?? '')}`);
  fs.writeFileSync(file('head.json'), head);
  const isWhole = cut('x'.repeat(200)).length === 200;

  const torn = await verifyLog({ folder: place.folder, keysFile: null, expectedHead: null });
  expect(torn.faults).toEqual([]);
  expect(torn.notes).toEqual(isWhole ? [] : ['at the end: a write was cut off (100 bytes)']);
  // Once more, while the torn line is ended and its record is cut off as well.
  if (!isWhole) fs.appendFileSync(file('evidence.jsonl'), '\n{"rec');
  await append(2);

  const { faults, notes, records } = await verifyLog({ folder: place.folder, keysFile: null, expectedHead: null });
  expect(faults).toEqual([]);
  expect(notes).toEqual(isWhole ? [] : ['before record 4: a write was cut off (106 bytes)']);
  expect(records).toBe(isWhole ? 6 : 5);
});

test('a log that was cut or altered at its end takes no further record', async () => {
  await append(3);
  const lines = readLines();

  writeLines(lines.slice(0, 2));
  await expect(append(1)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN', data: { sequence: 3 } });
  writeLines([...lines.slice(0, 2), 'x']);
  await expect(append(1)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  expect(readLines()).toHaveLength(3);
});

test('a run without an end is told', async () => {
  await appendRecord(place, record('run-1', { status: 'started', completedAt: null }));
  await appendRecord(place, record('run-2', { status: 'started', completedAt: null }));
  await appendRecord(place, record('run-1'));

  const { notes } = await verifyLog({ folder: place.folder, keysFile: null, expectedHead: null });

  expect(notes).toEqual(['record 2: generate (run-2) has no end: it is at work, or was killed']);
});

test('a line holds the record and its signature, as canonical JSON', async () => {
  await append(1);
  const [line = ''] = readLines();

  const parsed = evidenceLineSchema.parse(JSON.parse(line));

  expect(canonicalJson(parsed)).toBe(line);
  expect(parsed.record).toMatchObject({ format: 'shapecast-evidence', version: 1, sequence: 1, previous: '0'.repeat(64) });
});

test('an event of ECS has the fields and values that the schema lists', async () => {
  await appendRecord(place, record('run-1', { status: 'started', completedAt: null }));
  await appendRecord(place, record('run-1', { command: 'teardown', status: 'refused', error: 'HOST_REFUSED' }));

  const [begun, ended] = listRecords(place.folder).map((each) => JSON.parse(formatEcs(each)) as Record<string, unknown>);

  expect(begun).toMatchObject({ event: { type: ['start'], outcome: 'unknown' } });
  expect(ended).toMatchObject({
    '@timestamp': '2026-01-31T12:00:05.000Z',
    event: {
      kind: 'event',
      category: ['database'],
      type: ['end', 'deletion'],
      action: 'shapecast-teardown',
      outcome: 'failure',
      code: 'HOST_REFUSED',
      duration: 5_000_000_000,
      sequence: 2,
    },
    user: { name: 'ann' },
    service: { name: 'shapecast', version: '0.1.0' },
    labels: { target: 'localhost:5432/dev', count_rows: '10', run_id: 'run-1' },
  });
});
