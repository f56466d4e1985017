// Folding is checked against what it promises, not against a second implementation: counts that are distinct powers of two
// show which fine bins went into a published number.
import fc from 'fast-check';
import { type FineCell, foldCells } from '../../../sampler/protect/fold.ts';
import { type Binning, binOf, levelCount, rangeOf } from '../../../stats/binning.ts';

const binnings: readonly Binning[] = [
  { kind: 'magnitude', subBits: 12 },
  { kind: 'magnitude', subBits: 3 },
  { kind: 'count', subBits: 7 },
  { kind: 'hour' },
  { kind: 'cyclic', size: 500 },
];

interface Case {
  readonly binning: Binning;
  readonly k: number;
  /** Distinct bins, each with its set of units (0..255). */
  readonly leaves: readonly { readonly bin: number; readonly units: readonly number[] }[];
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    binning: fc.constantFrom(...binnings),
    k: fc.integer({ min: 2, max: 30 }),
    bins: fc.uniqueArray(fc.integer({ min: 0, max: 499 }), { minLength: 1, maxLength: 30 }),
    spread: fc.constantFrom(1, 7, 400),
    units: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 }), {
      minLength: 30,
      maxLength: 30,
    }),
  })
  .map(({ binning, k, bins, spread, units }) => ({
    binning,
    k,
    leaves: [...new Set(bins.map((bin) => binOf(binning, 0, binning.kind === 'cyclic' ? bin : bin * spread)))].map(
      (bin, index) => ({ bin, units: units[index] ?? [0] }),
    ),
  }));

function bitmapOf(units: readonly number[]): Uint32Array {
  const bitmap = new Uint32Array(8);
  for (const unit of units) bitmap[unit >> 5] = (bitmap[unit >> 5] ?? 0) | (1 << (unit & 31));
  return bitmap;
}

/** Leaf number i counts 2^i, so a sum names its leaves. */
function cellsOf(leaves: Case['leaves']): FineCell[] {
  return leaves.map(({ bin, units }, index) => ({ bin, count: 2 ** index, units: bitmapOf(units) }));
}

function leavesIn(leaves: Case['leaves'], count: number): Case['leaves'] {
  return leaves.filter((_, index) => Math.floor(count / 2 ** index) % 2 === 1);
}

function distinctUnits(leaves: Case['leaves']): number {
  return new Set(leaves.flatMap(({ units }) => units)).size;
}

describe('folding', () => {
  test('every published number stands on at least k distinct units, and every row is in exactly one of them', () => {
    fc.assert(
      fc.property(cases, ({ binning, k, leaves }) => {
        const folded = foldCells(cellsOf(leaves), binning, { k, maxCells: Number.POSITIVE_INFINITY });

        const published = [...folded.cells.map(([, , count]) => count), ...(folded.other > 0 ? [folded.other] : [])];
        for (const count of published) expect(distinctUnits(leavesIn(leaves, count))).toBeGreaterThanOrEqual(k);
        const isPublishable = distinctUnits(leaves) >= k;
        const seen = published.flatMap((count) => leavesIn(leaves, count));
        expect(seen.length).toBe(isPublishable ? leaves.length : 0);
        expect(new Set(seen).size).toBe(seen.length);
        expect(folded.total).toBe(isPublishable ? 2 ** leaves.length - 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a published cell holds only rows of its own bin, but for a remainder of fewer than k units, and never a row of a finer cell', () => {
    fc.assert(
      fc.property(cases, ({ binning, k, leaves }) => {
        const { cells } = foldCells(cellsOf(leaves), binning, { k, maxCells: Number.POSITIVE_INFINITY });

        const counted = new Set<number>();
        const strangers: Case['leaves'][number][] = [];
        for (const [level, bin, count] of cells) {
          const range = rangeOf(binning, level, bin);
          for (const leaf of leavesIn(leaves, count)) {
            const fine = rangeOf(binning, 0, leaf.bin);
            if (fine.from < range.from || fine.to > range.to) strangers.push(leaf);
            expect(counted.has(leaf.bin)).toBe(false);
            counted.add(leaf.bin);
          }
        }
        expect(distinctUnits(strangers)).toBeLessThan(k);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a bin that has k units of its own is published at its own level', () => {
    fc.assert(
      fc.property(cases, ({ binning, k, leaves }) => {
        const { cells } = foldCells(cellsOf(leaves), binning, { k, maxCells: Number.POSITIVE_INFINITY });

        for (const leaf of leaves) {
          if (leaf.units.length < k) continue;
          const own = cells.find(([level, bin]) => level === 0 && bin === leaf.bin);
          expect(leavesIn(leaves, own?.[2] ?? 0)).toContain(leaf);
        }
      }),
    );
  });

  test('cells are sorted by level, then bin, and do not depend on the order of the input', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), fc.constantFrom(1, 8, Number.POSITIVE_INFINITY), (one, noise, maxCells) => {
        const cells = cellsOf(one.leaves);
        const keyed = cells.map((cell) => ({ cell, key: noise.next().value ?? 0 }));
        const shuffled = keyed.sort((left, right) => left.key - right.key).map(({ cell }) => cell);

        const folded = foldCells(cells, one.binning, { k: one.k, maxCells });

        expect(foldCells(shuffled, one.binning, { k: one.k, maxCells })).toEqual(folded);
        const sorted = [...folded.cells].sort((left, right) => left[0] - right[0] || left[1] - right[1]);
        expect(folded.cells).toEqual(sorted);
      }),
    );
  });

  test('total is kept and every cell has total / maxCells rows', () => {
    const counted = fc.array(
      fc.record({ bin: fc.integer({ min: -5_000, max: 5_000 }), count: fc.integer({ min: 1, max: 400 }) }),
      {
        minLength: 1,
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(counted, fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 60 }), (rows, k, maxCells) => {
        const cells = rows.map((row) => ({ ...row, units: row.count }));
        const total = rows.reduce((sum, row) => sum + row.count, 0);

        const folded = foldCells(cells, { kind: 'magnitude', subBits: 8 }, { k, maxCells });

        expect(folded.total).toBe(total < k ? 0 : total);
        expect(folded.cells.reduce((sum, [, , count]) => sum + count, folded.other)).toBe(folded.total);
        for (const [, , count] of folded.cells) expect(count).toBeGreaterThanOrEqual(Math.max(k, total / maxCells));
        expect(folded.other === 0 || folded.other >= k).toBe(true);
        expect(folded.cells.length).toBeLessThanOrEqual(maxCells);
      }),
      { numRuns: 500 },
    );
  });

  test('k = 1 without a bound on cells publishes every bin at level 0, also rows without a unit', () => {
    const cells: FineCell[] = [
      { bin: 9, count: 1, units: 0 },
      { bin: -3, count: 2, units: new Uint32Array(8) },
      { bin: 9, count: 4, units: 1 },
    ];

    const folded = foldCells(cells, { kind: 'magnitude', subBits: 12 }, { k: 1, maxCells: Number.POSITIVE_INFINITY });

    expect(folded).toEqual({
      total: 7,
      cells: [
        [0, -3, 2],
        [0, 9, 5],
      ],
      other: 0,
    });
  });

  test('many rows of one subject publish nothing', () => {
    const one = bitmapOf([77]);

    const folded = foldCells([{ bin: 4, count: 1_000_000, units: one }], { kind: 'hour' }, { k: 20, maxCells: 10 });

    expect(folded).toEqual({ total: 0, cells: [], other: 0 });
  });

  test('a subject in many bins is counted once when the bins are joined', () => {
    const nineteen = Array.from({ length: 19 }, (_, unit) => unit);
    const cells = [0, 1, 2, 3].map((bin) => ({ bin, count: 100, units: bitmapOf(nineteen) }));

    const folded = foldCells(cells, { kind: 'count', subBits: 7 }, { k: 20, maxCells: Number.POSITIVE_INFINITY });

    expect(folded).toEqual({ total: 0, cells: [], other: 0 });
  });

  test('a remainder of fewer than k units is counted in the smallest label, where bins have no order', () => {
    const binning: Binning = { kind: 'cyclic', size: 4 };
    const cells = [30, 20, 20, 3].map((count, bin) => ({ bin, count, units: count }));

    const folded = foldCells(cells, binning, { k: 20, maxCells: Number.POSITIVE_INFINITY });

    expect(folded).toEqual({
      total: 73,
      cells: [
        [0, 0, 30],
        [0, 1, 23],
        [0, 2, 20],
      ],
      other: 0,
    });
  });

  test('a remainder of fewer than k units is counted in the nearest bin, where bins have an order', () => {
    const binning: Binning = { kind: 'count', subBits: 7 };
    const cells = [
      { bin: 0, count: 3, units: 3 },
      { bin: 1, count: 500, units: 500 },
      { bin: 2, count: 90, units: 90 },
      { bin: 3, count: 4, units: 4 },
    ];

    const folded = foldCells(cells, binning, { k: 20, maxCells: Number.POSITIVE_INFINITY });

    expect(folded).toEqual({
      total: 597,
      cells: [
        [0, 1, 503],
        [0, 2, 94],
      ],
      other: 0,
    });
  });

  test('rows without a bin are other where they have k units, else they are counted in the smallest cell', () => {
    const binning: Binning = { kind: 'cyclic', size: 4 };
    const cellsWith = (outside: number) => [
      { bin: 0, count: 30, units: 30 },
      { bin: 1, count: 25, units: 25 },
      { bin: Number.NaN, count: outside, units: outside },
    ];
    const fold = (outside: number) => foldCells(cellsWith(outside), binning, { k: 20, maxCells: Number.POSITIVE_INFINITY });

    expect(fold(20)).toMatchObject({ other: 20 });
    expect(fold(19)).toEqual({
      total: 74,
      cells: [
        [0, 0, 30],
        [0, 1, 44],
      ],
      other: 0,
    });
  });

  test('a sparse tail is published at the coarser levels', () => {
    const binning: Binning = { kind: 'magnitude', subBits: 12 };
    const cells = Array.from({ length: 100 }, (_, index) => ({
      bin: binOf(binning, 0, 8_192 + 77 * index),
      count: 1,
      units: 1,
    }));

    const folded = foldCells(cells, binning, { k: 20, maxCells: Number.POSITIVE_INFINITY });

    expect(folded.other).toBe(0);
    expect(folded.cells.length).toBeGreaterThan(1);
    for (const [level] of folded.cells) expect(level).toBeGreaterThan(0);
    expect(Math.max(...folded.cells.map(([level]) => level))).toBeLessThan(levelCount(binning));
  });
});
