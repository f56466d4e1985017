// The holes between released degrees: fewer parents than the threshold are in each, and about as many as its neighbours foretell.
import { type Binning, levelCount, parentBin, rangeOf } from '../../stats/binning.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';
import { densityOf, middleOf } from './degree-sums.ts';

/** The holes with so many parents in all, in proportion, none above the threshold. */
export function shareOut(holes: readonly BinnedCount[], parents: number, threshold: number): BinnedCount[] {
  const expected = holes.reduce((sum, hole) => sum + hole.count, 0);
  const scaled = holes.map((hole) => ({
    ...hole,
    count: Math.min(threshold - 1, expected > 0 ? (hole.count * parents) / expected : parents / holes.length),
  }));
  const missing = parents - scaled.reduce((sum, hole) => sum + hole.count, 0);
  return missing > 0 ? raise(scaled, missing, threshold) : scaled;
}

/** What lies between the released bins, below the last one: one bin for each octave's remainder, with fewer than the threshold. */
export function fillHoles(
  { binning, threshold }: { readonly binning: Binning; readonly threshold: number },
  parts: readonly BinnedCount[],
): BinnedCount[] {
  const gaps: BinnedCount[] = [];
  let next = 0;
  for (const part of parts) {
    while (next < part.from) {
      const to = Math.min(part.from, octaveEnd(binning, next));
      gaps.push({ from: next, to, count: 0 });
      next = to;
    }
    next = part.to;
  }
  return gaps.map((gap) => ({ ...gap, count: Math.min(threshold - 1, densityBetween(parts, gap) * (gap.to - gap.from)) }));
}

function octaveEnd(binning: Binning, value: number): number {
  const last = levelCount(binning) - 1;
  let bin = value;
  if (binning.kind !== 'count') return value + 1;
  bin = value === 0 ? 0 : firstBin(binning, value);
  for (let level = 0; level < last; level += 1) bin = parentBin(binning, level, bin);
  return rangeOf(binning, last, bin).to;
}

function firstBin(binning: Binning, value: number): number {
  let low = 0;
  let high = value;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rangeOf(binning, 0, middle).from <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Parents per degree inside a gap, on a line through the logarithms of the densities beside it. */
function densityBetween(parts: readonly BinnedCount[], gap: BinnedCount): number {
  const before = parts.filter((part) => part.to <= gap.from).at(-1);
  const after = parts.find((part) => part.from >= gap.to);
  const one = before ?? after;
  const two = after ?? before;
  if (one === undefined || two === undefined) return 0;
  // Zero has no logarithm: parents without children say nothing about those with.
  if (one === two || one.from === 0 || gap.from === 0) return densityOf(two);
  const [left, right, at] = [middleOf(one), middleOf(two), middleOf(gap)].map(Math.log) as [number, number, number];
  const share = (at - left) / (right - left);
  return Math.exp((1 - share) * Math.log(densityOf(one)) + share * Math.log(densityOf(two)));
}

function raise(holes: readonly BinnedCount[], missing: number, threshold: number): BinnedCount[] {
  const room = holes.reduce((sum, hole) => sum + Math.max(0, threshold - 1 - hole.count), 0);
  const share = room === 0 ? 0 : Math.min(1, missing / room);
  return holes.map((hole) => ({ ...hole, count: hole.count + share * Math.max(0, threshold - 1 - hole.count) }));
}
