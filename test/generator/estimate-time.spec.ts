// The time of a plan from what a sample of its rows costs.
import { estimateTime, type KeyCost, type TableCost } from '../../generator/estimate-time.ts';

const cost: TableCost = { table: 'a', rows: 4_000_000, sampleRows: 40_000, makeMs: 100, copyMs: 50, indexMs: [], keys: [] };
const key: KeyCost = { ms: 40, rows: 4_000_000, sampleRows: 40_000, parentRows: 1000 };
const far = { workers: 1, processors: 2, isLocal: false };
const near = { ...far, isLocal: true };

test('the slower of making and taking in counts, and workers share it', () => {
  expect(estimateTime([cost], far)).toEqual({ rowsSeconds: 10, keysSeconds: 0, seconds: 10 });
  expect(estimateTime([cost], { ...far, workers: 2 }).seconds).toBe(5);
  expect(estimateTime([{ ...cost, copyMs: 400 }], far).seconds).toBe(40);
});

test('beside the server on one machine both share the processors', () => {
  expect(estimateTime([cost], { ...near, workers: 2 }).seconds).toBe(7.5);
});

test('keys grow with the rows of both tables, and up to four sessions share them', () => {
  const keyed = { ...cost, makeMs: 0, copyMs: 0, keys: [key] };
  expect(estimateTime([keyed], far).keysSeconds).toBe(4);
  expect(estimateTime([keyed], { ...far, workers: 8 }).keysSeconds).toBe(1);
});

test('the check of a key costs twice as much where the rows that it refers to are in no cache', () => {
  const keyed = { ...cost, makeMs: 0, copyMs: 0, keys: [{ ...key, parentRows: 1_000_000 }] };
  expect(estimateTime([keyed], far).keysSeconds).toBe(8);
});

test('an index grows a little faster than its rows, and a processor that is free helps to build it', () => {
  const indexed = { ...cost, makeMs: 0, copyMs: 0, indexMs: [40] };
  const alone = (4 * Math.log2(4e6)) / Math.log2(4e4);
  expect(estimateTime([indexed], far).keysSeconds).toBeCloseTo(alone, 9);
  expect(estimateTime([indexed], near).keysSeconds).toBeCloseTo(alone * 0.75, 9);
  expect(estimateTime([indexed], { ...near, workers: 2 }).keysSeconds).toBeCloseTo(alone / 2, 9);
});
