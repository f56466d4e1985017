import { costsOfMore, figureOf, ratiosOf } from '../../../bench/gates/statistics.ts';

it('gives the median and the ends of an odd and an even number of runs', () => {
  expect(figureOf([3, 10, 2])).toEqual({ median: 3, lowest: 2, highest: 10 });
  expect(figureOf([4, 1, 3, 2])).toEqual({ median: 2.5, lowest: 1, highest: 4 });
  expect(figureOf([7])).toEqual({ median: 7, lowest: 7, highest: 7 });
});

it('gives no figure of runs that are missing or no number', () => {
  expect(figureOf([]).median).toBeNaN();
  expect(figureOf([1, Number.NaN, 3]).median).toBeNaN();
});

it('takes ratios inside each run, not of the medians', () => {
  const ratios = ratiosOf([10, 40], [10, 20]);

  expect(ratios).toEqual([1, 2]);
});

it('leaves out of the cost of more rows what a run costs at any size', () => {
  const start = 5;
  const run = (rows: number) => ({ rows, processorSeconds: start + rows * 100e-9 });

  const [cost = 0] = costsOfMore([run(1e6)], [run(1e7)]);

  expect(cost).toBeCloseTo(100, 6);
});
