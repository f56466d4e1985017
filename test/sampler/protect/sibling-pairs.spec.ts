// What the pairs of siblings may tell: nothing where fewer than k are behind them, or where one of them could be computed from it.
import fc from 'fast-check';
import { releaseSiblingPairs, type SiblingGroup } from '../../../sampler/protect/sibling-pairs.ts';
import { middleOfPairs, stepOfPairs } from '../../../spec/sibling-pairs.ts';

const PRIVATE = { k: 20, childK: 1 };

/** Parents that stand for themselves. */
function parents(degrees: readonly number[]): SiblingGroup[] {
  return degrees.map((degree) => ({ degree, parents: 1, bucket: null }));
}

/** One parent for each bucket; `owners` own its children, one of them this share of the pairs. */
function owned(degrees: readonly number[], owners: number, heaviest: number): SiblingGroup[] {
  const childUnits = new Uint32Array(8);
  for (let unit = 0; unit < owners; unit += 1) childUnits[unit >> 5] = (childUnits[unit >> 5] ?? 0) | (1 << (unit & 31));
  return degrees.map((degree) => ({ degree, parents: 1, bucket: null, childUnits, heaviest }));
}

function repeat<Value>(value: Value, times: number): Value[] {
  return new Array<Value>(times).fill(value);
}

function pairs(degree: number): number {
  return (degree * (degree - 1)) / 2;
}

describe('pairs of siblings', () => {
  test('are rounded to a step of a sixteenth, whose middle is near', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (count) => {
        const step = stepOfPairs(count);

        expect(stepOfPairs(step)).toBe(step);
        expect(step).toBeLessThanOrEqual(count);
        expect(Math.abs(middleOfPairs(step) - count)).toBeLessThanOrEqual(count / 30 + 1);
      }),
    );
  });

  test('of k parents leave, of fewer do not', () => {
    expect(releaseSiblingPairs(parents(repeat(100, 20)), PRIVATE)).toBe(stepOfPairs(20 * pairs(100)));
    expect(releaseSiblingPairs(parents(repeat(100, 19)), PRIVATE)).toBeNull();
  });

  test('of many parents of few owners do not leave', () => {
    const group = (bucket: number): SiblingGroup => ({ degree: 50, parents: 10, bucket });

    expect(
      releaseSiblingPairs(
        Array.from({ length: 19 }, (_, bucket) => group(bucket)),
        PRIVATE,
      ),
    ).toBeNull();
    expect(
      releaseSiblingPairs(
        Array.from({ length: 20 }, (_, bucket) => group(bucket)),
        PRIVATE,
      ),
    ).not.toBeNull();
  });

  test('never leave where the second largest, knowing its own, would know the largest degree within a fifth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 5000 }), { minLength: 20, maxLength: 60 }),
        fc.nat(200_000),
        (some, giant) => {
          const sorted = [...some, 2 + giant].sort((left, right) => right - left);
          const [largest = 0, second = 0] = sorted.map(pairs);
          const all = sorted.reduce((sum, degree) => sum + pairs(degree), 0);

          const released = releaseSiblingPairs(parents(sorted), PRIVATE);

          expect(released !== null).toBe(all - second >= 1.44 * largest);
        },
      ),
    );
  });

  test('stand on owners, who may own several large parents', () => {
    const spread = Array.from({ length: 60 }, (_, bucket): SiblingGroup => ({ degree: 100, parents: 1, bucket }));
    const rich = repeat<SiblingGroup>({ degree: 100, parents: 1, bucket: 7 }, 200);

    expect(releaseSiblingPairs(spread, PRIVATE)).not.toBeNull();
    expect(releaseSiblingPairs([...spread, ...rich], PRIVATE)).toBeNull();
  });

  test('of children of others need k of these, none of whom has most of them', () => {
    const release = (owners: number, heaviest: number) =>
      releaseSiblingPairs(owned(repeat(100, 30), owners, heaviest), { k: 1, childK: 20 });

    expect(release(20, 0.3)).not.toBeNull();
    expect(release(19, 0.3)).toBeNull();
    expect(release(40, 0.5)).toBeNull();
  });

  test('are not told where there are none', () => {
    expect(releaseSiblingPairs([], PRIVATE)).toBeNull();
  });
});
