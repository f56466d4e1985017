import fc from 'fast-check';
import { TreeSource } from '../../generator/keys/tree-source.ts';
import { resolveTree } from '../../generator/plan/tree.ts';
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanReference, PlanTree } from '../../spec/plan.ts';

type Order = 'row' | 'shuffled';

function sourceOf(tree: PlanTree, order: Order = 'shuffled'): TreeSource {
  const rows = tree.start.at(-1) ?? 0;
  const reference: PlanReference = {
    name: 'parent',
    columns: ['parent'],
    table: 0,
    to: ['id'],
    isVirtual: false,
    nulls: 0,
    ranks: { order, key: [12, 34], nulls: 0 },
    parentKey: [56, 78],
    eligible: null,
    curve: null,
    membership: null,
    within: null,
    through: null,
    tree,
    nullAs: null,
  };
  return new TreeSource({ rows }, reference, tree);
}

/** The tree as a request gives it; a test about an impossible one calls resolveTree itself. */
function treeOf(request: Parameters<typeof resolveTree>[0]): PlanTree {
  const tree = resolveTree(request);
  if (tree === null) throw new Error('no tree');
  return tree;
}

function parentsOf(tree: PlanTree, source: TreeSource): number[] {
  return Array.from({ length: tree.start.at(-1) ?? 0 }, (_, row) => source.parentOf(row));
}

/** Steps of each row to its root; throws in a circle. */
function depthsOf(parents: readonly number[]): number[] {
  const depths = new Array<number>(parents.length).fill(-1);
  return parents.map((_, row) => {
    const path: number[] = [];
    let at = row;
    while ((depths[at] as number) < 0 && parents[at] !== -1 && parents[at] !== at) {
      if (path.length > parents.length) throw new Error('a circle');
      path.push(at);
      at = parents[at] as number;
    }
    if ((depths[at] as number) < 0) depths[at] = 0;
    let depth = depths[at] as number;
    for (const below of path.reverse()) {
      depth += 1;
      depths[below] = depth;
    }
    return depths[row] as number;
  });
}

function histogram(numbers: readonly number[]): number[] {
  const counts: number[] = [];
  for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
  return Array.from(counts, (count) => count ?? 0);
}

function degreesOf(parents: readonly number[]): number[] {
  const degrees = new Array<number>(parents.length).fill(0);
  for (const parent of parents) if (parent >= 0) degrees[parent] = (degrees[parent] ?? 0) + 1;
  return degrees;
}

function totalVariation(left: readonly number[], right: readonly number[]): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const [leftSum, rightSum] = [sum(left), sum(right)];
  const length = Math.max(left.length, right.length);
  let difference = 0;
  for (let at = 0; at < length; at += 1) difference += Math.abs((left[at] ?? 0) / leftSum - (right[at] ?? 0) / rightSum);
  return difference / 2;
}

function levelSizes({ start }: PlanTree): number[] {
  return start.slice(1).map((end, level) => end - (start[level] ?? 0));
}

const distributions: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({
    family: fc.constant('geometric' as const),
    p: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    start: fc.constant(0),
  }),
  fc.record({
    family: fc.constant('powerLaw' as const),
    alpha: fc.double({ min: 1.2, max: 4, noNaN: true }),
    min: fc.constant(1),
    max: fc.constant(5000),
  }),
  fc.constant<Distribution>({
    family: 'empirical',
    bins: [
      [0, 1, 70],
      [1, 2, 20],
      [2, 40, 9],
    ],
    tail: { parents: 1, children: 90 },
  }),
);

const requests = fc.record({
  rows: fc.integer({ min: 1, max: 1500 }),
  levels: fc.option(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 }), { nil: undefined }),
  fanOut: distributions,
  nullFraction: fc.oneof(fc.constant(0), fc.double({ min: 0.0001, max: 1, noNaN: true })),
  maxDegree: fc.oneof(fc.constant(1), fc.constant(2), fc.constant(1500)),
});

describe('a tree', () => {
  test('has no circles, exactly the levels of its plan, and the degrees that it tells', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom<Order>('row', 'shuffled'), (request, order) => {
        const tree = treeOf(request);
        const source = sourceOf(tree, order);

        const parents = parentsOf(tree, source);

        expect(parents.length).toBe(request.rows);
        expect(histogram(depthsOf(parents))).toEqual(levelSizes(tree));
        const degrees = degreesOf(parents);
        expect(parents.map((_, row) => source.degreeOf(row))).toEqual(degrees);
        expect(Math.max(...degrees)).toBeLessThanOrEqual(request.maxDegree);
        const roots = parents.filter((parent, row) => parent === -1 || parent === row).length;
        expect(tree.curves.reduce((sum, curve) => sum + curve.children, 0)).toBe(request.rows - roots);
      }),
      { numRuns: 150 },
    );
  });

  test('finds the children of a row again, each once', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const tree = treeOf(request);
        const source = sourceOf(tree);

        const children = parentsOf(tree, source).flatMap((_, row) =>
          Array.from({ length: source.degreeOf(row) }, (_, index) => ({ row, child: source.childAt(row, index) })),
        );

        expect(children.every(({ row, child }) => source.parentOf(child) === row)).toBe(true);
        expect(new Set(children.map(({ child }) => child)).size).toBe(children.length);
      }),
      { numRuns: 100 },
    );
  });

  test('in row order the children of a row are the rows after its first child', () => {
    const tree = treeOf({
      rows: 500,
      levels: [1, 3, 5],
      fanOut: { family: 'geometric', p: 0.5, start: 0 },
      nullFraction: 0.1,
      maxDegree: 500,
    });
    const source = sourceOf(tree, 'row');

    for (let row = 0; row < 500; row += 1)
      for (let index = 0; index < source.degreeOf(row); index += 1)
        expect(source.parentOf(source.firstChildOf(row) + index)).toBe(row);
  });

  test('roots without NULL point at themselves and count among their children', () => {
    const tree = treeOf({
      rows: 100,
      levels: [1, 9],
      fanOut: { family: 'geometric', p: 0.5, start: 0 },
      nullFraction: 0,
      maxDegree: 100,
    });
    const parents = parentsOf(tree, sourceOf(tree));

    expect(parents.filter((parent, row) => parent === row).length).toBe(10);
    expect(parents).not.toContain(-1);
  });

  test('a unique key makes chains, none longer than a plan holds', () => {
    const fanOut: Distribution = {
      family: 'empirical',
      bins: [
        [0, 1, 1],
        [1, 2, 99],
      ],
    };

    const lists = treeOf({ rows: 1000, levels: new Array<number>(100).fill(1), fanOut, nullFraction: 0.01, maxDegree: 1 });
    const long = treeOf({ rows: 100_000, levels: [1, 1], fanOut, nullFraction: 0.00001, maxDegree: 1 });

    expect(levelSizes(lists)).toEqual(new Array<number>(100).fill(10));
    expect(levelSizes(long).length).toBeLessThanOrEqual(10_000);
    expect(long.start.at(-1)).toBe(100_000);
  });

  test('a unique NOT NULL key leaves every row alone', () => {
    const tree = treeOf({ rows: 7, levels: [1, 1], fanOut: { family: 'constant', value: 1 }, nullFraction: 0, maxDegree: 1 });

    expect(parentsOf(tree, sourceOf(tree))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('is made as fast for a hundred million rows, and the same each time', () => {
    const request = {
      rows: 100_000_000,
      levels: [10, 30, 25, 15, 10, 5, 3, 1, 1],
      fanOut: {
        family: 'empirical',
        bins: [
          [0, 1, 60],
          [1, 2, 20],
          [2, 10, 18],
          [10, 300, 2],
        ],
      } as Distribution,
      nullFraction: 0.1,
      maxDegree: 100_000_000,
    };
    const startedAt = performance.now();

    const tree = treeOf(request);

    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(tree.start.at(-1)).toBe(100_000_000);
    expect(resolveTree(request)).toEqual(tree);
  });
});

/** Degrees and levels of a tree in which each row of level i has children by `childrenOf(level, random)`, as production has them. */
function growTree(roots: number, childrenOf: (level: number, random: () => number) => number) {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const levels: number[] = [];
  const degrees: number[] = [];
  for (let size = roots; size > 0; ) {
    const level = levels.push(size) - 1;
    let below = 0;
    for (let row = 0; row < size; row += 1) {
      const degree = childrenOf(level, random);
      degrees.push(degree);
      below += degree;
    }
    size = below;
  }
  return { levels, degrees };
}

describe('a tree as production has them', () => {
  const threads = growTree(300, (level, random) =>
    random() < 0.45 ? 0 : Math.floor((1 + random() * 3) / Math.max(0.12, random() * (level + 1))),
  );
  const categories = growTree(12, (level, random) => (level >= 4 || random() < level * 0.2 ? 0 : 2 + Math.floor(random() * 9)));
  const management = growTree(1, (level, random) =>
    level < 3 ? 5 + Math.floor(random() * 4) : level < 5 && random() < 0.6 ? 8 : 0,
  );

  test.each([
    ['comment threads', threads],
    ['categories', categories],
    ['management', management],
  ])('keeps the degrees of %s, at its own size and at five times', (_, { levels, degrees }) => {
    const counts = histogram(degrees);
    const fanOut: Distribution = {
      family: 'empirical',
      bins: counts.flatMap((count, degree): [number, number, number][] => (count > 0 ? [[degree, degree + 1, count]] : [])),
    };
    const rows = degrees.length;
    for (const scale of [1, 5]) {
      const tree = treeOf({ rows: rows * scale, levels, fanOut, nullFraction: (levels[0] ?? 0) / rows, maxDegree: rows * scale });
      const made = degreesOf(parentsOf(tree, sourceOf(tree)));

      expect(levelSizes(tree)).toEqual(levels.map((size) => size * scale));
      expect(totalVariation(histogram(made), counts)).toBeLessThan(0.01);
    }
  });
});
