// A few hundred of the cases that `npm run bench -- random-plans` makes by the hundred thousand.
import { checkCase } from '../../../bench/random-plans/check-case.ts';
import { randomCase } from '../../../bench/random-plans/random-case.ts';
import { makeTextPool } from '../../../generator/columns/text-pool.ts';

const POOL = makeTextPool([1, 2]);

describe('plans of random specs with marginals of any kind', () => {
  test('keep every one-axis count and degree, and make the same cells however they are asked', () => {
    const faults: string[] = [];
    const totals = { made: 0, profiled: 0 };
    for (let number = 1; number <= 200; number += 1) {
      const checked = checkCase(randomCase(number), number, POOL);
      faults.push(...checked.faults.map((fault) => `${number}: ${fault}`));
      totals.made += checked.refusal === null ? 1 : 0;
      totals.profiled += checked.profiled;
    }

    expect(faults).toEqual([]);
    // Not a test of plans that have no order by profile, or are refused.
    expect(totals.made).toBeGreaterThan(180);
    expect(totals.profiled).toBeGreaterThan(800);
  });
});

test('a random case is the same for its number', () => {
  expect(randomCase(17)).toEqual(randomCase(17));
  expect(randomCase(17)).not.toEqual(randomCase(18));
});
