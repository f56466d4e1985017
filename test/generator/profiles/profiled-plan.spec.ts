// A plan made as usual, then with every order that can be one turned into an order by profile: keys must hold as before, and every count
// that the plan promises must be the same.
import { columnExpectations } from '../../../generator/expected.ts';
import type { Plan, PlanRanks, PlanReference, PlanTable } from '../../../spec/plan.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';
import { countKeys, type MadeRow, madeRows, orphans, planOf, repeated } from '../made-rows.ts';
import { countOf, type Draw, drawFrom, keyFrom, placesOf, profileRanks, tableRows } from './made-profiles.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const primary = (...columns: string[]) => ({ primaryKey: { name: 'key', columns, nullsNotDistinct: false } });

const TABLES = [
  table('shops', [int('id'), column('kind', 'text'), column('code', 'text'), column('opened', 'timestamptz')]),
  table('orders', [int('shop'), int('id'), column('state', 'text'), column('at', 'timestamptz')], primary('shop', 'id')),
  table('products', [int('shop'), int('id'), int('sku')], primary('shop', 'id')),
  table('lines', [int('shop'), int('order_id'), int('line'), int('product')], primary('shop', 'order_id', 'line')),
  table('people', [int('id')]),
  table('staff', [int('shop'), int('person'), column('boss', 'int4')], primary('shop', 'person')),
];

const id = 'id: { kind: sequence }';
const SPEC = `
  public.shops:
    rows: { count: 40 }
    columns:
      ${id}
      kind: { kind: category, nullFraction: 0.2, values: [{ label: a, weight: 5 }, { label: b, weight: 3 }, { label: c, weight: 1 }] }
      code: { kind: text, isUnique: true, length: { family: constant, value: 8 } }
      opened: { kind: time, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] } }
  public.orders:
    rows: { count: 900 }
    references: { shop: { columns: [shop], table: public.shops, to: [id], fanOut: { family: geometric, p: 0.1, start: 1 } } }
    columns:
      id: { kind: ordinal, reference: shop }
      state: { kind: category, values: [{ label: open, weight: 70 }, { label: paid, weight: 20 }, { label: sent, weight: 10 }] }
      at: { kind: delay, reference: shop, column: opened, seconds: { family: uniform, min: 1, max: 100 } }
  public.products:
    rows: { count: 300 }
    references: { shop: { columns: [shop], table: public.shops, to: [id], fanOut: { family: geometric, p: 0.2, start: 1 } } }
    columns: { id: { kind: ordinal, reference: shop }, sku: { kind: number, isUnique: true, distribution: { family: uniform, min: 1, max: 5000 } } }
  public.lines:
    rows: { count: 2500 }
    references:
      order: { columns: [shop, order_id], table: public.orders, to: [shop, id], fanOut: { family: geometric, p: 0.3, start: 0 } }
      shop: { columns: [shop], table: public.shops, to: [id], through: [order, shop] }
      product: { columns: [shop, product], table: public.products, to: [shop, id], within: { reference: shop, given: [order, shop] } }
    columns: { line: { kind: ordinal, reference: order } }
  public.people: { rows: { count: 150 }, columns: { ${id} } }
  public.staff:
    rows: { count: 400 }
    distinctPairs: [shop, person]
    references:
      shop: { columns: [shop], table: public.shops, to: [id], fanOut: { family: uniform, min: 5, max: 15 } }
      person: { columns: [person], table: public.people, to: [id], fanOut: { family: uniform, min: 1, max: 5 } }
      boss: { columns: [boss], table: public.people, to: [id], nullFraction: 0.25, fanOut: { family: geometric, p: 0.3, start: 0 }, isVirtual: true }
`;

/** The plan with profiles wherever they may be. */
function profiled(plan: Plan, seed: number): Plan {
  const draw = drawFrom(seed);
  const tables = plan.tables.map((one) => ({ ...one, ...tableRows(one.rows, draw) }));
  const ranksOf = (ranks: PlanRanks, one: PlanTable) =>
    ranks.order === 'shuffled' ? profileRanks(one, ranks.nulls, draw) : ranks;
  return {
    ...plan,
    tables: tables.map((one) => ({
      ...one,
      references: one.references.map((reference) =>
        profiledReference(reference, one, tables[reference.table] as PlanTable, draw),
      ),
      columns: one.columns.map((each) => ({ ...each, ranks: each.ranks === null ? null : ranksOf(each.ranks, one) })),
    })),
  };
}

function profiledReference(reference: PlanReference, one: PlanTable, parents: PlanTable, draw: Draw): PlanReference {
  if (reference.curve === null) return reference;
  const isProfile = reference.ranks.order === 'shuffled';
  const places = () => placesOf(countOf(parents), draw);
  return {
    ...reference,
    ranks: isProfile ? profileRanks(one, reference.ranks.nulls, draw) : { ...reference.ranks, key: keyFrom(draw) },
    parentProfiles: { places: places(), line: isProfile ? places() : null },
  };
}

const counts = (rows: readonly MadeRow[], columns: readonly string[]) =>
  [...countKeys(rows, columns).values()].sort((a, b) => a - b);

describe('a plan by profile', () => {
  const plain = planOf(SPEC, TABLES);
  const rowsOfPlain = new Map(plain.tables.map(({ name }) => [name, madeRows(plain, name)]));
  const plainRows = (name: string) => rowsOfPlain.get(`public.${name}`) ?? [];

  test('has orders by profile in references, in distinct pairs and in columns', () => {
    const references = profiled(plain, 1).tables.flatMap((one) => one.references);

    expect(references.filter(({ ranks }) => ranks.order === 'profile').length).toBeGreaterThan(3);
    expect(
      references.filter(({ ranks, parentProfiles }) => ranks.order === 'row' && parentProfiles !== undefined).length,
    ).toBeGreaterThan(0);
  });

  test.each([1, 2, 3])('keeps every key and every count (seed %i)', (seed) => {
    const plan = profiled(plain, seed);
    const made = (name: string) => madeRows(plan, `public.${name}`);
    const [shops, orders, products, lines, people, staff] = ['shops', 'orders', 'products', 'lines', 'people', 'staff'].map(
      made,
    ) as MadeRow[][];

    expect(orphans(lines ?? [], ['shop', 'order_id'], orders ?? [], ['shop', 'id'])).toBe(0);
    expect(orphans(lines ?? [], ['shop', 'product'], products ?? [], ['shop', 'id'])).toBe(0);
    expect(orphans(staff ?? [], ['boss'], people ?? [], ['id'])).toBe(0);
    expect(repeated(lines ?? [], ['shop', 'order_id', 'line'])).toBe(0);
    expect(repeated(orders ?? [], ['shop', 'id'])).toBe(0);
    expect(repeated(staff ?? [], ['shop', 'person'])).toBe(0);
    expect(repeated(shops ?? [], ['code'])).toBe(0);
    expect(counts(orders ?? [], ['shop'])).toEqual(counts(plainRows('orders'), ['shop']));
    expect(counts(lines ?? [], ['shop', 'order_id'])).toEqual(counts(plainRows('lines'), ['shop', 'order_id']));
    expect(counts(staff ?? [], ['shop'])).toEqual(counts(plainRows('staff'), ['shop']));
    expect(counts(staff ?? [], ['person'])).toEqual(counts(plainRows('staff'), ['person']));
    expect(counts(staff ?? [], ['boss'])).toEqual(counts(plainRows('staff'), ['boss']));
    expect(staff?.map(({ boss }) => boss)).not.toEqual(plainRows('staff').map(({ boss }) => boss));
    for (const [rows, name, column] of [
      [shops, 'shops', 'kind'],
      [orders, 'orders', 'state'],
      [products, 'products', 'sku'],
    ] as const) {
      const cells = (some: readonly MadeRow[]) => some.map((row) => String(row[column])).sort();
      expect(cells(rows ?? [])).toEqual(cells(plainRows(name)));
    }
  });

  test('is what the report expects: quantiles come from the rows that have the ranks', () => {
    const plan = profiled(plain, 2);
    const products = plan.tables.find(({ name }) => name === 'public.products') as PlanTable;
    const skus = madeRows(plan, 'public.products')
      .map(({ sku }) => Number(sku))
      .sort((a, b) => a - b);

    expect(columnExpectations(products).find(({ name }) => name === 'sku')?.quantiles).toEqual({
      p50: skus[149],
      p95: skus[284],
      p99: skus[296],
      max: skus[299],
    });
  });
});
