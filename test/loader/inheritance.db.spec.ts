// Old-style inheritance: a table's rows are its own, and those of the tables that inherit from it are theirs.
import { generate } from '../../generator/generate.ts';
import { load } from '../../loader/load.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const sql = `
create table public.base (id int primary key, size int not null);
create table public.base_child (extra int not null, primary key (id)) inherits (public.base);
create table public.note (id int primary key, base_id int not null references public.base);
create table public.note_child (primary key (id)) inherits (public.note);
`;

const number = (max: number) => `{ kind: number, distribution: { family: uniform, min: ${max / 2}, max: ${max} } }`;
const spec = `
format: shapecast-spec
version: 1
name: inheritance
bands: { dev: { scale: 1 } }
tables:
  base:
    rows: { count: 30 }
    columns: { id: { kind: sequence }, size: ${number(10)} }
  base_child:
    rows: { count: 50 }
    columns: { id: { kind: sequence, start: 1000 }, size: ${number(1000)}, extra: ${number(10)} }
  note:
    rows: { count: 90 }
    references:
      base: { columns: [base_id], table: base, to: [id], fanOut: { family: geometric, p: 0.3, start: 0 } }
    columns: { id: { kind: sequence } }
  note_child:
    rows: { count: 40 }
    columns: { id: { kind: sequence, start: 1000 }, base_id: ${number(100_000)} }
`;

test('a load of tables that inherit finds every count, key, content and distribution as planned', async () => {
  await withDatabase('', async (url) => {
    const report = await generate({
      spec: parseSpec(spec, 'spec.yaml'),
      band: 'dev',
      seed: 's',
      target: { kind: 'postgres', url },
      createSql: sql,
      workers: 1,
      operator: 'test',
    });

    const { verdicts, distributions } = await load({ url, report, schema: null, operator: 'test', print: () => undefined });

    expect(verdicts.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdicts.map(({ question }) => question)).toEqual(expect.arrayContaining(['count', 'integrity', 'content']));
    expect(distributions.length).toBeGreaterThan(4);
    for (const { expected, found } of distributions) expect(found).toEqual(expected);
  });
});
