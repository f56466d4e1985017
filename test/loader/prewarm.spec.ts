// What is read into memory, and how.
import fc from 'fast-check';
import { choosePrewarm } from '../../loader/prewarm/choose-prewarm.ts';

const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 });

describe('choosePrewarm', () => {
  test('takes the largest into shared buffers, then the next through the cache, then none', () => {
    const relations = [10, 90, 50, 40].map((bytes, index) => ({ oid: index, bytes }));

    expect(choosePrewarm(relations, { sharedBytes: 100, cacheBytes: 150 }, 'all')).toEqual([
      { oid: 1, bytes: 90, mode: 'buffer' },
      { oid: 2, bytes: 50, mode: 'read' },
      { oid: 0, bytes: 10, mode: 'buffer' },
    ]);
  });

  test('takes named relations in the order of their names', () => {
    const relations = [10, 90, 50].map((bytes, index) => ({ oid: index, bytes }));

    expect(choosePrewarm(relations, { sharedBytes: 100, cacheBytes: 160 }, 'named').map(({ mode, oid }) => [oid, mode])).toEqual([
      [0, 'buffer'],
      [1, 'buffer'],
      [2, 'read'],
    ]);
  });

  test('never reads more than either memory holds', () => {
    fc.assert(
      fc.property(sizes, fc.nat(2000), fc.nat(4000), (bytes, sharedBytes, cacheBytes) => {
        const steps = choosePrewarm(
          bytes.map((each, index) => ({ oid: index, bytes: each })),
          { sharedBytes, cacheBytes },
          'all',
        );

        const sum = (mode: string) => steps.reduce((total, step) => total + (step.mode === mode ? step.bytes : 0), 0);
        expect(sum('buffer')).toBeLessThanOrEqual(sharedBytes);
        expect(sum('read')).toBeLessThanOrEqual(Math.max(0, cacheBytes - sharedBytes));
      }),
    );
  });
});
