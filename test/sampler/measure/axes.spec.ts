import type { CatalogColumn, CatalogTable } from '../../../postgres/catalog/catalog.ts';
import { chooseAxes } from '../../../sampler/measure/axes.ts';
import { policySchema } from '../../../spec/policy.ts';
import { column, table } from './catalog-fixture.ts';

/** `kind column` of each axis, categories with where their labels come from. */
function axesOf(
  columns: readonly CatalogColumn[],
  options: { table?: Partial<CatalogTable>; policy?: object; isPublic?: boolean } = {},
) {
  const source = { key: 'public.t', table: table('t', columns, options.table), columns, references: [] };
  const policy = policySchema.parse(options.policy ?? {});
  const requests = chooseAxes({ table: source, policy, enums: [], isPublicTable: options.isPublic ?? false });
  return requests.map(({ axis, labels }) => `${axis.kind} ${axis.column}${labels === null ? '' : ` ${labels}`}`);
}

const text = (rest: Partial<CatalogColumn> = {}) => column('x', 'text', { isNullable: false, ...rest });

describe('chooseAxes', () => {
  test('a number that only tells rows apart has no shape; a text key keeps its length', () => {
    const id = column('id', 'int8', { isNullable: false });
    const uniques = [{ name: 'u', columns: ['x'], nullsNotDistinct: false }];

    expect(axesOf([id])).toEqual([]);
    expect(axesOf([text({ distinctEstimate: 5 })], { table: { uniques } })).toEqual(['length x', 'form x']);
  });

  test('columns of a reference, generated columns and types without a shape have their presence only; a uuid its form too', () => {
    const columns = [
      column('parent', 'int4'),
      column('sum', 'int4', { generated: true }),
      column('at', 'uuid'),
      column('r', 'tstzrange'),
    ];
    const references = [
      { child: 'public.t', columns: ['parent'], parent: 'public.p', referencedColumns: ['id'], isVirtual: false },
    ];
    const source = { key: 'public.t', table: table('t', columns), columns, references };

    const requests = chooseAxes({ table: source, policy: policySchema.parse({}), enums: [], isPublicTable: false });

    expect(requests.map(({ axis }) => `${axis.kind} ${axis.column}`)).toEqual([
      'presence parent',
      'presence sum',
      'presence at',
      'form at',
      'presence r',
    ]);
  });

  test('a time has calendar, hour of week and resolution; a date the calendar', () => {
    const columns = [column('at', 'timestamptz', { isNullable: false }), column('on', 'date', { isNullable: false })];

    expect(axesOf(columns)).toEqual(['time at', 'hourOfWeek at', 'resolution at', 'time on']);
  });

  test('a time of day and an interval are numbers with a resolution; JSON has bytes and keys, an array elements', () => {
    const rest = { isNullable: false };
    const columns = [
      column('t', 'time', rest),
      column('i', 'interval', rest),
      column('j', 'jsonb', rest),
      column('a', '_int4', rest),
    ];

    expect(axesOf(columns)).toEqual(['number t', 'resolution t', 'number i', 'resolution i', 'length j', 'length j', 'length a']);
  });

  test('numbers are measured at their scale, at most to a millionth', () => {
    const decimalsOf = (rest: Partial<CatalogColumn>) => {
      const columns = [column('n', rest.baseType ?? 'numeric', rest)];
      const source = { key: 'public.t', table: table('t', columns), columns, references: [] };
      const requests = chooseAxes({ table: source, policy: policySchema.parse({}), enums: [], isPublicTable: false });
      return requests.flatMap(({ axis }) => (axis.kind === 'number' ? [axis.decimals] : []))[0];
    };

    expect(decimalsOf({ baseType: 'int4' })).toBe(0);
    expect(decimalsOf({ precision: 10, scale: 2 })).toBe(2);
    expect(decimalsOf({ precision: 20, scale: 10 })).toBe(6);
    expect(decimalsOf({ precision: 5, scale: -3 })).toBe(0);
    expect(decimalsOf({})).toBe(6);
    expect(decimalsOf({ baseType: 'float4' })).toBe(6);
  });

  test('text is a category only when it is estimated to have few distinct values', () => {
    const isCategory = (distinctEstimate: number | null, rest: Partial<CatalogTable> = {}) =>
      axesOf([text({ distinctEstimate })], { table: rest }).includes('category x token');

    expect([500, 501].map((estimate) => isCategory(estimate))).toEqual([true, false]);
    expect([-0.2, -0.21, -1].map((estimate) => isCategory(estimate))).toEqual([true, false, false]);
    expect(isCategory(-0.1, { estimatedRows: 5001 })).toBe(false);
    expect(isCategory(null)).toBe(false);
    expect(isCategory(null, { estimatedRows: -1, pages: 100 })).toBe(true);
    expect(isCategory(null, { estimatedRows: -1, pages: 10_000 })).toBe(false);
  });

  test('labels are in clear for public tables and for columns that the policy lists', () => {
    const policy = { publicColumns: [{ table: 'public.t', column: 'x' }] };

    expect(axesOf([text()], { policy })).toContain('category x clear');
    expect(axesOf([text({ distinctEstimate: 3 })], { isPublic: true })).toContain('category x clear');
  });
});
