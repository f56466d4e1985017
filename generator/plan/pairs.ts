// Distinct pairs of two parents with exact degrees on both sides, decided at plan time so that a row is a formula.
//
// Rows stand in runs, one run per parent of side A. Side B's children are numbered in rank order, so a B parent owns at most
// maxB consecutive numbers. A light run of rows i, i+1, ... takes the numbers (i * stride + offset) mod m: with stride coprime to
// m this is a bijection, and with maxB <= stride and (maxA - 1) * stride <= m - maxB no two numbers of one run can lie in one
// B parent's range. Parents too heavy for that bound are served first, one by one, each taking the B parents with the most
// children left (Gale 1957, Ryser 1957: this greedy choice succeeds whenever any choice does).
import type { PlanCurve, PlanKey, PlanPairs } from '../../spec/plan.ts';
import { mixBelow } from '../random/mixer.ts';
import { curveOf } from './curve.ts';

/** B parents [rank, rank + count), each with `degree` children left. */
interface Stock {
  rank: number;
  count: number;
  degree: number;
}

/** Parents served one by one; more would make the plan larger than it is worth. */
const MAX_HEAVY = 20_000;

/** The pairing of two curves with equal children, or null when no set of distinct pairs has these degrees. */
export function resolvePairs(
  runs: PlanCurve,
  other: PlanCurve,
  key: PlanKey,
): Omit<PlanPairs, 'runs' | 'other' | 'flattened'> | null {
  let stock = stockOf(other);
  const light = runsDescending(runs);
  const heavy: { rank: number; ranges: [number, number][] }[] = [];
  let lightRows = runs.children;
  for (;;) {
    const stride = chooseStride(light[0]?.degree ?? 0, mostLeft(stock), lightRows, key);
    if (stride !== null) return finishPairs(runs, stock, heavy, lightRows, stride, key);
    const head = light[0];
    if (head === undefined || heavy.length >= MAX_HEAVY) return null;
    const served = serve(stock, head.degree);
    if (served === null) return null;
    stock = served.left;
    // Ranks ascend with the degree, so the heaviest parent left is the one before those already served.
    heavy.push({ rank: runs.parents - 1 - heavy.length, ranges: served.ranges });
    lightRows -= head.degree;
    head.count -= 1;
    if (head.count === 0) light.shift();
  }
}

function stockOf(curve: PlanCurve): Stock[] {
  return curve.rank
    .map((rank, index) => ({ rank, count: curve.count[index] ?? 0, degree: curve.degree[index] ?? 0 }))
    .filter((part) => part.degree > 0);
}

function runsDescending(curve: PlanCurve): { count: number; degree: number }[] {
  return curve.degree.map((degree, index) => ({ degree, count: curve.count[index] ?? 0 })).reverse();
}

function mostLeft(stock: readonly Stock[]): number {
  return stock.reduce((most, part) => Math.max(most, part.degree), 0);
}

/** A stride coprime to the rows inside the bounds of the header comment, or null. */
function chooseStride(maxRun: number, maxOther: number, rows: number, key: PlanKey): number | null {
  if (rows === 0) return 1;
  if (maxRun <= 1 && rows <= 2 ** 26) return firstCoprime(1 + mixBelow(key, 0, rows), 1, rows, rows);
  const low = Math.max(1, maxOther);
  const high = Math.floor(Math.min((rows - maxOther) / Math.max(1, maxRun - 1), 2 ** 52 / rows));
  if (high < low) return null;
  return firstCoprime(low + mixBelow(key, 0, high - low + 1), low, high, rows);
}

/** The first stride from `start` on, wrapping inside [low, high], that shares no factor with `rows`. */
function firstCoprime(start: number, low: number, high: number, rows: number): number | null {
  const span = high - low + 1;
  for (let step = 0; step < Math.min(span, 100_000); step += 1) {
    const stride = low + ((start - low + step) % span);
    if (greatestCommonDivisor(stride, rows) === 1) return stride;
  }
  return null;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** One child from each of the `wanted` B parents with the most left; ranges are of ranks. Null when too few have any left. */
function serve(stock: readonly Stock[], wanted: number): { left: Stock[]; ranges: [number, number][] } | null {
  const sorted = [...stock].sort((a, b) => b.degree - a.degree || a.rank - b.rank);
  const ranges: [number, number][] = [];
  const left: Stock[] = [];
  let missing = wanted;
  for (const part of sorted) {
    const taken = Math.min(part.count, missing);
    missing -= taken;
    if (taken > 0) ranges.push([part.rank, taken]);
    if (taken > 0 && part.degree > 1) left.push({ rank: part.rank, count: taken, degree: part.degree - 1 });
    if (part.count > taken) left.push({ rank: part.rank + taken, count: part.count - taken, degree: part.degree });
  }
  return missing > 0 ? null : { left: mergeStock(left), ranges };
}

/** Joins neighbours of one degree, so the list stays short however many parents are served. */
function mergeStock(stock: readonly Stock[]): Stock[] {
  const merged: Stock[] = [];
  for (const part of [...stock].sort((a, b) => a.rank - b.rank)) {
    const last = merged.at(-1);
    if (last !== undefined && last.degree === part.degree && last.rank + last.count === part.rank) last.count += part.count;
    else merged.push({ ...part });
  }
  return merged;
}

function finishPairs(
  runs: PlanCurve,
  stock: readonly Stock[],
  heavy: readonly { rank: number; ranges: [number, number][] }[],
  lightRows: number,
  stride: number,
  key: PlanKey,
): Omit<PlanPairs, 'runs' | 'other' | 'flattened'> {
  let row = runs.children;
  const heavyRows = heavy.map(({ rank, ranges }) => {
    row -= ranges.reduce((sum, [, count]) => sum + count, 0);
    return { rank, row, ranges };
  });
  return {
    lightRows,
    stride,
    offset: lightRows > 0 ? mixBelow(key, 1, lightRows) : 0,
    lightCurve: stockCurve(stock),
    heavy: heavyRows.reverse(),
  };
}

/** A curve over stock that does not start at rank 0 and may have gaps: ranks are kept, children numbered through. */
function stockCurve(stock: readonly Stock[]): PlanCurve {
  const plain = curveOf([]);
  const sorted = [...stock].sort((a, b) => a.rank - b.rank);
  let child = 0;
  const starts = sorted.map((part) => {
    const start = child;
    child += part.count * part.degree;
    return start;
  });
  return {
    ...plain,
    parents: sorted.reduce((sum, part) => sum + part.count, 0),
    children: child,
    rank: sorted.map((part) => part.rank),
    count: sorted.map((part) => part.count),
    degree: sorted.map((part) => part.degree),
    child: starts,
  };
}
