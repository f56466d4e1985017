import { listZodProblems } from '../../spec/parse-document.ts';
import { POLICY_MAX_K, POLICY_MIN_K, policySchema } from '../../spec/policy.ts';

function problemsWith(k: number): { path: string; message: string }[] {
  const result = policySchema.safeParse({ k });
  return result.success ? [] : listZodProblems(result.error);
}

/** How many of 256 buckets n units fill on average. */
function expectedBuckets(units: number): number {
  return 256 * (1 - (255 / 256) ** units);
}

describe('k of a policy', () => {
  test('may be anything between its bounds', () => {
    expect([POLICY_MIN_K, 20, POLICY_MAX_K].map(problemsWith)).toEqual([[], [], []]);
    expect(problemsWith(POLICY_MIN_K - 1)).toHaveLength(1);
  });

  test('is refused where 256 buckets cannot prove it, with the way out', () => {
    expect(problemsWith(POLICY_MAX_K + 1)).toEqual([
      { path: 'k', message: expect.stringMatching(/^at most 100: .*exclude the tables and columns/) },
    ]);
  });

  test('is proved by about a quarter more units at its maximum, as the docs say', () => {
    expect(expectedBuckets(126)).toBeLessThan(POLICY_MAX_K);
    expect(expectedBuckets(127)).toBeGreaterThan(POLICY_MAX_K);
    expect(expectedBuckets(388)).toBeLessThan(200);
  });
});
