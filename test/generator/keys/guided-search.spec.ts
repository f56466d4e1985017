import fc from 'fast-check';
import { lastAtMost } from '../../../generator/keys/curve-lookup.ts';
import { GuidedSearch } from '../../../generator/keys/guided-search.ts';

const ascending = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: -9, max: 2 ** 45 }))
  .map(([gaps, first]) => {
    let value = first;
    return Float64Array.from(gaps, (gap, index) => {
      // Now and then a gap that is far wider than all others together.
      value += index === 0 ? 0 : gap === 40 ? 2 ** 41 : gap;
      return value;
    });
  });

test('finds what a plain search finds, with equal elements and gaps of any width', () => {
  fc.assert(
    fc.property(ascending, fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (elements, draws) => {
      const guided = new GuidedSearch(elements);
      const first = elements[0] as number;
      const span = (elements.at(-1) as number) - first;
      const near = [...elements].flatMap((element) => [element - 1, element, element + 1]);
      const values = [...near, ...draws.map((draw) => first + Math.floor((span * draw) / 1000)), first + span + 5];
      for (const value of values.filter((each) => each >= first))
        expect(guided.lastAtMost(value)).toBe(lastAtMost(elements, value));
    }),
  );
});

test('a value before all elements is of the first', () => {
  expect(new GuidedSearch(Float64Array.of(5, 7)).lastAtMost(1)).toBe(0);
});
