// The levels of a tree, from the depths that were released. Trees have few roots, so the levels next to them are often withheld:
// those are assumed to grow evenly to the first level that was released.
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';
import { binningOf } from '../axis.ts';
import type { Marginal } from '../pack.ts';
import { assumeLevels } from '../tree-levels.ts';
import { describeOther, formatShare, roundFraction, roundWeight } from './reason.ts';

/** Deeper rows are put on the last level: a plan has one curve for each. */
const MAX_LEVELS = 10_000;
/** Of a tree whose depths nobody counted: the share of the roots, and the same where the key is nullable and no NULL was released. */
const ASSUMED_ROOTS = 0.5;
const ASSUMED_FEW_ROOTS = 0.02;

export interface TreeKey {
  /** null: not measured. */
  readonly depths: Marginal | null;
  /** Of the key, as far as its NULLs were released. */
  readonly nullFraction: number;
  readonly isNullable: boolean;
  /** Fewer rows than this on a level are not released. */
  readonly k: number;
}

export interface Levels {
  readonly levels: number[];
  /** The share of the roots where these are NULL; 0 where they point at themselves. */
  readonly nullFraction: number;
  readonly because: string;
}

/** Roots are NULL where the key may be: also those that are too few to be released, as in a tree of one root. */
export function calibrateLevels({ depths, isNullable, k, nullFraction }: TreeKey): Levels {
  const measured = depths === null ? [] : weighLevels(depths);
  if (depths === null || measured.length === 0) {
    const roots = nullFraction > 0 ? nullFraction : isNullable ? ASSUMED_FEW_ROOTS : ASSUMED_ROOTS;
    const reason = 'no depth was released: levels assumed to halve from one to the next';
    return { levels: assumeLevels(roots).map(roundFraction), nullFraction: isNullable ? roots : 0, because: reason };
  }
  const isWithheld = measured[0] === 0;
  const filled = isWithheld ? fillUpperLevels(measured, depths.other, k) : measured;
  const levels = (nullFraction > 0 ? withRoots(filled, nullFraction) : filled).map(roundWeight);
  return {
    levels,
    nullFraction: isWithheld && isNullable && nullFraction === 0 ? roundFraction(rootShare(levels)) : nullFraction,
    because: describeLevels(depths, levels, isWithheld),
  };
}

function rootShare(levels: readonly number[]): number {
  return (levels[0] ?? 0) / levels.reduce((left, right) => left + right, 0);
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

/** Grows by one factor from a single root to the first released level, as far as a withheld level may; all together `withheld`. */
function fillUpperLevels(levels: readonly number[], withheld: number, k: number): number[] {
  const missing = levels.findIndex((weight) => weight > 0);
  const first = levels[missing] ?? 1;
  const grown = levels.slice(0, missing).map((_, level) => Math.max(1, Math.min(k - 1, first ** (level / missing))));
  const sum = grown.reduce((left, right) => left + right, 0);
  return [...grown.map((weight) => weight * Math.max(1, withheld / sum)), ...levels.slice(missing)];
}

/** The roots' weight such that they have this share of all rows. */
function withRoots([, ...below]: readonly number[], share: number): number[] {
  const sum = below.reduce((left, right) => left + right, 0);
  return share >= 1 || sum === 0 ? [1] : [(sum * share) / (1 - share), ...below];
}

function describeLevels(depths: Marginal, levels: readonly number[], isWithheld: boolean): string {
  const count = `tree of ${levels.length} ${levels.length === 1 ? 'level' : 'levels'}`;
  const roots = `${formatShare(rootShare(levels))} of the rows are roots`;
  const rest = isWithheld ? 'the levels next to the roots were not released and are assumed' : describeOther(depths);
  return [count, roots, ...(rest === null ? [] : [rest])].join(', ');
}
