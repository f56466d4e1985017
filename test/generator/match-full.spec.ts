// Foreign keys declared MATCH FULL over several columns: all columns NULL, or none.
import type { CatalogForeignKey, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';
import { madeRows, planOf } from './made-rows.ts';

const int = (name: string, isNullable = false) => column(name, 'int4', { isNullable });
const key = (...columns: string[]) => ({ name: `${columns.join('_')}_key`, columns, nullsNotDistinct: false });

function foreignKey(
  columns: readonly string[],
  references: string,
  to: readonly string[],
  match = ' MATCH FULL',
): CatalogForeignKey {
  const definition = `FOREIGN KEY (${columns.join(', ')}) REFERENCES public.${references}(${to.join(', ')})${match}`;
  const target = { schema: 'public', name: references };
  return { name: `${references}_fkey`, columns, references: target, referencedColumns: to, isDeferrable: false, definition };
}

const orders = table('orders', [int('tenant'), int('id')], { primaryKey: key('tenant', 'id') });

/** A table with a key to orders, whose columns may be NULL or not. */
function lines(tenantMayBeNull: boolean, foreignKeys: CatalogTable['foreignKeys']): CatalogTable {
  const columns = [int('line'), int('tenant', tenantMayBeNull), int('order_id', true)];
  return table('lines', columns, { primaryKey: key('line'), foreignKeys });
}

const spec = (nullFraction: number, columns = '') => `
  public.orders:
    rows: { count: 50 }
    columns: { tenant: { kind: sequence }, id: { kind: sequence } }
  public.lines:
    rows: { count: 200 }
    references:
      order:
        { columns: [tenant, order_id], table: public.orders, to: [tenant, id], nullFraction: ${nullFraction}, fanOut: { family: geometric, p: 0.2, start: 0 } }
    columns: { line: { kind: sequence }${columns} }
`;
const full = [foreignKey(['tenant', 'order_id'], 'orders', ['tenant', 'id'])];
const simple = [foreignKey(['tenant', 'order_id'], 'orders', ['tenant', 'id'], '')];

function problemsOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return JSON.stringify((error as { data?: unknown }).data ?? String(error));
  }
  return '';
}

describe('MATCH FULL', () => {
  test('one reference over columns that all may be NULL makes all of them NULL or none', () => {
    const rows = madeRows(planOf(spec(0.3), [orders, lines(true, full)]), 'public.lines');

    expect(rows.filter((row) => row.tenant === null)).toHaveLength(60);
    expect(rows.every((row) => (row.tenant === null) === (row.order_id === null))).toBe(true);
  });

  test('a NULL in part is a problem that names the columns and the ways out', () => {
    const found = problemsOf(() => planOf(spec(0.3), [orders, lines(false, full)]));

    expect(found).toContain('tables.public.lines.references');
    expect(found).toContain(
      'the foreign key orders_fkey is MATCH FULL, so (tenant, order_id) must be NULL together or not at all',
    );
    expect(found).toContain('tenant is never NULL, order_id is NULL where the reference order is (60 rows)');
    expect(found).toContain('set nullFraction to 0');
  });

  test('the same is fine without NULLs, and under MATCH SIMPLE', () => {
    expect(problemsOf(() => planOf(spec(0), [orders, lines(false, full)]))).toBe('');
    expect(problemsOf(() => planOf(spec(0.3), [orders, lines(false, simple)]))).toBe('');
  });

  test('a column of the spec with NULLs of its own is a problem', () => {
    const own = ', tenant: { kind: number, distribution: { family: uniform, min: 1, max: 50 }, nullFraction: 0.3 }';

    expect(problemsOf(() => planOf(spec(0.3, own), [orders, lines(true, full)]))).toMatch(
      /tenant is NULL in 60 rows of its own, order_id is NULL where the reference order is/,
    );
  });

  test('a name that says MATCH FULL declares nothing', () => {
    const named = [{ ...simple[0], definition: `${simple[0]?.definition} -- " MATCH FULL "` } as CatalogForeignKey];

    expect(problemsOf(() => planOf(spec(0.3), [orders, lines(false, named)]))).toBe('');
  });
});
