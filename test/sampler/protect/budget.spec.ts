import fc from 'fast-check';
import { costOfMarginal, sumCosts } from '../../../sampler/protect/budget.ts';

describe('the budget', () => {
  test('a folded marginal without noise costs nothing', () => {
    expect(sumCosts([costOfMarginal(), costOfMarginal()])).toBe('0/1');
  });

  test('costs add up exactly and reduced', () => {
    expect(sumCosts(['1/20', '1/30', '0/1'])).toBe('1/12');
    expect(sumCosts(Array.from({ length: 10 }, () => '1/10'))).toBe('1/1');
  });

  test('the sum does not depend on the order', () => {
    const fraction = fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 })).map(([over, under]) => `${over}/${under}`);
    fc.assert(fc.property(fc.array(fraction), (costs) => expect(sumCosts([...costs].reverse())).toBe(sumCosts(costs))));
  });

  test('what is no fraction is refused', () => {
    for (const text of ['', '1', '1/0', '0.05/1', '-1/2']) expect(() => sumCosts([text])).toThrow(RangeError);
  });
});
