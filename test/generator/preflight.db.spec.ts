// Everything that generate would say before the first row, on a real server.

import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { preflight } from '../../generator/preflight.ts';
import { preflightSchema } from '../../spec/preflight.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const spec = parseSpec(
  `format: shapecast-spec
version: 1
name: people
bands: { dev: { scale: 1 } }
tables:
  public.people:
    rows: { count: 100 }
    columns: { id: { kind: sequence }, code: { kind: template, template: 'c-{row}' } }
structure:
  tables:
    public.people: { columns: { id: int8 not null, code: text, age: int4 }, keys: [primary key (id)] }
`,
  'people.yaml',
);
const sql = 'create table people (id int8 primary key, code text)';

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  return { spec, band: 'dev', seed: 'a', target: { kind: 'null', url }, workers: 1, operator: 'test', ...change };
}

const inTarget = { isTarget: true, diskUrl: null };

test('a target that fits has sizes, the free space of its disk, and drift as a warning only', async () => {
  await withDatabase(sql, async (url) => {
    const found = await preflight(optionsFor(url), inTarget);

    expect(preflightSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ rows: 100, problems: [], warnings: [] });
    expect(found.drift).toEqual([
      {
        path: 'structure.tables.public.people.columns.age',
        change: 'removed',
        what: 'column',
        severity: 'warning',
        message: 'the target does not have this column',
      },
    ]);
    expect(found.disk.neededBytes).toBeGreaterThan(0);
    expect(found.disk.freeBytes).toBeGreaterThan(1_000_000);
  });
});

test('rows of somebody else are a problem, and so is another plan', async () => {
  await withDatabase([sql, "insert into people values (1, 'x')"], async (url) => {
    const found = await preflight(optionsFor(url), inTarget);

    expect(found.problems).toEqual([
      {
        path: 'target.public.people',
        message: 'holds rows that shapecast did not make (TARGET_NOT_EMPTY): use an empty database',
      },
    ]);
  });
  await withDatabase(sql, async (url) => {
    await generate(optionsFor(url, { target: { kind: 'postgres', url } }));

    const found = await preflight(optionsFor(url, { seed: 'b' }), inTarget);

    expect(found.problems).toEqual([
      { path: 'target', message: expect.stringMatching(/^holds rows of another plan, [0-9a-f]{12} \(TARGET_OTHER_RUN\)/) },
    ]);
  });
});

test('what does not fit the disk is refused, with what is needed and what is free', async () => {
  await withDatabase(sql, async (url) => {
    const found = await preflight(optionsFor(url, { rows: new Map([['public.people', 4_000_000_000]]), scale: 1 }), inTarget);

    // Few machines have 300 GB to spare; where one does, nothing may be said.
    const isShort = (found.disk.freeBytes ?? 0) < found.disk.neededBytes;
    expect(found.problems.map(({ path }) => path)).toEqual(isShort ? ['target.disk'] : []);
  });
});

test('generate tells its warnings, and puts them into the report', async () => {
  await withDatabase(sql, async (url) => {
    const told: string[] = [];

    const report = await generate(optionsFor(url, { target: { kind: 'postgres', url }, warn: (line) => told.push(line) }));

    expect(told).toEqual(['drift: structure.tables.public.people.columns.age: the target does not have this column']);
    expect(report.warnings).toEqual([
      { path: 'structure.tables.public.people.columns.age', message: 'the target does not have this column' },
    ]);
  });
});
