import { formatNumber, formatResult } from '../../../bench/gates/format-result.ts';
import { perWorker } from '../../../bench/gates/g5-memory.ts';
import { interleave } from '../../../bench/gates/interleave.ts';
import { atLeast, atMost, isMet, type Limit, missesOf, type Reading } from '../../../bench/gates/reading.ts';
import { makeResult } from '../../../bench/gates/results.ts';
import { figureOf } from '../../../bench/gates/statistics.ts';

const reading = (median: number, limit: Limit | null): Reading => ({
  name: 'a table',
  unit: 'times',
  figure: figureOf([median]),
  limit,
});

it('meets a limit with its median, the limit itself included, and never with a figure that is missing', () => {
  expect(isMet(reading(2.5, atLeast(2.5)))).toBe(true);
  expect(isMet(reading(2.4, atLeast(2.5)))).toBe(false);
  expect(isMet(reading(1.06, atMost(1.05)))).toBe(false);
  expect(isMet(reading(Number.NaN, atMost(1)))).toBe(false);
  expect(isMet(reading(Number.NaN, null))).toBe(true);
});

it('prints each reading with its interval and says which is missed', () => {
  const result = { gate: 'G9', title: 'this against that', readings: [reading(1.5, atMost(1.05)), reading(1_234_567, null)] };

  const text = formatResult(result);

  expect(missesOf(result)).toHaveLength(1);
  expect(text.split('\n')).toEqual([
    'G9  this against that',
    '              median  lowest .. highest       unit   wanted',
    '  a table       1.50  1.50 .. 1.50            times  <= 1.05  MISSED',
    '  a table  1,234,567  1,234,567 .. 1,234,567  times',
  ]);
  expect(formatNumber(12.34)).toBe('12.3');
});

it('keeps four digits of a figure, and null for one that is missing', () => {
  const readings = [reading(1.23456, atMost(2)), reading(Number.NaN, null)];

  const kept = makeResult({ gate: 'G9', title: '', readings }, { rows: 10, runs: 1, server: 'none' });

  expect(kept.readings.map(({ isMet: met, median }) => [median, met])).toEqual([
    [1.235, true],
    [null, true],
  ]);
});

it('runs the kinds in turn, every other round backwards, and keeps their results apart', async () => {
  const order: string[] = [];
  const kind = (name: string) => ({ name, run: async () => order.push(name), seconds: Number });

  const results = await interleave('test', 2, [kind('a'), kind('b')], () => undefined);

  expect(order).toEqual(['a', 'b', 'b', 'a']);
  expect(results).toEqual([
    [1, 4],
    [2, 3],
  ]);
});

it('takes the larger of two estimates of what a worker needs', () => {
  const alone = [{ peakMegabytes: 300 }];

  expect(perWorker(alone, [{ peakMegabytes: 420, planMegabytes: 250 }], 3)).toEqual([60]);
  expect(perWorker(alone, [{ peakMegabytes: 330, planMegabytes: 240 }], 3)).toEqual([30]);
});
