// A relationship of several columns that only the policy knows ("the author is a member of the room") is honoured in the copy, and the
// fan-out of the room stays production's.
import fs from 'node:fs';
import path from 'node:path';
import { createBench } from './cli/test-context.ts';
import { withDatabase } from './support/database.ts';

const salt = { ANONYMIZATION_SALT: '5b4f3b8369027816d959d221fcc9e730d34145b64022c07f930b03577b164b2a' };

const tables = `
  create table rooms (id int primary key);
  create table people (id int primary key);
  create table members (room int references rooms, person int references people, primary key (room, person));
  create table notes (id int primary key, room int not null, author int not null, at timestamptz not null);`;

const rows = `
  insert into rooms select i from generate_series(1, 120) as i;
  insert into people select i from generate_series(1, 200) as i;
  insert into members select r, 1 + (r * 7 + k * 13) % 200 from generate_series(1, 120) as r, generate_series(1, 6) as k;
  -- the first rooms hold most of the notes
  insert into notes
    select i, r, (select person from members as m where m.room = r order by (m.person * i) % 17, m.person limit 1), timestamptz '2026-01-01' + i * interval '1 minute'
    from (select i, 1 + (i * i) % (1 + i % 120) as r from generate_series(1, 6000) as i) as s;`;

const policy = `
version: 1
publicTables: [rooms, people, members, notes]
relationships:
  - { table: notes, columns: [room], references: rooms, referencedColumns: [id] }
  - { table: notes, columns: [author], references: people, referencedColumns: [id] }
  - { table: notes, columns: [room, author], references: members, referencedColumns: [room, person] }
`;

const STRANGERS =
  'select count(*)::int as n from public.notes where (room, author) not in (select room, person from public.members)';
const LARGEST = 'select array(select count(*)::int from public.notes group by room order by 1 desc limit 5) as n';

test('the author of a note is a member of its room, at any size', async () => {
  const bench = createBench();
  const run = async (argv: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = await bench.run(argv, environment);
    if (status !== 0) throw new Error(`${argv[0]} ended with ${status}: ${stdout} ${stderr}`);
  };
  try {
    await withDatabase(tables + rows, async (source, production) => {
      expect((await production.query(STRANGERS)).rows).toEqual([{ n: 0 }]);
      fs.writeFileSync(path.join(bench.folder, 'policy.yaml'), policy);
      await run(['sample', '--source', source, '--policy', 'policy.yaml', '--output', 'pack.json', '--operator', 'me'], salt);
      await run(['calibrate', '--pack', 'pack.json', '--output', 'spec.yaml']);
      for (const scale of ['1', '4'])
        await withDatabase(tables, async (target, copy) => {
          await run(['generate', '--spec', 'spec.yaml', '--seed', 'a', '--scale', scale, '--workers', '1'], {
            DATABASE_URL: target,
          });
          await run(['load'], { DATABASE_URL: target });

          expect((await copy.query(STRANGERS)).rows).toEqual([{ n: 0 }]);
          expect((await copy.query('select count(distinct author)::int as n from public.notes')).rows[0]?.n).toBeGreaterThan(100);
          if (scale !== '1') return;
          const [was] = (await production.query<{ n: number[] }>(LARGEST)).rows;
          const [is] = (await copy.query<{ n: number[] }>(LARGEST)).rows;
          expect(Math.abs((is?.n[0] ?? 0) - (was?.n[0] ?? 0))).toBeLessThan(0.2 * (was?.n[0] ?? 0));
        });
    });
  } finally {
    bench.remove();
  }
});
