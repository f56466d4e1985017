// explain on a real server: plans with rows and times, assertions, a baseline whose index is gone, and production's trees without a figure.
import fs from 'node:fs';
import path from 'node:path';
import { explanationSchema } from '../../spec/explanation.ts';
import { withDatabase } from '../support/database.ts';
import { createBench, type TestBench } from './test-context.ts';

const SCHEMA = `
  create table notes (id int primary key, room int not null, at timestamptz not null, body text not null);
  insert into notes select i, 471100 + (i * i) % 97, timestamptz '2024-01-01' + i * interval '1 minute', 'canary-' || i from generate_series(1, 20000) i;
  create index notes_room_at on notes (room, at);
  analyze notes;`;
const WORKLOAD = `
  -- name: history
  -- weight: 3
  -- :room = hot | p50 of notes.room
  -- assert: uses notes_room_at
  -- assert: no Sort
  -- assert: no Seq Scan on notes
  -- assert: p95 < 60000 ms
  select id, body from notes where room = :room order by at desc limit 20;
  -- name: all
  select count(*) from notes where body <> 'canary-5';`;

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'workload.sql'), WORKLOAD);
});
afterEach(() => bench.remove());

const read = (name: string) => fs.readFileSync(path.join(bench.folder, name), 'utf8');

test('tells plan, rows and time of every query, and what of the assertions does not hold; a dropped index fails the baseline', async () => {
  await withDatabase(SCHEMA, async (url, client) => {
    const argv = ['explain', '--target', url, '--workload', 'workload.sql', '--runs', '2'];

    const first = await bench.run([...argv, '--output', 'before.json']);

    expect(first.status).toBe(0);
    expect(first.stdout).toContain('✓ 8 of 8 assertions hold');
    const { mode, queries } = explanationSchema.parse(JSON.parse(read('before.json')));
    expect(mode).toBe('measured');
    expect(queries.map(({ binding, name }) => [name, binding])).toEqual([
      ['history', 'room hot'],
      ['history', 'room p50'],
      ['all', ''],
    ]);
    const [root] = queries[0]?.nodes ?? [];
    expect(root).toMatchObject({ label: 'Limit', actualRows: 20 });
    expect(queries[2]?.nodes.at(-1)).toMatchObject({ label: 'Seq Scan on notes', actualRows: 19_999 });
    expect(queries.every(({ figures }) => figures !== null && figures.buffers > 0 && figures.runs >= 1)).toBe(true);

    const again = await bench.run([...argv, '--baseline', 'before.json']);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('✓ 0 of 3 plans changed');

    await client.query('drop index public.notes_room_at');
    const without = await bench.run([...argv, '--baseline', 'before.json', '--output', 'after.json']);

    expect(without.status).toBe(1);
    expect(without.stdout).toContain('✗ 2 of 3 plans changed');
    expect(without.stdout).toMatch(/✗ history \(room hot\): another plan/);
    expect(without.stdout).toMatch(/- +Index Scan Backward|- +Index Scan using notes_room_at backward on notes/);
    expect(without.stdout).toMatch(/\+ +Seq Scan on notes/);
    expect(without.stdout).toContain('✗ uses notes_room_at: no such index');
    expect(without.stdout).toContain('✗ no Sort: Sort');
    const outputs =
      [first, again, without].map(({ stderr, stdout }) => stdout + stderr).join() + read('before.json') + read('after.json');
    expect(outputs).not.toMatch(/canary|4711\d\d/);
  });
});

test('production is planned and never run, and no figure leaves; the copy is held to its trees', async () => {
  await withDatabase(SCHEMA, async (source) => {
    const argv = ['explain', '--workload', 'workload.sql'];

    const inside = await bench.run([...argv, '--plans-only', '--source', source, '--output', 'plans.json']);

    expect(inside.status).toBe(0);
    const { mode, queries } = explanationSchema.parse(JSON.parse(read('plans.json')));
    expect(mode).toBe('planned');
    expect(queries.every(({ figures, nodes }) => figures === null && nodes.length > 0)).toBe(true);
    expect(queries.flatMap(({ nodes }) => nodes).every((node) => node.estimatedRows === null && node.actualRows === null)).toBe(
      true,
    );
    expect(read('plans.json').replaceAll(/"fingerprint": "\w+"/g, '')).not.toMatch(/canary|4711\d\d|19999|20000|cost/);

    await withDatabase(SCHEMA, async (target) => {
      const same = await bench.run([...argv, '--target', target, '--baseline', 'plans.json', '--runs', '1']);
      expect([same.status, same.stdout.includes('0 of 3 plans changed')]).toEqual([0, true]);
    });
  });
});

test('planned, a query is never run; of settings the names leave, and no value', async () => {
  const raising = `${SCHEMA}
    create function boom() returns int volatile language plpgsql as $$ begin raise exception 'it ran'; end $$;`;
  await withDatabase(raising, async (source) => {
    fs.writeFileSync(path.join(bench.folder, 'w.sql'), 'select boom() from notes;');
    const tuned = `${source}${source.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c random_page_cost=1.4711')}`;
    const argv = ['explain', '--workload', 'w.sql', '--plans-only', '--source', tuned];

    const { status } = await bench.run([...argv, '--output', 'plans.json']);

    expect(status).toBe(0);
    const { queries, settings } = explanationSchema.parse(JSON.parse(read('plans.json')));
    expect(queries.map(({ state }) => state)).toEqual(['explained']);
    expect(settings).toMatchObject({ random_page_cost: null });
    expect(read('plans.json')).not.toContain('4711');
  });
});

test('what --json prints is a baseline, with the changes or without', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const argv = ['explain', '--target', url, '--workload', 'workload.sql', '--runs', '1', '--json'];

    const first = await bench.run(argv);
    fs.writeFileSync(path.join(bench.folder, 'first.json'), first.stdout);
    const second = await bench.run([...argv, '--baseline', 'first.json']);
    fs.writeFileSync(path.join(bench.folder, 'second.json'), second.stdout);
    const third = await bench.run([...argv, '--baseline', 'second.json']);

    expect([first, second, third].map(({ status }) => status)).toEqual([0, 0, 0]);
    const changes = [first, second, third].map(({ stdout }) => explanationSchema.parse(JSON.parse(stdout)).changes?.length);
    expect(changes).toEqual([undefined, 3, 3]);
  });
});

test('refuses to write over a file, to run on production, and a workload it does not understand', async () => {
  await withDatabase(SCHEMA, async (url) => {
    fs.writeFileSync(path.join(bench.folder, 'kept.json'), 'mine');
    fs.writeFileSync(path.join(bench.folder, 'odd.sql'), '-- assert: fast\nselect 1;');
    const argv = ['explain', '--target', url, '--workload'];

    const kept = await bench.run([...argv, 'workload.sql', '--output', 'kept.json']);
    const source = await bench.run([...argv, 'workload.sql', '--source', url]);
    const odd = await bench.run([...argv, 'odd.sql']);
    const broken = await bench.run([...argv, 'workload.sql', '--baseline', 'kept.json']);

    expect([kept, source, odd, broken].map(({ status }) => status)).toEqual([2, 2, 2, 2]);
    expect(read('kept.json')).toBe('mine');
    expect(source.stderr).toContain('--plans-only');
    expect(odd.stderr).toContain('line 1: expected an assertion');
  });
});

test('a query that the server refuses is a finding, and the others are explained', async () => {
  await withDatabase(SCHEMA, async (url) => {
    fs.writeFileSync(
      path.join(bench.folder, 'w.sql'),
      '-- name: bad\nselect nothing from notes;\n-- name: good\nselect count(*) from notes;',
    );

    const { status, stdout } = await bench.run(['explain', '--target', url, '--workload', 'w.sql', '--runs', '1']);

    expect(status).toBe(1);
    expect(stdout).toContain('✗ 1 of 2 queries failed');
    expect(stdout).toContain('the server refused it (SQLSTATE 42703)');
    expect(stdout).toContain('1 queries measured');
  });
});

test('what an index would change, and what those that are there are worth: told, and nothing is left', async () => {
  await withDatabase(SCHEMA, async (url, client) => {
    fs.writeFileSync(
      path.join(bench.folder, 'w.sql'),
      '-- name: body\n-- :body = quantile 0.5 of notes.body\nselect id from notes where body = :body;\n-- name: room\n-- :room = p50 of notes.room\nselect id from notes where room = :room order by at limit 5;',
    );
    const argv = ['explain', '--target', url, '--workload', 'w.sql', '--runs', '1'];
    const indexes = async () =>
      (await client.query("select indexname from pg_indexes where schemaname = 'public' order by 1")).rows;
    const before = await indexes();

    const tried = await bench.run([...argv, '--what-if', 'create index on notes (body)', '--index-values', '--output', 'e.json']);

    expect(tried.status).toBe(0);
    expect(await indexes()).toEqual(before);
    const { indexes: values, whatIf } = explanationSchema.parse(JSON.parse(read('e.json')));
    expect(whatIf).toMatchObject([{ how: 'built', changes: [{ name: 'body' }] }]);
    expect(whatIf[0]?.pages).toBeGreaterThan(10);
    expect(whatIf[0]?.changes[0]?.costRatio).toBeLessThan(0.2);
    expect(whatIf[0]?.changes[0]?.difference.some(({ label, side }) => side === 'now' && label.includes('notes_body_idx'))).toBe(
      true,
    );
    expect(values).toMatchObject([{ index: 'public.notes_room_at', queries: 1, helps: true }]);
    expect(tried.stdout).toContain('✓ keep  public.notes_room_at');
    expect(tried.stdout + tried.stderr + read('e.json')).not.toMatch(/canary/);
  });
});

test.each([
  ['drop index notes_room_at', 'expected one CREATE INDEX'],
  ['create index on notes (id); drop table notes', 'expected one CREATE INDEX'],
  ['create index concurrently on notes (id)', 'CONCURRENTLY'],
])('what if: refuses %s', async (statement, reason) => {
  await withDatabase(SCHEMA, async (url, client) => {
    const { status, stderr } = await bench.run([
      'explain',
      '--target',
      url,
      '--workload',
      'workload.sql',
      '--what-if',
      statement,
    ]);

    expect([status, stderr.includes(reason)]).toEqual([2, true]);
    expect((await client.query('select count(*)::int as rows from public.notes')).rows).toEqual([{ rows: 20_000 }]);
  });
});
