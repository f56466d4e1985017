// The share of NULLs, also where one side of the presence marginal was too small to be published.
import type { Marginal } from '../pack.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { roundFraction } from './reason.ts';
import { canLackValue } from './sentinel.ts';

const SHAPE_AXES = ['number', 'length', 'category', 'time'] as const;

/** 0 for a NOT NULL column and for one of which nothing is known. */
export function nullFractionOf(source: ColumnSource): number {
  if (!canLackValue(source.column)) return 0;
  const presence = findMarginal(source, 'presence');
  if (presence === null || presence.total === 0) return 0;
  const [nulls, values] = [countAt(presence, 0), countAt(presence, 1)];
  if (nulls !== null) return roundFraction(nulls / presence.total);
  if (values !== null) return roundFraction(1 - values / presence.total);
  return roundFraction(1 - valuesSeen(source) / presence.total);
}

function countAt(marginal: Marginal, bin: number): number | null {
  const cell = marginal.cells.find((candidate) => candidate[1] === bin);
  return cell === undefined ? null : (cell.at(-1) ?? 0);
}

/** Rows with a value by the column's other marginals: with both sides folded together, these still tell which one is large. */
function valuesSeen(source: ColumnSource): number {
  return Math.max(0, ...SHAPE_AXES.map((kind) => findMarginal(source, kind)?.total ?? 0));
}
