import fc from 'fast-check';
import { classesOfPlaces, middleRank } from '../../../../generator/plan/profiles/place-classes.ts';
import { classStarts } from '../../../../stats/population/class-starts.ts';

const upTo = (size: number) => Array.from({ length: size }, (_, at) => at);

const tables = fc
  .integer({ min: 1, max: 3000 })
  .chain((rows) => fc.record({ rows: fc.constant(rows), size: fc.integer({ min: 1, max: rows }) }));

describe('the rank in the middle of a place', () => {
  test('is one of the place, and that of the next place is higher', () => {
    fc.assert(
      fc.property(tables, ({ rows, size }) => {
        const ranks = upTo(size).map((place) => middleRank(place, size, rows));
        const isInside = ranks.every(
          (rank, place) => rank >= Math.floor((place * rows) / size) && rank < ((place + 1) * rows) / size,
        );
        const ascends = ranks.every((rank, place) => place === 0 || rank > (ranks[place - 1] ?? 0));

        expect([isInside, ascends]).toEqual([true, true]);
      }),
    );
  });

  test('is the place itself where each place is a rank', () => {
    expect(upTo(100).map((place) => middleRank(place, 100, 100))).toEqual(upTo(100));
  });
});

describe('classes of places', () => {
  test('are as many of each as the runs are long, where each place is a rank', () => {
    const runs = [
      { upTo: 3, classOf: 0 },
      { upTo: 3, classOf: 7 },
      { upTo: 4, classOf: 2 },
      { upTo: 9, classOf: 5 },
    ];

    expect([...classesOfPlaces(runs, 9, 9)]).toEqual([0, 0, 0, 2, 5, 5, 5, 5, 5]);
  });

  test('cover all places, each with the class of its middle rank', () => {
    fc.assert(
      fc.property(tables, fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 12 }), ({ rows, size }, lengths) => {
        let end = 0;
        const runs = lengths.map((length, at) => {
          end = Math.min(rows, end + length);
          return { upTo: end, classOf: at + 2 };
        });
        runs.push({ upTo: rows, classOf: 99 });

        const wanted = upTo(size).map((place) => runs.find(({ upTo: last }) => middleRank(place, size, rows) < last)?.classOf);
        expect([...classesOfPlaces(runs, size, rows)]).toEqual(wanted);
      }),
    );
  });
});

describe('starts of classes', () => {
  test('are where any axis changes, 0 first', () => {
    expect(classStarts([Uint16Array.from([2, 2, 3, 3, 3]), Uint16Array.from([0, 0, 0, 0, 4])], 5)).toEqual([0, 2, 4]);
    expect(classStarts([], 5)).toEqual([0]);
    expect(classStarts([Uint16Array.from([1])], 1)).toEqual([0]);
  });
});
