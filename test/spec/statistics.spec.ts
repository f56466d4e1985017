// The extended statistics of a spec: read, written again, and refused where the server would not take them or two would have one name.
import { resolvePlan } from '../../generator/plan/resolve-plan.ts';
import { parseSpec, specSchema } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';

const HEAD = { format: 'shapecast-spec', version: 1, name: 's', bands: { dev: { scale: 1 } } };
const tableOf = (statistics: unknown) => ({
  rows: { count: 10 },
  columns: { a: { kind: 'sequence' }, b: { kind: 'sequence' } },
  statistics,
});

function faultsOf(tables: Readonly<Record<string, unknown>>): string[] {
  const { error } = specSchema.safeParse({ ...HEAD, tables });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('every kind is wanted where none is named, and the text reads back', () => {
  const text = formatSpec(
    specSchema.parse({ ...HEAD, tables: { t: tableOf([{ name: 'ab', columns: ['a', 'b'], because: 'they move' }]) } }),
  );

  const spec = parseSpec(text, 's.yaml');

  const kinds = ['ndistinct', 'dependencies', 'mcv'];
  expect(spec.tables['public.t']?.statistics).toEqual([{ name: 'ab', columns: ['a', 'b'], kinds, because: 'they move' }]);
});

test('what no server takes is refused with its place', () => {
  const path = 'tables.t.statistics.0';
  const one = (statistics: object) => faultsOf({ t: tableOf([{ name: 'ab', columns: ['a', 'b'], ...statistics }]) });

  expect(one({ columns: ['a'] })[0]).toContain(`${path}.columns: `);
  expect(one({ columns: ['a', 'a'] })).toEqual([`${path}.columns: expected different columns`]);
  expect(one({ kinds: ['mcv', 'mcv'] })).toEqual([`${path}.kinds: expected different kinds`]);
  expect(one({ kinds: ['expressions'] })[0]).toContain(`${path}.kinds.0: `);
  // 63 bytes are fewer than 63 characters here; the server would cut the name and nobody would find it again.
  expect(one({ name: 'é'.repeat(32) })).toEqual([`${path}.name: expected at most 63 bytes`]);
  expect(one({ name: 'a\0b' })).toEqual([`${path}.name: expected no zero byte`]);
});

test('a name is taken once in a schema', () => {
  const wanted = tableOf([{ name: 'ab', columns: ['a', 'b'] }]);

  expect(faultsOf({ t: wanted, 'other.t': wanted, u: wanted })).toEqual([
    'tables.public.u.statistics.0.name: the schema has other statistics of this name',
  ]);
});

test('a column that the target lacks is told before the first row', () => {
  const spec = specSchema.parse({ ...HEAD, tables: { t: tableOf([{ name: 'ab', columns: ['a', 'c'] }]) } });
  const catalog = { serverVersion: 18, enums: [], tables: [table('t', [column('a', 'int4'), column('b', 'int4')])] };

  const plan = () => resolvePlan({ spec, catalog, band: 'dev', seed: 's', scale: 1, rows: new Map() });

  expect(plan).toThrow('tables.public.t.statistics.0: the target table has no column c');
});
