// Degrees folded as the sampler folds them, with and without the pairs of siblings of the parents whose degree is not shown.
import { foldCells } from '../../../sampler/protect/fold.ts';
import { placeOfBin } from '../../../sampler/protect/place-of-bin.ts';
import { shapeDegrees } from '../../../spec/calibrate/degree-bins.ts';
import { sumOf } from '../../../spec/calibrate/degree-sums.ts';
import { middleOfPairs, stepOfPairs } from '../../../spec/sibling-pairs.ts';
import { binOf } from '../../../stats/binning.ts';
import { tailQuantiles } from '../../../stats/heavy-tail.ts';

const BINNING = { kind: 'count', subBits: 7 } as const;
const K = 20;

/** A uniform fraction, the same on every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

const LAWS: readonly [string, (random: () => number) => number][] = [
  ['a wide log-normal', (random) => Math.exp(1 + 1.6 * normal(random))],
  ['a power law with an end', (random) => Math.min(2000, random() ** (-1 / 0.9))],
  ['a few regulars among many guests', (random) => (random() < 0.98 ? -3 * Math.log(random()) : 20 - 200 * Math.log(random()))],
];

/** The squares that a shape stands for, and its children. */
function momentsOf(released: Parameters<typeof shapeDegrees>[0]) {
  const { bins, tail } = shapeDegrees(released);
  const above = tail === null ? [] : tailQuantiles(tail, new Array<number>(tail.parents).fill(1), tail.children, tail.children);
  return {
    children: sumOf(bins) + above.reduce((sum, degree) => sum + degree, 0),
    squares:
      bins.reduce((sum, { from, to, count }) => sum + count * ((from + to - 1) / 2) ** 2, 0) +
      above.reduce((sum, degree) => sum + degree * degree, 0),
  };
}

describe('degrees with the pairs of siblings', () => {
  test.each(LAWS)('%s keeps its squares and its children', (_name, draw) => {
    for (let seed = 1; seed <= 2; seed += 1) {
      const random = randomOf(seed * 7919);
      const degrees = Array.from({ length: 3000 }, () => Math.floor(draw(random)));
      const counts = new Map<number, number>();
      for (const degree of degrees) counts.set(degree, (counts.get(degree) ?? 0) + 1);
      const fine = [...counts].map(([degree, count]) => ({ bin: binOf(BINNING, 0, degree), count, units: count }));
      const { cells, other } = foldCells(fine, BINNING, { k: K, maxCells: 1024 });
      const placeOf = placeOfBin(BINNING, cells);
      const hidden = degrees.filter((degree) => placeOf(binOf(BINNING, 0, degree)) === null);
      const children = degrees.reduce((sum, degree) => sum + degree, 0);
      const pairs = hidden.reduce((sum, degree) => sum + (degree * (degree - 1)) / 2, 0);

      const made = momentsOf({
        binning: BINNING,
        cells,
        other,
        children,
        threshold: K,
        deviation: 0,
        k: K,
        siblingPairs: middleOfPairs(stepOfPairs(pairs)),
      });

      const squares = degrees.reduce((sum, degree) => sum + degree * degree, 0);
      expect(other).toBeGreaterThan(0);
      expect(Math.abs(Math.log(made.squares / squares))).toBeLessThan(0.07);
      expect(Math.abs(made.children / children - 1)).toBeLessThan(0.02);
    }
  });

  test('more children than the squares allow are not all of the hidden parents', () => {
    const cells = [[0, binOf(BINNING, 0, 0), 9000], ...[1, 2, 3].map((degree) => [0, binOf(BINNING, 0, degree), 500 / degree])];
    const released = { binning: BINNING, cells, other: 40, children: 30_000, threshold: K, deviation: 0, k: K };

    const { tail } = shapeDegrees({ ...released, siblingPairs: 40 * 28 });

    expect(tail?.children).toBeLessThan(40 * 9);
    expect(shapeDegrees(released).tail?.children).toBeGreaterThan(20_000);
  });
});
