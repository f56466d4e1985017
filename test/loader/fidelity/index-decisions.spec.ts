// When an index is worth keeping, and when two databases agree on it.
import { helps, type IndexCost, type IndexCosts, indexFigures } from '../../../loader/fidelity/index-decisions.ts';
import { indexSizeFigures } from '../../../loader/fidelity/index-sizes.ts';

const facts = (name: string, isOptional = true, pages = 20) => ({
  schema: 'public',
  table: 't',
  name,
  pages,
  leaves: [{ schema: 'public', name }],
  isPartitioned: false,
  isOptional,
});
const cost = (before: number, after: number, weight = 1): IndexCost => ({ weight, before, after });
const costsOf = (costs: Record<string, Record<string, IndexCost>>): IndexCosts => ({
  indexes: [facts('a'), facts('b'), facts('key', false)],
  readers: new Map(Object.entries(costs).map(([name, queries]) => [`public.${name}`, Object.keys(queries).length])),
  costs: new Map(Object.entries(costs).map(([name, queries]) => [`public.${name}`, new Map(Object.entries(queries))])),
});

test('an index helps when its queries cost more than 10 % more without it, by weight', () => {
  expect(helps([cost(100, 111)])).toBe(true);
  expect(helps([cost(100, 110)])).toBe(false);
  expect(helps([cost(100, 400, 0.01), cost(100, 101)])).toBe(false);
  expect(helps([])).toBe(false);
});

test('verdicts agree index by index and query by query; keys are not decided about', () => {
  const source = costsOf({ a: { one: cost(10, 100), two: cost(10, 10) } });
  const target = costsOf({ a: { one: cost(10, 90), two: cost(10, 30) }, b: { three: cost(10, 100) } });

  const [decisions, byQuery] = indexFigures(source, target);

  expect(decisions).toMatchObject({ value: 0.5, samples: 2 });
  expect(decisions?.places).toEqual([
    { place: 'public.a', value: 1 },
    { place: 'public.b', value: 0 },
  ]);
  expect(byQuery).toMatchObject({ value: 1 / 3, samples: 3 });
});

test('sizes are compared in pages, and a few pages are no finding', () => {
  const [figure] = indexSizeFigures([facts('a', true, 100), facts('b', true, 2)], [facts('a', true, 125), facts('b', true, 5)]);

  expect(figure).toMatchObject({ value: 1.25, samples: 2 });
  const whole = (pages: number) => ({ ...facts('whole', true, pages), isPartitioned: true });
  expect(indexSizeFigures([whole(100)], [whole(400)])[0]).toMatchObject({ samples: 0 });
});
