// One marginal against another: the total variation over the reference's classes, and what sampling alone would give.
import { twoSampleFloor } from '../../stats/fit/goodness.ts';
import type { Axis } from '../axis.ts';
import type { Marginal } from '../pack.ts';
import { alignMarginals } from './align-marginals.ts';
import type { MarginalComparison } from './comparison.ts';

/** The figures of two marginals over the same axis. An empty marginal against one with rows is as far off as can be. */
export function compareMarginals(reference: Marginal, candidate: Marginal): MarginalComparison {
  const place = {
    table: reference.table,
    axis: nameAxes(reference),
    reference: reference.total,
    candidate: candidate.total,
    ...siblingsOf(reference, candidate),
  };
  if (reference.total === 0 || candidate.total === 0) {
    return { ...place, totalVariation: reference.total === candidate.total ? 0 : 1, floor: 0 };
  }
  const counts = alignMarginals(reference, candidate);
  const pairs = counts.reference.map((count, at): [number, number] => [count, counts.candidate[at] ?? 0]);
  const difference = pairs.reduce((sum, [one, two]) => sum + Math.abs(one / reference.total - two / candidate.total), 0);
  const pooled = pairs.map(([one, two]) => (one + two) / (reference.total + candidate.total));
  return {
    ...place,
    totalVariation: Math.min(1, difference / 2),
    floor: twoSampleFloor(pooled, reference.total, candidate.total),
  };
}

function siblingsOf({ siblingPairs: reference }: Marginal, candidate: Marginal) {
  return reference === undefined ? {} : { siblingPairs: { reference, candidate: candidate.siblingPairs ?? null } };
}

/** The marginal's place without labels and bin widths, which may differ between two packs of the same schema. */
export function placeOf(marginal: Marginal): string {
  return JSON.stringify([marginal.table, ...marginal.axes.map(placeOfAxis)]);
}

function placeOfAxis(axis: Axis): readonly unknown[] {
  switch (axis.kind) {
    case 'degree':
      return [axis.kind, axis.child, axis.columns];
    case 'number':
      return [axis.kind, axis.column, axis.decimals];
    case 'length':
      return [axis.kind, axis.column, axis.of];
    default:
      return [axis.kind, axis.column];
  }
}

/** `length(body)`; two axes joined by ` x `. */
export function nameAxes(marginal: Marginal): string {
  return marginal.axes.map(nameAxis).join(' x ');
}

function nameAxis(axis: Axis): string {
  if (axis.kind === 'length' && axis.of === 'keys') return `keys(${axis.column})`;
  return axis.kind === 'degree' ? `degree(${axis.child}.${axis.columns.join(',')})` : `${axis.kind}(${axis.column})`;
}
