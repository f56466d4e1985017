import { type ReleasedDegrees, shapeDegrees } from '../../../spec/calibrate/degree-bins.ts';
import { sumOf } from '../../../spec/calibrate/degree-sums.ts';
import { deviationOf, dropNoise } from '../../../spec/calibrate/drop-noise.ts';
import { binOf, rangeOf } from '../../../stats/binning.ts';
import { tailQuantiles } from '../../../stats/heavy-tail.ts';

const OCTAVES = { kind: 'count', subBits: 0 } as const;
const PARENTS = 100_000;

/** A uniform fraction and a normal deviate, the same on every run. */
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

/** Degrees from an inverse survival function at evenly spaced ranks. */
function degreesOf(sizeAt: (u: number) => number): number[] {
  return Array.from({ length: PARENTS }, (_, index) => Math.floor(sizeAt((index + 0.5) / PARENTS)));
}

function octaveCells(degrees: readonly number[]): number[][] {
  const counts = new Map<number, number>();
  for (const degree of degrees) counts.set(binOf(OCTAVES, 0, degree), (counts.get(binOf(OCTAVES, 0, degree)) ?? 0) + 1);
  return [...counts].sort(([left], [right]) => left - right).map(([bin, count]) => [0, bin, count]);
}

/** Degrees that a shape stands for, largest first, as far as they count. */
function madeDegrees(released: ReleasedDegrees): number[] {
  const { bins, tail } = shapeDegrees(released);
  const body = bins.flatMap(({ from, to, count }) => new Array<number>(Math.round(count)).fill((from + to - 1) / 2));
  const above = tail === null ? [] : tailQuantiles(tail, new Array<number>(tail.parents).fill(1), tail.children, tail.children);
  return [...body, ...above].sort((left, right) => right - left);
}

function topShare(degrees: readonly number[]): number {
  const sorted = [...degrees].sort((left, right) => right - left);
  const sum = sorted.reduce((left, right) => left + right, 0);
  return sorted.slice(0, Math.ceil(sorted.length / 100)).reduce((left, right) => left + right, 0) / sum;
}

function squares(degrees: readonly number[]): number {
  return degrees.reduce((left, right) => left + right * right, 0);
}

function total(degrees: readonly number[]): number {
  return degrees.reduce((left, right) => left + right, 0);
}

/** With the factor that the sum of squares may be off under noise; that of a power law below exponent 3 is nearly the largest parent alone. */
const LAWS: readonly [string, (u: number) => number, number][] = [
  ['a power law', (u) => u ** (-1 / 1.6), 4],
  [
    'a log-normal',
    (u) => 2 * Math.exp(1.2 * Math.sign(0.5 - u) * Math.sqrt(Math.max(0, -2 * Math.log(2 * Math.min(u, 1 - u)))) * 0.75),
    1.6,
  ],
];

describe('degrees known by octaves', () => {
  test.each(LAWS)(
    '%s with noise of 50 on every count keeps its top 1 %% and its sum of squares',
    (_name, sizeAt, squaresBound) => {
      const degrees = degreesOf(sizeAt);
      const children = total(degrees);
      const counted = new Map(octaveCells(degrees).map(([, bin = 0, count = 0]) => [bin, count]));

      for (let seed = 1; seed <= 6; seed += 1) {
        const random = randomOf(seed);
        const empty = Array.from({ length: 20 }, (_unused, bin) => [0, bin, 0]);
        const cells = empty.map(([level = 0, bin = 0]) => {
          const count = counted.get(bin) ?? 0;
          return [level, bin, Math.max(0, Math.round(count + 50 * normal(random)))];
        });
        const { certain, ...known } = dropNoise(cells, PARENTS, 50);
        // The number of children is noisy too: another count says it.
        const made = madeDegrees({
          binning: OCTAVES,
          ...known,
          children: children * (1 + 0.002 * normal(random)),
          threshold: certain,
          deviation: 50,
          k: 20,
        });

        expect(Math.abs(topShare(made) / topShare(degrees) - 1)).toBeLessThan(0.1);
        const quotient = squares(made) / squares(degrees);
        expect(Math.max(quotient, 1 / quotient)).toBeLessThan(squaresBound);
        expect(Math.abs(total(made) / children - 1)).toBeLessThan(0.02);
      }
    },
  );

  test.each(LAWS)('%s whose top is folded keeps the total, the top 1 %% and the sum of squares', (_name, sizeAt) => {
    const degrees = degreesOf(sizeAt);
    const cells = octaveCells(degrees).filter((cell) => (cell[2] ?? 0) >= 98);
    const other = PARENTS - cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0);

    const made = madeDegrees({ binning: OCTAVES, cells, other, children: total(degrees), threshold: 98, deviation: 0, k: 20 });

    expect(Math.abs(topShare(made) / topShare(degrees) - 1)).toBeLessThan(0.05);
    const quotient = squares(made) / squares(degrees);
    expect(Math.max(quotient, 1 / quotient)).toBeLessThan(1.5);
    expect(Math.abs(total(made) / total(degrees) - 1)).toBeLessThan(0.01);
  });

  test('a hole between released bins is filled from its neighbours', () => {
    const binning = { kind: 'count', subBits: 7 } as const;
    const cells = [1, 2, 3, 5, 6].map((degree) => [0, binOf(binning, 0, degree), 200 / degree]);
    const { bins, tail } = shapeDegrees({
      binning,
      cells,
      other: 49,
      children: 5 * 200 + 4 * 49,
      threshold: 60,
      deviation: 0,
      k: 20,
    });

    expect(tail).toBeNull();
    const hole = bins.find(({ from }) => from === 4);
    expect(hole?.count).toBeGreaterThan(40);
    expect(Math.abs(sumOf(bins) - (5 * 200 + 4 * 49))).toBeLessThan(60);
    expect(rangeOf(binning, 0, binOf(binning, 0, 4))).toEqual({ from: 4, to: 5 });
  });

  test('a few parents that were counted in the bin above theirs are put back where the children want them', () => {
    const binning = { kind: 'count', subBits: 7 } as const;
    const cells = [
      [0, binOf(binning, 0, 2), 149],
      [0, binOf(binning, 0, 3), 73],
    ];

    const { bins } = shapeDegrees({ binning, cells, other: 0, children: 505, threshold: 20, deviation: 0, k: 20 });

    expect(bins.map(({ from, count }) => [from, count])).toEqual([
      [1, 12],
      [2, 137],
      [3, 73],
    ]);
  });
});

describe('noise on counts', () => {
  test('its deviation follows from the cost', () => {
    expect(deviationOf('0/1')).toBe(0);
    expect(deviationOf('1/5000')).toBe(50);
  });

  test('too many parents in the cells that stand out are taken from the largest', () => {
    const { cells, other } = dropNoise(
      [
        [0, 0, 900],
        [0, 1, 300],
        [0, 2, 140],
      ],
      1100,
      50,
    );

    expect(cells).toEqual([
      [0, 0, 800],
      [0, 1, 300],
    ]);
    expect(other).toBe(0);
  });
});
