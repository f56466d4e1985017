// explain --what-if on a server with hypopg, which the embedded one lacks: an index is pretended to the planner, nothing is built, and what
// hypopg cannot pretend is really built. Left out, in so many words, where PostgreSQL 15 has no hypopg.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { explanationSchema } from '../../spec/explanation.ts';
import { createBench, type TestBench } from './test-context.ts';

const DATABASE = 'what_if';
const url = `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${DATABASE}`;
const SCHEMA = `
  create schema "Odd tools"; create extension hypopg schema "Odd tools"; create extension pg_trgm;
  create table notes (id int primary key, room int not null, body text not null);
  insert into notes select i, i % 970, 'canary-' || i from generate_series(1, 20000) i;
  analyze notes;`;
const WORKLOAD = `
  -- name: room
  -- :room = hot of notes.room
  select id from notes where room = :room;
  -- name: words
  select count(*) from notes where body like '%y-19999%';`;

function runTool(tool: string, argv: readonly string[]): string {
  return execFileSync(path.join(process.env.SYSTEM_PG_BIN ?? '', tool), argv, { encoding: 'utf8' });
}

const psql = (database: string, sql: string) => runTool('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql]);
const hasHypopg = psql('postgres', "select 1 from pg_available_extensions where name = 'hypopg'") !== '';
if (!hasHypopg) process.stdout.write('explain --what-if with hypopg skipped: this PostgreSQL 15 has no hypopg\n');

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'workload.sql'), WORKLOAD);
  runTool('createdb', [DATABASE]);
  psql(DATABASE, SCHEMA);
});
afterEach(() => {
  bench.remove();
  runTool('dropdb', ['--force', DATABASE]);
});

(hasHypopg ? test : test.skip)('--what-if pretends an index where hypopg is, and builds what hypopg does not know', async () => {
  const indexes = () => psql(DATABASE, "select relname, relfilenode from pg_class where relkind = 'i' order by 1");
  const before = indexes();
  const tried = ['create index by_room on notes (room)', 'create index by_words on notes using gin (body gin_trgm_ops)'];
  const argv = ['explain', '--target', url, '--workload', 'workload.sql', ...tried.flatMap((sql) => ['--what-if', sql])];

  const asText = await bench.run(argv);
  const asJson = await bench.run([...argv, '--json']);

  expect(asText).toMatchObject({ status: 0 });
  expect(asText.stdout).toMatch(/create index by_room .*\n {2}pretended \(hypopg\), \d+ pages; 1 plans change\n/);
  expect(asText.stdout).toMatch(/create index by_words .*\n {2}built and rolled back, \d+ pages; 1 plans change\n/);
  const [pretended, built] = explanationSchema.parse(JSON.parse(asJson.stdout)).whatIf;
  expect(pretended).toMatchObject({ how: 'pretended', changes: [{ name: 'room', state: 'changed', latencyRatio: null }] });
  expect(pretended?.changes[0]?.costRatio).toBeLessThan(0.5);
  const labels = pretended?.changes[0]?.difference.map(({ label }) => label).join('\n');
  // Its own name is not kept; the number that hypopg puts before it would be another one every time.
  expect(labels).toContain('btree_notes_room');
  expect(labels).not.toMatch(/<\d/);
  expect(pretended?.pages).toBeGreaterThan(10);
  expect(built).toMatchObject({ how: 'built', changes: [{ name: 'words', state: 'changed' }] });
  expect(built?.changes[0]?.latencyRatio).not.toBeNull();
  expect(indexes()).toBe(before);

  const unknown = await bench.run([...argv.slice(0, 5), '--what-if', 'create index on absent (room)']);
  expect(unknown.status).toBe(3);
  expect(unknown.stderr).toContain('making the index of --what-if');
});
