import fc from 'fast-check';
import { assignLengths } from '../../spec/calibrate/label-lengths.ts';

const bin = (from: number, to: number, count: number) => ({ from, to, count });

describe('assignLengths', () => {
  test('the heaviest label takes the length with the most rows', () => {
    const assigned = assignLengths([30, 500, 100], [bin(2, 3, 130), bin(5, 6, 500)]);

    expect(assigned?.lengths).toEqual([2, 5, 2]);
    expect(assigned?.rest).toEqual([]);
  });

  test('what the labels do not use up is left for the other values', () => {
    expect(assignLengths([100], [bin(2, 3, 130), bin(5, 6, 20)])?.rest).toEqual([bin(2, 3, 30), bin(5, 6, 20)]);
  });

  test('there is one empty text and there are 36 texts of one character', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 80 }), (weights) => {
        const lengths = assignLengths(weights, [bin(0, 1, 1e6), bin(1, 2, 1e5), bin(2, 3, 10)])?.lengths ?? [];

        expect(lengths.filter((length) => length === 0).length).toBeLessThanOrEqual(1);
        expect(lengths.filter((length) => length === 1).length).toBeLessThanOrEqual(36);
        expect(lengths).toHaveLength(weights.length);
      }),
    );
  });

  test('without lengths there is nothing to assign', () => {
    expect(assignLengths([1, 2], [])).toBeNull();
  });
});
