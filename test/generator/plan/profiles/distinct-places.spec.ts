import { distinctPlaces } from '../../../../generator/plan/profiles/distinct-places.ts';
import { drawFrom } from '../../../stats/population/draw-from.ts';

const upTo = (size: number) => Array.from({ length: size }, (_, at) => at);
const ascending = (left: number, right: number) => left - right;

/** A place each, in a mixed order. */
function mixed(size: number, seed: number): Int32Array {
  const draw = drawFrom(seed);
  return Int32Array.from(
    upTo(size)
      .map((place) => ({ place, key: draw(1e9) }))
      .sort((one, two) => one.key - two.key)
      .map(({ place }) => place),
  );
}

describe('places on the other side', () => {
  test('are each taken once and leave no pair twice, whatever the degrees', () => {
    for (const seed of upTo(30)) {
      const draw = drawFrom(seed);
      const size = 20 + draw(400);
      const [runs, others] = [2, 3].map(() => {
        const parents = 12 + draw(size);
        return Int32Array.from(upTo(size), () => draw(1 + draw(parents))).sort();
      }) as [Int32Array, Int32Array];
      const places = distinctPlaces({ runs, others, places: mixed(size, seed) });
      if (places === null) continue;

      const pairs = upTo(size).map((row) => `${runs[row]} ${others[places[row] ?? -1]}`);
      expect([...places].sort(ascending)).toEqual(upTo(size));
      expect(new Set(pairs).size).toBe(size);
    }
  });

  test('are found for a table with all pairs but a few, and stay as they are where no pair is there twice', () => {
    const size = 90;
    const runs = Int32Array.from(upTo(size), (row) => Math.floor(row / 9));
    const others = Int32Array.from(upTo(size), (place) => Math.floor(place / 9));
    const once = Int32Array.from(upTo(size), (row) => (row % 9) * 9 + Math.floor(row / 9));
    const distinct = distinctPlaces({ runs: runs.subarray(0, 81), others: others.subarray(0, 81), places: once.subarray(0, 81) });

    expect(distinct).toEqual(once.subarray(0, 81));
    expect(distinctPlaces({ runs, others, places: mixed(size, 5) })).not.toBeNull();
  });

  test('are null where one parent has more rows than there are others', () => {
    const places = distinctPlaces({
      runs: Int32Array.of(0, 0, 0),
      others: Int32Array.of(0, 0, 1),
      places: Int32Array.of(0, 1, 2),
    });

    expect(places).toBeNull();
  });
});
