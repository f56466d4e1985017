// Pairs of axes against each other: total variation over the reference's released cells, with the sampling floor. Both sides lie
// on the same classes, because a copy is measured on the cuts of the pack; pairs cut otherwise are not compared.
import { twoSampleFloor } from '../../stats/fit/goodness.ts';
import type { PackPairs, PairMarginal } from '../pack.ts';
import { coarseClass, namePairAxis, PAIR_LEVELS, type PairAxis } from '../pair-axis.ts';
import type { MarginalComparison, PairsComparison } from './comparison.ts';

export interface ComparedPairs {
  readonly compared: readonly MarginalComparison[];
  /** Tables of pairs without a counterpart. */
  readonly missing: readonly string[];
}

/** Every pair of the reference that released a cell. */
export function comparePairs(reference: PackPairs, candidate: PackPairs): ComparedPairs {
  const found = new Map(candidate.marginals.map((pair) => [placeOf(pair), pair]));
  const wanted = reference.marginals.filter(({ cells }) => cells.length > 0);
  return {
    compared: wanted.flatMap((pair) => {
      const other = found.get(placeOf(pair));
      return other === undefined ? [] : [comparePair(pair, other)];
    }),
    missing: wanted.filter((pair) => !found.has(placeOf(pair))).map(({ table }) => table),
  };
}

/** One line per table that has pairs. */
export function summarisePairs({ compared, missing }: ComparedPairs): PairsComparison[] {
  const tables = [...new Set([...compared.map(({ table }) => table), ...missing])].sort();
  return tables.map((table) => {
    const own = compared.filter((pair) => pair.table === table);
    const [worst] = [...own].sort((left, right) => right.totalVariation - left.totalVariation);
    return {
      table,
      pairs: own.length,
      missing: missing.filter((other) => other === table).length,
      meanTotalVariation: mean(own.map(({ totalVariation }) => totalVariation)),
      meanFloor: mean(own.map(({ floor }) => floor)),
      worst: worst === undefined ? null : { axis: worst.axis, totalVariation: worst.totalVariation },
    };
  });
}

function comparePair(reference: PairMarginal, candidate: PairMarginal): MarginalComparison {
  const axis = reference.axes.map(namePairAxis).join(' x ');
  const place = { table: reference.table, axis, reference: reference.total, candidate: candidate.total };
  if (reference.total === 0 || candidate.total === 0) {
    return { ...place, totalVariation: reference.total === candidate.total ? 0 : 1, floor: 0 };
  }
  const counts = align(reference, candidate);
  const difference = counts.reduce((sum, [one, two]) => sum + Math.abs(one / reference.total - two / candidate.total), 0);
  const pooled = counts.map(([one, two]) => (one + two) / (reference.total + candidate.total));
  return {
    ...place,
    totalVariation: Math.min(1, difference / 2),
    floor: twoSampleFloor(pooled, reference.total, candidate.total),
  };
}

/** Rows per released cell of the reference, and the rest: a candidate's cell counts in the finest one around it. */
function align(reference: PairMarginal, candidate: PairMarginal): [reference: number, candidate: number][] {
  const places = new Map(reference.cells.map((cell, at) => [cell.slice(0, -1).join(' '), at]));
  const counts = [...reference.cells.map((cell): [number, number] => [cell.at(-1) ?? 0, 0]), [reference.other, candidate.other]];
  for (const cell of candidate.cells) {
    const at = placeAround(cell, reference.axes, places) ?? counts.length - 1;
    const pair = counts[at];
    if (pair !== undefined) pair[1] = (pair[1] ?? 0) + (cell.at(-1) ?? 0);
  }
  return counts.map(([one = 0, two = 0]) => [one, two]);
}

function placeAround(
  [first = 0, ...rest]: readonly number[],
  axes: readonly PairAxis[],
  places: ReadonlyMap<string, number>,
): number | undefined {
  let classes = rest.slice(0, -1);
  for (let level = first; level < PAIR_LEVELS; level++) {
    const found = places.get([level, ...classes].join(' '));
    if (found !== undefined) return found;
    classes = axes.map((axis, at) => coarseClass(axis, 1, classes[at] ?? 0));
  }
  return undefined;
}

/** Labels are matched class by class when the copy is measured, and their positions differ: only their number counts here. */
function placeOf({ table, axes }: PairMarginal): string {
  return JSON.stringify([
    table,
    ...axes.map((axis) => (axis.kind === 'category' ? { ...axis, labels: axis.labels.length } : axis)),
  ]);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
