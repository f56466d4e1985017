import { type HeapMatrix, orderGamma, rankCorrelation } from '../../../../generator/plan/profiles/follows-heap.ts';

/** A matrix of the classes of values; the classes for NULL and others before them get the numbers in `outside`. */
function matrixOf(values: readonly (readonly number[])[], outside = 0): HeapMatrix {
  const rows = values.length + 2;
  const columns = (values[0]?.length ?? 0) + 2;
  const cells = new Float64Array(rows * columns).fill(outside);
  for (const [row, own] of values.entries()) {
    for (const [column, count] of own.entries()) cells[(row + 2) * columns + column + 2] = count;
  }
  return { cells, rows, columns };
}

const ASCENDING = [
  [5, 0, 0],
  [2, 9, 0],
  [0, 1, 4],
];
const DESCENDING = ASCENDING.map((row) => [...row].reverse());
const INDEPENDENT = [
  [2, 4, 6],
  [3, 6, 9],
  [5, 10, 15],
];
const TWO_BY_TWO = [
  [30, 10],
  [20, 40],
];

describe('gamma', () => {
  test.each([
    ['1 of an order that never descends', ASCENDING, 1],
    ['-1 of one that never ascends', DESCENDING, -1],
    ['0 of independent classes', INDEPENDENT, 0],
    // Yule's Q: (30 * 40 - 10 * 20) / (30 * 40 + 10 * 20).
    ['that of Yule for two by two', TWO_BY_TWO, 1000 / 1400],
    ['0 without counts', [[0, 0]], 0],
    ['0 of a single class', [[7]], 0],
  ] as const)('is %s', (_name, values, wanted) => {
    expect(orderGamma(matrixOf(values))).toBeCloseTo(wanted, 12);
    expect(orderGamma(matrixOf(values, 1000))).toBeCloseTo(wanted, 12);
  });

  test('stays 1 whatever cells were withheld', () => {
    const withheld = ASCENDING.map((row) => row.map((count) => (count < 3 ? 0 : count)));

    expect(orderGamma(matrixOf(withheld))).toBe(1);
  });
});

describe("Spearman's correlation of classes", () => {
  test.each([
    [
      '1 on the diagonal',
      [
        [3, 0, 0],
        [0, 8, 0],
        [0, 0, 2],
      ],
      1,
    ],
    [
      '-1 on the other one',
      [
        [0, 0, 4],
        [0, 8, 0],
        [4, 0, 0],
      ],
      -1,
    ],
    ['0 of independent classes', INDEPENDENT, 0],
    // The phi coefficient: (30 * 40 - 10 * 20) / sqrt(40 * 60 * 50 * 50).
    ['phi for two by two', TWO_BY_TWO, 1000 / Math.sqrt(6_000_000)],
    ['0 without counts', [[0, 0]], 0],
    ['0 of a single class', [[7]], 0],
  ] as const)('is %s', (_name, values, wanted) => {
    expect(rankCorrelation(matrixOf(values))).toBeCloseTo(wanted, 12);
    expect(rankCorrelation(matrixOf(values, 1000))).toBeCloseTo(wanted, 12);
  });
});
