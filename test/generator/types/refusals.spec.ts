// What no type can hold is said before the first row, with the column's path and a way out.
import type { CatalogColumn } from '../../../postgres/catalog/catalog.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';
import { planOf } from './type-table.ts';

function faultsOf(target: CatalogColumn, spec: string, rows = 1000): string[] {
  const catalog = { serverVersion: 180000, enums: [], tables: [table('t', [target], { primaryKey: null })] };
  try {
    planOf(catalog, [[target.name, '', spec]], rows);
    return [];
  } catch (error) {
    return (error as { data: { problems: { path: string; message: string }[] } }).data.problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
}

const path = 'tables.public.t.columns.x';

test.each(['money', 'inet', 'cidr', 'macaddr', 'bit', 'xml', 'tsvector', 'int4range', 'point'])(
  'a column of type %s is refused with both ways out, and taken as a constant',
  (type) => {
    expect(faultsOf(column('x', type), `{ kind: unsupported, type: ${type} }`)).toEqual([
      `${path}: has type ${type}, which no builder makes: exclude the column in the policy (excludedColumns), or give it a constant in the spec (kind: constant)`,
    ]);
    expect(faultsOf(column('x', type), '{ kind: constant, value: "" }')).toEqual([]);
  },
);

test('more rows than ids are refused', () => {
  expect(faultsOf(column('x', 'text'), '{ kind: id, prefix: a, alphabet: "01", length: 10 }')).toEqual([
    `${path}: 1000 different ids do not fit 9 free characters of an alphabet of 2: lower the rows or lengthen the ids`,
  ]);
  expect(faultsOf(column('x', 'text'), '{ kind: id, alphabet: "01", length: 10 }')).toEqual([]);
});

test('an alphabet counts once what citext folds together', () => {
  const spec = '{ kind: id, alphabet: abABab, length: 9 }';

  expect(faultsOf(column('x', 'text'), spec)).toEqual([]);
  expect(faultsOf(column('x', 'citext'), spec)).toEqual([
    `${path}: 1000 different ids do not fit 9 free characters of an alphabet of 2: lower the rows or lengthen the ids`,
  ]);
});

test('an id that is longer than its column is refused, and one that is not plain ASCII', () => {
  expect(faultsOf(column('x', 'varchar', { maxLength: 8 }), '{ kind: id, alphabet: abc, length: 9 }')).toEqual([
    `${path}: needs 9 characters and the column takes 8`,
  ]);
  expect(faultsOf(column('x', 'text'), '{ kind: id, alphabet: "aé", length: 20 }')).toEqual([
    `${path}: prefix and alphabet must be printable ASCII without spaces`,
  ]);
});

test('a kind on a column of another type is refused', () => {
  const array = column('x', '_uuid', { kind: 'array' });
  const words =
    '{ kind: array, length: { family: constant, value: 1 }, element: { kind: word, length: { family: constant, value: 1 } } }';

  expect(faultsOf(column('x', 'text'), '{ kind: bytes, length: { family: constant, value: 1 } }')).toEqual([
    `${path}: kind bytes does not make values of type text: choose a kind that does, or take the column out of the spec`,
  ]);
  expect(faultsOf(array, words)).toEqual([`${path}: elements of kind word are no values of type uuid`]);
});
