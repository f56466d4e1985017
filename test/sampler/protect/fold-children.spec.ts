// Degrees have two groups behind them, parents and owners of children: what foldCells promises about both.
import fc from 'fast-check';
import { type FineCell, foldCells } from '../../../sampler/protect/fold.ts';
import { binOf, rangeOf } from '../../../stats/binning.ts';

const DEGREES = { kind: 'count', subBits: 7 } as const;

function mapOf(units: readonly number[]): Uint32Array {
  const bitmap = new Uint32Array(8);
  for (const unit of units) bitmap[unit >> 5] = (bitmap[unit >> 5] ?? 0) | (1 << (unit & 31));
  return bitmap;
}

/** `people` owners from `first` on. */
function crowd(people: number, first = 0): readonly number[] {
  return Array.from({ length: people }, (_, at) => first + at);
}

function cell(degree: number, parents: number, owners: readonly number[]): FineCell {
  return { bin: binOf(DEGREES, 0, degree), count: parents, units: parents, childUnits: mapOf(owners) };
}

function fold(cells: readonly FineCell[], options: { k: number; childK: number }) {
  return foldCells(cells, DEGREES, { ...options, maxCells: Number.POSITIVE_INFINITY });
}

describe('folding degrees', () => {
  test('many parents of one owner are not shown, one public parent of many owners is', () => {
    const folded = fold([cell(1, 40, [7]), cell(3, 50, crowd(30)), cell(200, 1, crowd(60))], { k: 1, childK: 20 });

    expect(folded.cells).toEqual([
      [0, 3, 90],
      [0, binOf(DEGREES, 0, 200), 1],
    ]);
  });

  test('private parents and the owners of their children must both be enough', () => {
    const folded = fold([cell(1, 40, crowd(19)), cell(3, 50, crowd(30)), cell(200, 19, crowd(60))], { k: 20, childK: 20 });

    expect(folded).toEqual({ total: 109, cells: [[0, 3, 50]], other: 59 });
  });

  test('parents without children need no owner of children', () => {
    const cells = [cell(0, 20, []), cell(5, 30, crowd(20))];

    expect(fold(cells, { k: 20, childK: 20 }).cells).toEqual([
      [0, 0, 20],
      [0, 5, 30],
    ]);
  });

  test('a few owners in all read as none', () => {
    const few = fold([cell(0, 70, []), cell(5, 30, crowd(19))], { k: 20, childK: 20 });

    expect(few).toEqual(fold([cell(0, 100, [])], { k: 20, childK: 20 }));
    expect(few.cells).toEqual([[0, 0, 100]]);
  });

  test('owners of children must be k where nothing else is said', () => {
    expect(foldCells([cell(5, 30, crowd(19))], DEGREES, { k: 20, maxCells: 10 }).cells).toEqual([[0, 0, 30]]);
  });

  test('no cell with children has fewer owners than asked for, but for a remainder counted in it, and no parent is lost', () => {
    const leaf = fc.record({
      degree: fc.integer({ min: 0, max: 600 }),
      parents: fc.integer({ min: 1, max: 50 }),
      owners: fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 30 }),
    });
    const leaves = fc.uniqueArray(leaf, { minLength: 1, maxLength: 30, selector: ({ degree }) => binOf(DEGREES, 0, degree) });
    const bounds = fc.record({ k: fc.integer({ min: 1, max: 60 }), childK: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(leaves, bounds, (made, options) => {
        const cells = made.map(({ degree, parents, owners }) => cell(degree, parents, degree === 0 ? [] : owners));
        const all = made.reduce((sum, { parents }) => sum + parents, 0);
        const everyOwner = new Set(made.flatMap(({ degree, owners }) => (degree === 0 ? [] : owners)));

        const folded = fold(cells, options);

        expect(folded.total).toBe(all >= options.k ? all : 0);
        expect(folded.cells.reduce((sum, [, , count]) => sum + count, folded.other)).toBe(folded.total);
        if (everyOwner.size < options.childK) return;
        let left = made;
        for (const [level, bin] of folded.cells) {
          const { from, to } = rangeOf(DEGREES, level, bin);
          const inside = left.filter(({ degree }) => degree >= from && degree < to);
          left = left.filter((one) => !inside.includes(one));
          const owners = new Set(inside.flatMap(({ degree, owners: own }) => (degree === 0 ? [] : own)));
          expect(owners.size === 0 || owners.size >= options.childK).toBe(true);
          expect(inside.reduce((sum, { parents }) => sum + parents, 0)).toBeGreaterThanOrEqual(options.k);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
