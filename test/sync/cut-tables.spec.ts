// Which tables are cut into ranges of pages, and that the ranges leave nothing between them.
import type { Heap } from '../../postgres/heap-sizes.ts';
import { cutTables } from '../../sync/cut-tables.ts';
import type { PlannedTable } from '../../sync/planned-table.ts';

/** What the cut looks at of a table. */
function tableOf(rule: object, more: Partial<PlannedTable> = {}): PlannedTable {
  const table = {
    key: 'public.t',
    oid: 1,
    schema: 'public',
    name: 't',
    pages: 20,
    isPartitioned: false,
    filter: null,
    columns: [{ rule }],
  };
  return { ...table, ...more } as unknown as PlannedTable;
}
const heap = (name: string, pages: number, isReadable = true): Heap => ({ root: 1, schema: 'public', name, pages, isReadable });
const cut = (table: PlannedTable, heaps: readonly Heap[]) =>
  cutTables([table], heaps, 8).map((piece) => `${piece.heap.name} ${piece.conditions.join(' and ')}`.trim());
const keep = { kind: 'keep' };

test('the ranges of a heap touch, and the last has no end', () => {
  expect(cut(tableOf(keep), [heap('t', 20)])).toEqual([
    "t ctid < '(8,0)'::tid",
    "t ctid >= '(8,0)'::tid and ctid < '(16,0)'::tid",
    "t ctid >= '(16,0)'::tid",
  ]);
  expect(cut(tableOf(keep), [heap('t', 8)])).toEqual(['t']);
  expect(cut(tableOf(keep, { isPartitioned: true }), [heap('low', 9), heap('high', 0)])).toEqual([
    "low ctid < '(8,0)'::tid",
    "low ctid >= '(8,0)'::tid",
    'high',
  ]);
});

test('a table stays whole where a rule, its filter or what may be read needs that', () => {
  const filter = (condition: string, withClause = '') => ({ filter: { condition, withClause } });
  const whole = [
    tableOf({ kind: 'shuffle' }),
    tableOf({ kind: 'template', text: 'n{seq}' }),
    tableOf({ kind: 'sql', expression: 'row_number() OVER ()' }),
    tableOf(keep, filter('id in (SELECT 1)')),
    tableOf(keep, filter('id = 1', 'with recursive a as (select 1) ')),
    tableOf(keep, { ...filter('t.id = 1'), isPartitioned: true }),
  ];

  for (const table of whole) expect(cut(table, [heap('t', 20)])).toEqual(['t']);
  expect(cut(tableOf(keep, { isPartitioned: true }), [heap('low', 20), heap('high', 20, false)])).toEqual(['t']);
  expect(cut(tableOf(keep), [])).toEqual(['t']);
  expect(cut(tableOf({ kind: 'template', text: 'x' }), [heap('t', 20)])).toHaveLength(3);
  expect(cut(tableOf(keep, filter('id % 10 = 1')), [heap('t', 20)])).toHaveLength(3);
});
