// From a pass's counts to the marginals of the pack: what a person's presence could change is folded away first.
import { type Axis, binningOf } from '../../spec/axis.ts';
import type { Marginal } from '../../spec/pack.ts';
import { costOfMarginal } from '../protect/budget.ts';
import { type FineCell, foldCells } from '../protect/fold.ts';
import { fineCells } from './fine-cells.ts';
import type { Pass, PlannedMarginal } from './pass.ts';
import type { PassCounts } from './pass-counts.ts';

/** Above this a marginal would be a copy of the column. */
const MAX_CELLS = 1024;

/** The publishable marginals of a pass, in its order; nothing is folded where k is 1. Pure. */
export function releaseMarginals(pass: Pass, counts: PassCounts): Marginal[] {
  const release = ({ axis, code }: PlannedMarginal, nulls: 'leftOut' | 'outside') =>
    releaseMarginal(pass, axis, fineCells(axis, counts.counterOf(code), nulls));
  const isHidden = (marginal: PlannedMarginal) => {
    const { axis, code } = marginal;
    return (
      axis.kind === 'presence' && hidesSide(fineCells(axis, counts.counterOf(code), 'leftOut'), release(marginal, 'leftOut'))
    );
  };
  const hidden = new Set(pass.marginals.flatMap((marginal) => (isHidden(marginal) ? [columnOf(marginal)] : [])));
  return pass.marginals.map((marginal) => release(marginal, hidden.has(columnOf(marginal)) ? 'outside' : 'leftOut'));
}

/** Whether a presence does not show all that there is: the column's NULLs, or its values, were too few to publish. */
function hidesSide(measured: readonly FineCell[], { cells }: Marginal): boolean {
  return cells.length < measured.filter((cell) => cell.count > 0).length;
}

function columnOf({ axis }: PlannedMarginal): string | null {
  return axis.kind === 'degree' ? null : axis.column;
}

function releaseMarginal(pass: Pass, axis: Axis, cells: readonly FineCell[]): Marginal {
  const maxCells = pass.k > 1 ? MAX_CELLS : Number.POSITIVE_INFINITY;
  const folded = foldCells(cells, binningOf(axis), { k: pass.k, maxCells });
  // Rows outside the axis travel through the fold in a bin that is not a number: no bin is around it. They count as other.
  const inside = folded.cells.filter(([, bin]) => !Number.isNaN(bin)).sort(byLevelThenBin);
  const outside = folded.cells.filter(([, bin]) => Number.isNaN(bin)).reduce((sum, [, , count]) => sum + count, 0);
  return {
    table: pass.table,
    axes: [axis],
    total: folded.total,
    cells: inside,
    other: folded.other + outside,
    cost: { rho: costOfMarginal() },
  };
}

/** The rows of the pass's table; null when fewer than k units stand behind them (no row at all reads the same). */
export function releaseRowCount(pass: Pass, counts: PassCounts): number | null {
  const { count, units } = counts.rows();
  const folded = foldCells(
    [{ bin: 0, count, units }],
    { kind: 'cyclic', size: 1 },
    { k: pass.k, maxCells: Number.POSITIVE_INFINITY },
  );
  return pass.k > 1 && folded.total === 0 ? null : count;
}

function byLevelThenBin(left: readonly number[], right: readonly number[]): number {
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}
