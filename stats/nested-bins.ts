// Released cells lie in each other: a coarse cell counts only what no finer released cell inside it counts. This turns them
// into disjoint intervals, each owned by one cell, so that calibrate and compare read a marginal in the same way.
import { type Binning, type BinRange, rangeOf } from './binning.ts';

/** A released cell and the values that it alone stands for: its bin without the finer released cells inside. */
export interface CellParts {
  readonly count: number;
  /** Disjoint and rising; empty when finer cells fill the whole bin. */
  readonly parts: readonly BinRange[];
  /** 0 is the finest. */
  readonly level: number;
  readonly range: BinRange;
}

interface OpenCell {
  readonly count: number;
  readonly level: number;
  readonly range: BinRange;
  readonly parts: BinRange[];
  /** Up to here the bin is already given away. */
  next: number;
}

/** The cells of a one-axis marginal with their own parts, by rising start of the bin, coarse before fine. */
export function splitNestedCells(binning: Binning, cells: readonly (readonly number[])[]): CellParts[] {
  const sorted = cells
    .map(([level = 0, bin = 0, count = 0]): OpenCell => {
      const range = rangeOf(binning, level, bin);
      return { count, level, range, parts: [], next: range.from };
    })
    .sort((left, right) => left.range.from - right.range.from || right.level - left.level);
  const open: OpenCell[] = [];
  for (const cell of sorted) {
    closeUntil(open, cell.range.from);
    const around = open.at(-1);
    if (around !== undefined) cutOut(around, cell.range);
    open.push(cell);
  }
  closeUntil(open, Number.POSITIVE_INFINITY);
  return sorted;
}

function closeUntil(open: OpenCell[], value: number): void {
  for (let last = open.at(-1); last !== undefined && last.range.to <= value; last = open.at(-1)) {
    if (last.next < last.range.to) last.parts.push({ from: last.next, to: last.range.to });
    open.pop();
  }
}

function cutOut(cell: OpenCell, inner: BinRange): void {
  if (cell.next < inner.from) cell.parts.push({ from: cell.next, to: inner.from });
  cell.next = inner.to;
}

/** A range of values and how many rows lie in it; fractional where a cell's count is shared by several parts. */
export interface BinnedCount {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Disjoint intervals with counts, by rising start: a cell's count is shared by its parts in proportion to their widths, or to another
 * `measure` of them (positive). A cell that finer cells fill completely keeps its count on its whole bin, spread over them by their
 * own counts.
 */
export function flattenCells(
  binning: Binning,
  cells: readonly (readonly number[])[],
  measure: (part: BinRange) => number = ({ from, to }) => to - from,
): BinnedCount[] {
  const split = splitNestedCells(binning, cells);
  const intervals = split.flatMap(({ count, parts }) => {
    const width = parts.reduce((sum, part) => sum + measure(part), 0);
    return parts.map(({ from, to }) => ({ from, to, count: (count * measure({ from, to })) / width }));
  });
  const filled = split.filter((cell) => cell.parts.length === 0 && cell.count > 0);
  return spreadFilled(filled, intervals).sort((left, right) => left.from - right.from);
}

function spreadFilled(filled: readonly CellParts[], intervals: readonly BinnedCount[]): BinnedCount[] {
  return filled
    .reduce<readonly BinnedCount[]>((current, { count, range }) => {
      const inside = (interval: BinnedCount) => interval.from >= range.from && interval.to <= range.to;
      const mass = current.filter(inside).reduce((sum, interval) => sum + interval.count, 0);
      return mass === 0
        ? current
        : current.map((each) => (inside(each) ? { ...each, count: each.count * (1 + count / mass) } : each));
    }, intervals)
    .slice();
}
