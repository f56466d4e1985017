import { makeTextPool } from '../../generator/columns/text-pool.ts';

const pool = makeTextPool([5, 9]).toString('ascii');
const counts = new Map<string, number>();
for (const word of pool.split(' ').slice(0, -1)) counts.set(word, (counts.get(word) ?? 0) + 1);
const ranked = [...counts.values()].sort((left, right) => right - left);

describe('the text pool', () => {
  test('is made of small letters and spaces, and is the same for the same key', () => {
    expect(pool).toMatch(/^[a-z]+( [a-z]+)* ?$/);
    expect(makeTextPool([5, 9]).toString('ascii')).toBe(pool);
    expect(makeTextPool([5, 8]).toString('ascii')).not.toBe(pool);
  });

  test("follows Zipf's law over thousands of words", () => {
    const words = ranked.reduce((sum, count) => sum + count, 0);
    const share = (rank: number) => (ranked[rank - 1] ?? 0) / words;
    const total = Array.from({ length: 20_000 }, (_, rank) => 1 / (rank + 1 + 2.7)).reduce((sum, weight) => sum + weight, 0);

    expect(counts.size).toBeGreaterThan(12_000);
    for (const rank of [1, 5, 20, 100]) expect(share(rank) * total * (rank + 2.7)).toBeCloseTo(1, 0);
  });

  test('has its short words in front', () => {
    const common = [...counts].sort(([, left], [, right]) => right - left).map(([word]) => word);
    const mean = (words: readonly string[]) => words.reduce((sum, word) => sum + word.length, 0) / words.length;

    expect(mean(common.slice(0, 30))).toBeLessThan(mean(common.slice(1000, 3000)) - 2);
  });
});
