// purge takes what is ours and over, by its form, and nothing else: not what looks like it, not what a link leads to, not what is still valid.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalJson } from '../../core/canonical-json.ts';
import { listRecords } from '../../evidence/show-log.ts';
import { type DumpHeader, formatDumpHeader } from '../../spec/dump-header.ts';
import type { PurgeResult } from '../../spec/purge-result.ts';
import { buildTestPack } from '../support/sample-pack.ts';
import { createBench, type TestBench } from './test-context.ts';

/** No process has it: the largest that Linux gives is 2^22. */
const DEAD = 2 ** 30;

let bench: TestBench;
let dumps: string;
beforeEach(() => {
  bench = createBench();
  dumps = path.join(bench.folder, 'shapecast-dumps');
  fs.mkdirSync(dumps, { mode: 0o700 });
});
afterEach(() => {
  bench.remove();
});

const dumpOf = (change: Partial<DumpHeader> = {}) =>
  `${formatDumpHeader({
    format: 'shapecast-dump',
    version: 1,
    runId: 'run-1',
    tool: 'shapecast 0.1.0',
    rulesSha256: 'a'.repeat(64),
    createdAt: '2026-01-10T00:00:00.000Z',
    expiresAt: '2026-01-31T12:00:00.000Z',
    processId: DEAD,
    host: os.hostname(),
    ...change,
  })}COPY x FROM stdin;\n`;
const valid = { expiresAt: '2026-02-01T00:00:00.000Z' };
const mapping = (expires: string) =>
  canonicalJson({
    format: 'shapecast-mapping',
    version: 1,
    runId: 'r',
    algorithm: 'HMAC-SHA256 truncated to 64 bits, key per column by HKDF-SHA256',
    keyId: 'k',
    domains: [],
    compliance: { containsPlaintext: false, containsSalt: false, isReversible: false },
    retention: { days: 90, expires },
  });
const packOf = (day: string) => {
  const pack = buildTestPack();
  return canonicalJson({ ...pack, provenance: { ...pack.provenance, day, expires: '2099-01-01' } });
};
const write = (name: string, content: string | Buffer) => fs.writeFileSync(path.join(dumps, name), content);
const purge = (...argv: string[]) => bench.run(['purge', ...argv], { TMPDIR: bench.folder });
const namesOf = (list: readonly { readonly file: string }[]) => list.map(({ file }) => path.basename(file));

test('removes what is over of dumps, packs and mappings, keeps what is valid, and leaves everything else', async () => {
  const outside = path.join(bench.folder, 'outside.sql');
  fs.writeFileSync(outside, dumpOf());
  write('a-over.sql', dumpOf());
  write('b-over.sql.gz', Buffer.concat([gzipSync(dumpOf()), gzipSync('x'.repeat(100_000))]));
  write('c-long-life.txt', dumpOf({ createdAt: '2025-12-31T00:00:00.000Z', expiresAt: '2099-01-01T00:00:00.000Z' }));
  write('d.sql.0123abcd.partial', dumpOf(valid));
  write('e-pack.json', packOf('2025-11-01'));
  write('f-mapping.json', mapping('2026-01-31'));
  write('k-valid.sql', dumpOf(valid));
  write('l.sql.0123abcd.partial', dumpOf({ ...valid, processId: process.pid }));
  // Written by another machine into a folder that both have, and not a day old.
  write('m.sql.0123abcd.partial', dumpOf({ ...valid, host: 'elsewhere' }));
  write('m-pack.json', packOf('2026-01-01'));
  write('n-mapping.json', mapping('2026-02-01'));
  write('o.sql.0123abce.partial', '');
  fs.utimesSync(path.join(dumps, 'o.sql.0123abce.partial'), new Date('2026-01-31T00:00:00Z'), new Date('2026-01-31T00:00:00Z'));
  write('s-version.json', packOf('2025-11-01').replace('"version":1', '"version":9'));
  write('t-altered.json', packOf('2025-11-01').replace('"guarantee":"threshold"', '"guarantee":"all"'));
  write('u.sql.89abcdef.partial', 'something else');
  fs.symlinkSync(outside, path.join(dumps, 'v-link.sql'));
  write('x-raw.sql', '--\n-- PostgreSQL database dump\n--\n');
  write('y-story.md', `It begins with\n${dumpOf()}`);
  write('z-forged.sql', dumpOf().replace('"version":1', '"version":2'));
  fs.mkdirSync(path.join(dumps, 'w-below'));
  fs.writeFileSync(path.join(dumps, 'w-below/over.sql'), dumpOf());
  const before = fs.readdirSync(dumps);

  const planned = await purge('--dry-run', '--json');
  const untouched = fs.readdirSync(dumps);
  const done = await purge('--json');
  const again = await purge();
  const result = JSON.parse(done.stdout) as PurgeResult;

  expect(JSON.parse(planned.stdout)).toEqual({ ...result, dryRun: true });
  expect(untouched).toEqual(before);
  expect(namesOf(result.removed)).toEqual(before.slice(0, 6));
  expect(namesOf(result.kept)).toEqual(before.slice(6, 12));
  expect(namesOf(result.left)).toEqual(before.filter((name) => /^[stuv]/.test(name)));
  // The evidence log's own files are not among the others.
  expect(result).toMatchObject({ failed: [], others: 4 });
  expect(fs.readdirSync(dumps)).toEqual(before.slice(6));
  expect(fs.existsSync(outside) && fs.existsSync(path.join(dumps, 'w-below/over.sql'))).toBe(true);
  expect(again).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('✓ 0 removed, 6 still valid, 4 not touched because unclear, 4 other files'),
  });
  expect(again.stdout).toMatch(/not touched .*v-link\.sql: a link, which is not followed/);
  const [, , , record] = listRecords(path.join(bench.folder, '.shapecast/evidence'));
  expect(record?.facts).toMatchObject({ counts: { removed: 6, kept: 6, left: 4, failed: 0 }, receipt: { isProven: true } });
});

test('digest sets in the evidence folder live 90 days, and nothing else there is touched', async () => {
  const evidence = path.join(bench.folder, '.shapecast/evidence');
  const set = (createdAt: string) =>
    JSON.stringify({
      format: 'shapecast-shadow-digests',
      version: 1,
      runId: 'run-1',
      rulesSha256: 'a'.repeat(64),
      createdAt,
      keyProof: 'a'.repeat(32),
      wordHash: '1',
      columns: [],
      keys: [],
    });
  await purge();
  fs.writeFileSync(path.join(evidence, 'shadow-digests-run-1.json'), set('2025-11-02T10:00:00.000Z'));
  fs.writeFileSync(path.join(evidence, 'shadow-digests-run-2.json'), set('2025-11-03T10:00:00.000Z'));
  const before = fs.readdirSync(evidence);

  const done = await purge();

  expect(done.stdout).toMatch(/removed digest set .*shadow-digests-run-1\.json/);
  expect(fs.readdirSync(evidence)).toEqual(before.filter((name) => name !== 'shadow-digests-run-1.json'));
});

test('a named folder is searched too, and has to be one; no name of a file reaches the terminal as it is', async () => {
  const packs = path.join(bench.folder, 'packs');
  fs.mkdirSync(packs);
  fs.symlinkSync(packs, path.join(bench.folder, 'link'));
  fs.writeFileSync(path.join(packs, 'a\u001b[2Jb\u202e\n.sql'), dumpOf());

  const linked = await purge('--dir', 'link');
  const missing = await purge('--dir', 'nowhere');
  const done = await purge('--dir', 'packs');

  expect(linked).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_UNREADABLE') });
  expect(missing.status).toBe(2);
  expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('a?[2Jb??.sql') });
  expect(fs.readdirSync(packs)).toEqual([]);
});

test('what is over and cannot be removed ends with 3, after all others', async () => {
  write('a.sql', dumpOf());
  write('b.sql', dumpOf());
  const unlink = fs.unlinkSync;
  // Root may remove anything, so the system's no is made here.
  fs.unlinkSync = (file) => {
    if (String(file).endsWith('a.sql')) throw Object.assign(new Error('no'), { code: 'EACCES' });
    unlink(file);
  };
  let done: Awaited<ReturnType<typeof purge>>;
  try {
    done = await purge();
  } finally {
    fs.unlinkSync = unlink;
  }

  expect(done).toMatchObject({ status: 3, stderr: expect.stringContaining('PURGE_INCOMPLETE') });
  expect(done.stdout).toMatch(/✗ not removed: .*a\.sql \(EACCES\)/);
  expect(fs.readdirSync(dumps)).toEqual(['a.sql']);
});
