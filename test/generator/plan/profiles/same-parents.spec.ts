// Numbers of children under two references, where only the share of children with the same parent under both is known.
import { siblingCounts } from '../../../../generator/plan/profiles/same-parents.ts';

const FIRST = Float64Array.of(100, 40, 10, 4, 2, 1, 1, 0, 0, 0);
const SECOND = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 30, 48, 80);
const MOST = (80 + 40 + 10) / 10;

test('all children with the same parent: the numbers stand in the same order', () => {
  const counts = siblingCounts({ first: FIRST, second: SECOND, same: MOST });

  expect(counts?.strength).toBe(1);
  expect(cells(counts)).toEqual(['0 0 3', '1 0 2', '2 0 1', '3 0 1', '4 5 1', '6 6 1', '7 7 1']);
});

test('some of them: a mixture that keeps how many parents each number has', () => {
  const counts = siblingCounts({ first: FIRST, second: SECOND, same: MOST / 2 });
  const { classes = 0, wanted = new Float64Array(0) } = counts ?? {};
  const sums = Array.from({ length: classes }, (_, one) =>
    Math.round(wanted.subarray(one * classes, (one + 1) * classes).reduce((left, right) => left + right, 0)),
  );

  expect(counts?.strength).toBeGreaterThan(0.2);
  expect(counts?.strength).toBeLessThan(0.5);
  expect(sums).toEqual([3, 2, 1, 1, 1, 0, 1, 1]);
});

test('as many as chance gives, or fewer, say nothing', () => {
  expect(siblingCounts({ first: FIRST, second: SECOND, same: 0.5 })).toBeNull();
  expect(siblingCounts({ first: FIRST, second: new Float64Array(10), same: 1 })).toBeNull();
});

function cells(counts: ReturnType<typeof siblingCounts>): string[] {
  const { classes = 1, wanted = new Float64Array(0) } = counts ?? {};
  return [...wanted].flatMap((count, at) =>
    count > 0 ? [`${Math.floor(at / classes)} ${at % classes} ${Math.round(count)}`] : [],
  );
}
