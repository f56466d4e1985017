// Latency since a request was due: what a queue says whose service times were measured, and how a mix is spread.
import { createDueQueue, rateOfConnection, spreadByWeight } from '../../loadtest/load/schedule.ts';

test('a server that keeps up is measured as it is', () => {
  const { toDue } = createDueQueue(10);

  expect([5, 99, 100, 1].map(toDue)).toEqual([5, 99, 100, 1]);
});

test('after a stall the requests that were due meanwhile have waited for it', () => {
  const { toDue } = createDueQueue(10);

  // 350 ms late, and those due 100, 200, 300 ms after it began wait for what is left of it.
  expect([350, 10, 10, 10, 10].map(toDue)).toEqual([350, 260, 170, 80, 10]);
});

test('a server that cannot hold the rate falls ever further behind, though each answer takes the same', () => {
  const { toDue } = createDueQueue(100);
  const due = Array.from({ length: 100 }, () => toDue(50));

  // Request n is due at 10 n ms and answered at 50 (n + 1) ms.
  expect(due[0]).toBe(50);
  expect(due[99]).toBe(50 * 100 - 10 * 99);
});

test('a request without an answer holds up those that were due after it', () => {
  const { listOverdue, toDue } = createDueQueue(10);
  toDue(150);

  // 50 ms of waiting are left of the answer before.
  expect(listOverdue(300)).toEqual([350, 250, 150].map((waitedMs) => ({ waitedMs, count: 1 })));
  expect(listOverdue(40)).toEqual([]);
});

test('a long backlog is told in few steps, none of its requests left out', () => {
  const overdue = createDueQueue(10_000).listOverdue(600_000);

  expect(overdue.length).toBeLessThanOrEqual(1000);
  expect(overdue.reduce((sum, { count }) => sum + count, 0)).toBe(6_000_000);
  expect(Math.min(...overdue.map(({ waitedMs }) => waitedMs))).toBeGreaterThan(0);
});

test('without a rate nothing is due before it is sent', () => {
  const { listOverdue, toDue } = createDueQueue(null);

  expect([350, 10].map(toDue)).toEqual([350, 10]);
  expect(listOverdue(5000)).toEqual([]);
});

test('the rate is handed out to the last request', () => {
  const rates = [0, 1, 2].map((index) => rateOfConnection(11, 3, index));

  expect(rates).toEqual([4, 4, 3]);
});

test('a mix holds each request as often as its weight, spread', () => {
  const mix = spreadByWeight([
    { name: 'a', weight: 3 },
    { name: 'b', weight: 1 },
    { name: 'c', weight: 2 },
  ]);

  expect(mix.map(({ name }) => name).join('')).toBe('acabca');
});
