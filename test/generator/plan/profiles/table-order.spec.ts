import { orderParentsFirst } from '../../../../generator/plan/profiles/table-order.ts';
import type { PlanTable } from '../../../../spec/plan.ts';
import { referenceOf } from '../../profiles/made-profiles.ts';

const RANKS = { order: 'shuffled', key: [1, 2], nulls: 0 } as const;

/** A table that points at the tables of these indexes. */
function tableOf(name: string, parents: readonly number[]): PlanTable {
  const references = parents.map((table) => ({ ...referenceOf({ ranks: RANKS, curve: null, parentKey: [3, 4] }), table }));
  return {
    name,
    schema: 'public',
    relation: name,
    rows: 1,
    format: 'text',
    chunkBlocks: 1,
    references,
    domains: [],
    pairs: [],
    partitions: null,
    columns: [],
  };
}

const tablesOf = (...parents: number[][]) => parents.map((own, at) => tableOf(`t${at}`, own));

describe('tables, parents first', () => {
  test('have every table once, and each after its parents', () => {
    // 0 -> 3, 4; 1 -> 0; 2 -> 1, 3; 3 -> 4.
    const order = orderParentsFirst(tablesOf([3, 4], [0], [1, 3], [4], []));

    expect(order).toEqual([4, 3, 0, 1, 2]);
  });

  test('of ten thousand in a chain, and ten thousand in a circle', () => {
    const chain = Array.from({ length: 10_000 }, (_, at) => (at + 1 < 10_000 ? [at + 1] : []));
    const circle = Array.from({ length: 10_000 }, (_, at) => [(at + 1) % 10_000]);
    const backwards = Array.from({ length: 10_000 }, (_, at) => 9999 - at);

    expect(orderParentsFirst(tablesOf(...chain))).toEqual(backwards);
    expect(orderParentsFirst(tablesOf(...circle))).toEqual(backwards);
  });

  test('of circles inside of others, and of tables that point at themselves, have each once', () => {
    expect(orderParentsFirst(tablesOf([0]))).toEqual([0]);
    expect([...orderParentsFirst(tablesOf([1, 0], [2, 0], [1, 3, 2], [3], [0, 2]))].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(orderParentsFirst([])).toEqual([]);
  });
});
