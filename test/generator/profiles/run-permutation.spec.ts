import fc from 'fast-check';
import { RunPermutation } from '../../../generator/random/run-permutation.ts';
import { drawFrom, keyFrom, upTo } from './made-profiles.ts';

const keys = fc.tuple(fc.integer(), fc.integer());

describe('permutations of short runs', () => {
  test('are bijections of every size, and inverse undoes forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), keys, fc.nat(), (size, key, run) => {
        const order = new RunPermutation(key);

        const places = upTo(size).map((element) => order.forward(run, size, element));

        expect(new Set(places).size).toBe(size);
        expect(places.every((place) => place >= 0 && place < size)).toBe(true);
        expect(places.map((place) => order.inverse(run, size, place))).toEqual(upTo(size));
      }),
    );
  });

  test('invert at sizes that no test can list, up to 2^32', () => {
    const sizes = fc.oneof(fc.integer({ min: 2 ** 20, max: 2 ** 32 }), fc.constantFrom(2 ** 31, 2 ** 31 + 1, 2 ** 32));
    fc.assert(
      fc.property(sizes, keys, fc.nat(), (size, key, some) => {
        const order = new RunPermutation(key);

        expect(order.inverse(some, size, order.forward(some, size, some % size))).toBe(some % size);
      }),
    );
  });

  test('end for any size, key and run, in whatever order they are asked', () => {
    const draw = drawFrom(11);
    const orders = upTo(20).map(() => new RunPermutation(keyFrom(draw)));
    for (let time = 0; time < 100_000; time += 1) {
      const order = orders[draw(20)] as RunPermutation;
      const size = 1 + draw(40);
      const run = draw(5);
      const element = draw(size);
      if (order.inverse(run, size, order.forward(run, size, element)) !== element) throw new Error(`size ${size}`);
    }
  });

  test('refuse what lies outside', () => {
    const order = new RunPermutation([1, 2]);

    expect(() => order.forward(0, 10, 10)).toThrow(RangeError);
    expect(() => order.inverse(0, 10, -1)).toThrow(RangeError);
    expect(() => order.forward(0, 0, 0)).toThrow(RangeError);
    expect(() => order.forward(0, 2 ** 33, 0)).toThrow(RangeError);
  });

  test('differ from run to run: an element has every place of 256 about as often', () => {
    const order = new RunPermutation([7, 9]);
    for (const element of [0, 1, 100, 255]) {
      const places = new Array<number>(256).fill(0);
      for (const run of upTo(65_536)) {
        const place = order.forward(run, 256, element);
        places[place] = (places[place] ?? 0) + 1;
      }

      // 255 degrees of freedom: above 370 with a chance of about 3e-6; the key is fixed, so the test does not flicker.
      expect(places.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0)).toBeLessThan(370);
    }
  });

  test('spread neighbours: elements of a run of 250 that follow each other have all kinds of distances', () => {
    const order = new RunPermutation([7, 9]);
    const distances = new Array<number>(250).fill(0);
    for (const run of upTo(400)) {
      const places = upTo(250).map((element) => order.forward(run, 250, element));
      for (let element = 1; element < 250; element += 1) {
        const distance = ((places[element] as number) - (places[element - 1] as number) + 250) % 250;
        distances[distance] = (distances[distance] ?? 0) + 1;
      }
    }

    // 99 600 pairs over 249 distances: 400 each.
    expect(distances[0]).toBe(0);
    expect(Math.max(...distances)).toBeLessThan(600);
    expect(Math.min(...distances.slice(1))).toBeGreaterThan(230);
  });
});
