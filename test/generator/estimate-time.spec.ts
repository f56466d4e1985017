// The time of a plan from what a sample of its rows costs.
import { estimateTime, type TableCost } from '../../generator/estimate-time.ts';

const cost: TableCost = { table: 'a', rows: 4_000_000, sampleRows: 40_000, makeMs: 100, copyMs: 50, indexMs: [], keyMs: [] };
const far = { workers: 1, processors: 2, isLocal: false };

test('the slower of making and taking in counts, and workers share it', () => {
  expect(estimateTime([cost], far)).toEqual({ rowsSeconds: 10, keysSeconds: 0, seconds: 10 });
  expect(estimateTime([cost], { ...far, workers: 2 }).seconds).toBe(5);
  expect(estimateTime([{ ...cost, copyMs: 400 }], far).seconds).toBe(40);
});

test('beside the server on one machine both share the processors', () => {
  expect(estimateTime([cost], { workers: 2, processors: 2, isLocal: true }).seconds).toBe(7.5);
});

test('keys grow with the rows, sorting a little faster, and up to four sessions share them', () => {
  const keyed = { ...cost, makeMs: 0, copyMs: 0, keyMs: [40], indexMs: [] };
  expect(estimateTime([keyed], far).keysSeconds).toBe(4);
  expect(estimateTime([keyed], { ...far, workers: 8 }).keysSeconds).toBe(1);
  const indexed = estimateTime([{ ...keyed, keyMs: [], indexMs: [40] }], far).keysSeconds;
  expect(indexed).toBeCloseTo((4 * Math.log2(4e6)) / Math.log2(4e4), 9);
});
