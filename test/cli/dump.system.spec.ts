// The road of a real user: a schema as pg_dump of a PostgreSQL 15 writes it, and a server of that version as the target.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { shopSpec, shopSql } from './shop.ts';
import { createBench, type TestBench } from './test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const url = (database: string) => `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;

function runTool(tool: string, argv: readonly string[], input?: string): string {
  return execFileSync(path.join(bin, tool), argv, { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
}

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  for (const database of ['dumped', 'made']) runTool('createdb', [database]);
});
afterEach(() => {
  bench.remove();
  for (const database of ['dumped', 'made']) runTool('dropdb', ['--force', database]);
});

test('generate takes the schema that pg_dump wrote, and load finds everything in place', async () => {
  runTool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'dumped'], shopSql);
  fs.writeFileSync(path.join(bench.folder, 'schema.sql'), runTool('pg_dump', ['--schema-only', '-d', 'dumped']));
  fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec);
  const environment = { DATABASE_URL: url('made') };

  const generated = await bench.run(['generate', '--spec', 'shop.yaml', '--create', 'schema.sql', '--seed', 'a'], environment);
  const loaded = await bench.run(['load'], environment);

  expect(generated).toMatchObject({ status: 0 });
  expect(loaded).toMatchObject({ status: 0, stdout: expect.stringContaining('[Integrity] ✓ All referential integrity') });
});
