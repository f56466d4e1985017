// The levels of a tree, from the depths that were released. Trees have few roots, so the levels next to them are often withheld:
// those get what no released bin holds, rising from the roots to the first level that was released.
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';
import { binningOf } from '../axis.ts';
import type { Marginal } from '../pack.ts';
import { assumeLevels } from '../tree-levels.ts';
import { because, describeOther, formatShare, roundFraction, roundWeight } from './reason.ts';

/** Deeper rows are put on the last level: a plan has one curve for each. */
const MAX_LEVELS = 10_000;
/** Of a tree whose roots nobody counted, half the rows. */
const ASSUMED_ROOTS = 0.5;

export interface Levels {
  readonly levels: number[];
  readonly because: string;
}

/** `nullFraction` of the key: where there are NULLs, these are the roots. `depths` null: not measured. */
export function calibrateLevels(depths: Marginal | null, nullFraction: number): Levels {
  const measured = depths === null ? [] : weighLevels(depths);
  if (depths === null || measured.length === 0) {
    const rootShare = nullFraction > 0 ? nullFraction : ASSUMED_ROOTS;
    const levels = assumeLevels(rootShare).map(roundFraction);
    return { levels, because: 'no depth was released: levels assumed to halve from one to the next' };
  }
  const isWithheld = measured[0] === 0;
  const filled = isWithheld ? fillUpperLevels(measured, depths.other) : measured;
  const levels = (nullFraction > 0 ? withRoots(filled, nullFraction) : filled).map(roundWeight);
  return { levels, because: describeLevels(depths, levels, isWithheld) };
}

/** Rows of each level in the released bins, from the roots to the deepest. */
function weighLevels(depths: Marginal): number[] {
  const [axis] = depths.axes;
  if (axis === undefined) return [];
  const bins = smoothBins(flattenCells(binningOf(axis), depths.cells).filter((bin) => bin.count > 0));
  const levels: number[] = [];
  for (const bin of bins) addBin(levels, bin);
  return levels;
}

function addBin(levels: number[], { from, to, count }: BinnedCount): void {
  const first = Math.min(from, MAX_LEVELS - 1);
  const last = Math.max(first, Math.min(to, MAX_LEVELS) - 1);
  while (levels.length <= last) levels.push(0);
  for (let level = first; level <= last; level += 1) levels[level] = (levels[level] ?? 0) + count / (last - first + 1);
}

/** Doubles from level to level up to the first released one; at least one row each. */
function fillUpperLevels(levels: readonly number[], withheld: number): number[] {
  const missing = levels.findIndex((weight) => weight > 0);
  const shares = levels.slice(0, missing).map((_, level) => 2 ** (level - missing));
  const sum = shares.reduce((left, right) => left + right, 0);
  return [...shares.map((share) => Math.max(1, (withheld * share) / sum)), ...levels.slice(missing)];
}

/** The roots' weight such that they have this share of all rows. */
function withRoots([, ...below]: readonly number[], share: number): number[] {
  const sum = below.reduce((left, right) => left + right, 0);
  return share >= 1 || sum === 0 ? [1] : [(sum * share) / (1 - share), ...below];
}

function describeLevels(depths: Marginal, levels: readonly number[], isWithheld: boolean): string {
  const sum = levels.reduce((left, right) => left + right, 0);
  const roots = `tree of ${levels.length} ${levels.length === 1 ? 'level' : 'levels'}, ${formatShare((levels[0] ?? 0) / sum)} of the rows are roots`;
  const reasons = [
    roots,
    isWithheld ? 'the levels next to the roots were not released: the rest is taken for them' : describeOther(depths),
  ];
  return because(...reasons).because ?? roots;
}
