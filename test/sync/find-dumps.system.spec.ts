// Raw dumps are found by what they are: every form that pg_dump and pg_basebackup write, also packed and renamed; and what only speaks of dumps,
// holds no rows or was masked is not taken for one.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatDumpHeader } from '../../spec/dump-header.ts';
import type { FoundDumps } from '../../spec/found-dumps.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const NAME = 'find_dumps';

let bench: TestBench;
let raw: string;
let fine: string;
const tool = (name: string, argv: readonly string[], input?: string) =>
  execFileSync(path.join(bin, name), argv, { ...(input === undefined ? {} : { input }), stdio: ['pipe', 'pipe', 'inherit'] });
const dump = (...argv: string[]) => tool('pg_dump', ['-d', NAME, ...argv]);
const find = (...argv: string[]) => bench.run(['audit', '--find-dumps', ...argv], { SHAPECAST_EVIDENCE: 'off' });
const search = async (...argv: string[]) => JSON.parse((await find(...argv, '--json')).stdout) as FoundDumps;

beforeAll(() => {
  bench = createBench();
  raw = path.join(bench.folder, 'raw');
  fine = path.join(bench.folder, 'fine');
  fs.mkdirSync(raw);
  fs.mkdirSync(fine);
  tool('createdb', [NAME]);
  // A schema larger than what is read of a file.
  const columns = Array.from({ length: 1000 }, (_, at) => `a_long_column_name_${at} int`).join(', ');
  const wide = [1, 2, 3].map((at) => `create table t${at} (${columns});`);
  tool(
    'psql',
    ['-X', '-q', '-d', NAME],
    `create table people (id int, mail text); insert into people values (1, 'ann@real.org'); ${wide.join('\n')}`,
  );
});
afterAll(() => {
  tool('dropdb', ['--force', NAME]);
  bench.remove();
});

test('finds every form of dump with rows, whatever its name', async () => {
  const write = (name: string, content: string | Buffer) => fs.writeFileSync(path.join(raw, name), content);
  write('holiday.jpg', dump('-Fc'));
  write('backup.tar', dump('-Ft', '-t', 'people'));
  write('plain.txt', dump());
  write('plain.gz', gzipSync(dump()));
  write('custom-gz', gzipSync(dump('-Fc', '-t', 'people')));
  write('inserts.sql', dump('--inserts', '-t', 'people'));
  write('copy.sql', 'BEGIN;\nCOPY public.people (id, mail) FROM stdin;\n1\tann@real.org\n\\.\n');
  // As pg_dumpall writes it; a whole one would hold the databases of the specs beside this one.
  write('cluster.sql', Buffer.concat([tool('pg_dumpall', ['--globals-only']), Buffer.from(`\\connect ${NAME}\n\n`), dump()]));
  write('dump.sql.zst', Buffer.concat([Buffer.from('28b52ffd', 'hex'), Buffer.alloc(100, 7)]));
  write('people.csv', Array.from({ length: 40 }, (_, at) => `${at},user${at}@company.de`).join('\n'));
  dump('-Fd', '-f', path.join(raw, 'folder'));
  tool('pg_basebackup', ['-D', path.join(raw, 'base'), '-c', 'fast', '--no-sync']);
  fs.mkdirSync(path.join(raw, 'packed'));
  execFileSync('tar', ['-cf', path.join(raw, 'packed/all.tar'), '-C', path.join(raw, 'base'), 'backup_label']);
  const hostile = 'a\u001b[31m\nb\u202e.sql';
  write(hostile, dump('-t', 'people'));

  const { found } = await search('raw');
  const told = await find('raw');

  expect(Object.fromEntries(found.map(({ file, format, state }) => [path.relative(raw, file), `${state}: ${format}`]))).toEqual({
    'holiday.jpg': 'raw: pg_dump, custom format',
    'backup.tar': 'raw: pg_dump, tar format',
    'plain.txt': 'raw: pg_dump, plain SQL',
    'plain.gz': 'raw: pg_dump, plain SQL, gzip',
    'custom-gz': 'raw: pg_dump, custom format, gzip',
    'inserts.sql': 'raw: pg_dump, plain SQL',
    'copy.sql': 'raw: SQL with rows (COPY)',
    'cluster.sql': 'raw: pg_dump, plain SQL',
    'dump.sql.zst': 'raw: a dump by its name, packed by zstd',
    'people.csv': 'raw: rows with mail addresses',
    'folder/toc.dat': 'raw: pg_dump, directory format',
    'base/backup_label': 'raw: base backup',
    'packed/all.tar': 'raw: base backup, in a tar archive',
    [hostile]: 'raw: pg_dump, plain SQL',
  });
  expect(told).toMatchObject({ status: 1, stdout: expect.stringContaining('✗ 14 raw dumps') });
  expect(told.stdout).toContain('a?[31m?b?.sql');
  expect(told.stdout).not.toContain('\u001b');
  expect(told.stdout).not.toContain('ann@real.org');
});

test('takes nothing else for one: texts about dumps, schemas, masked dumps, links, made-up rows, other archives', async () => {
  const write = (name: string, content: string | Buffer) => fs.writeFileSync(path.join(fine, name), content);
  write(
    'story.md',
    'Restore with pg_restore. A dump begins with\n\n--\n-- PostgreSQL database dump\n--\n\nCOPY people (id, mail) FROM stdin;\n1\tx\n',
  );
  write('note.txt', 'PGDMP is the magic word of pg_dump -Fc\n');
  write('query.sql', '-- COPY people (id, mail) FROM stdin;\nselect 1;\nCOPY people (id, mail) FROM stdin;\n\\.\n');
  write('schema.sql', dump('--schema-only', '-t', 'people'));
  write('schema.dump', dump('-Fc', '--schema-only', '-t', 'people'));
  write('schema.sql.gz', gzipSync(dump('--schema-only', '-t', 'people')));
  write('synthetic.csv', Array.from({ length: 40 }, (_, at) => `${at},user${at}@example.com`).join('\n'));
  write('sources.tar.xz', Buffer.from('fd377a585a00ffff', 'hex'));
  write('damaged.gz', Buffer.from('1f8b08ffffff', 'hex'));
  write('empty.sql', '');
  const header = {
    format: 'shapecast-dump',
    version: 1,
    runId: 'run-1',
    tool: 'shapecast 0.1.0',
    rulesSha256: 'a'.repeat(64),
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-20T00:00:00.000Z',
    processId: 1,
    host: 'elsewhere',
  } as const;
  write('masked.sql', `${formatDumpHeader(header)}\nCOPY public.people (id, mail) FROM stdin;\n1\tx\n\\.\n`);
  write(
    'masked.sql.gz',
    Buffer.concat([
      gzipSync(formatDumpHeader({ ...header, createdAt: '2026-01-05T00:00:00.000Z', expiresAt: '2026-02-20T00:00:00.000Z' })),
      gzipSync('x'),
    ]),
  );
  fs.symlinkSync('/', path.join(fine, 'everything'));
  execFileSync('mkfifo', [path.join(fine, 'pipe')]);

  const { found, links, files } = await search('fine');
  const told = await find('fine');
  const missing = await find('nowhere');

  expect(Object.fromEntries(found.map(({ file, state }) => [path.basename(file), state]))).toEqual({
    'schema.sql': 'schema',
    'schema.dump': 'schema',
    'schema.sql.gz': 'schema',
    'masked.sql': 'masked',
    'masked.sql.gz': 'masked',
  });
  expect([links, files]).toEqual([1, 12]);
  expect(told.status).toBe(0);
  expect(told.stdout).toMatch(/- masked .*masked\.sql: .* EXPIRED/);
  expect(told.stdout).toMatch(/- masked .*masked\.sql\.gz: .* until 2026-02-04/);
  expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_UNREADABLE') });
});
