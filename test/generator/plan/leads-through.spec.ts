import { examinePlan } from '../../../generator/plan/resolve-plan.ts';
import { specSchema } from '../../../spec/spec.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';

const fanOut = { family: 'constant', value: 1 };
const to = (name: string, way: object) => ({ columns: [name], table: 'public.t', to: ['id'], ...way });

function problemsOf(references: Record<string, unknown>): string[] {
  const spec = specSchema.parse({
    format: 'shapecast-spec',
    version: 1,
    name: 's',
    bands: { dev: { scale: 1 } },
    tables: { 'public.t': { rows: { count: 10 }, references, columns: { id: { kind: 'sequence' } } } },
  });
  const columns = ['id', 'a', 'b', 'c', 'p'].map((name) => column(name, 'int8'));
  const catalog = { serverVersion: 18, enums: [], tables: [table('t', columns)] };
  const { problems } = examinePlan({ spec, catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map() });
  return problems
    .all()
    .filter(({ message }) => message.includes('itself'))
    .map(({ path, message }) => `${path}: ${message}`);
}

const refused = (name: string, way = 'through') =>
  `tables.public.t.references.${name}.${way}: leads through ${name} of public.t itself, whose parent it is to tell: name other references`;

test('a way through the reference itself', () => {
  expect(problemsOf({ p: to('p', { through: ['p'] }) })).toEqual([refused('p')]);
  expect(problemsOf({ a: to('a', { fanOut, nullFraction: 0.2 }), p: to('p', { through: ['a', 'p'] }) })).toEqual([refused('p')]);
});

test('references that follow from each other, and one that only leads there', () => {
  const references = { a: to('a', { through: ['b'] }), b: to('b', { through: ['a'] }), c: to('c', { through: ['a'] }) };

  expect(problemsOf(references)).toEqual([refused('a'), refused('b')]);
});

test('the way to a group', () => {
  const group = { a: to('a', { fanOut, nullFraction: 0.2 }), p: to('p', { within: { reference: 'a', given: ['p'] } }) };

  expect(problemsOf(group)).toEqual([refused('p', 'within.given')]);
});

test('ways that have an end', () => {
  const references = {
    a: to('a', { fanOut, nullFraction: 0.2 }),
    b: to('b', { through: ['a', 'a'] }),
    c: to('c', { through: ['b', 'a'] }),
  };

  expect(problemsOf(references)).toEqual([]);
});
