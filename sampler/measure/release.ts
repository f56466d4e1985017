// From a pass's counts to the marginals of the pack: what a person's presence could change is folded away first.
import { type Axis, binningOf } from '../../spec/axis.ts';
import type { Marginal } from '../../spec/pack.ts';
import { binOf } from '../../stats/binning.ts';
import { costOfMarginal } from '../protect/budget.ts';
import { type FineCell, foldCells } from '../protect/fold.ts';
import { placeOfBin } from '../protect/place-of-bin.ts';
import { releaseSiblingPairs, type SiblingGroup } from '../protect/sibling-pairs.ts';
import { fineCells, NULL_BIN } from './fine-cells.ts';
import type { Pass, PlannedMarginal } from './pass.ts';
import type { PassCounts } from './pass-counts.ts';

/** Above this a marginal would be a copy of the column. */
const MAX_CELLS = 1024;

/** The publishable marginals of a pass, in its order; nothing is folded where k is 1. Pure. */
export function releaseMarginals(pass: Pass, counts: PassCounts): Marginal[] {
  const release = ({ axis, code }: PlannedMarginal, nulls: 'leftOut' | 'outside') => {
    const marginal = releaseMarginal(pass, axis, fineCells(axis, counts.counterOf(code), nulls));
    return axis.kind === 'degree' ? withSiblings(pass, marginal, () => counts.siblingsOf(code)) : marginal;
  };
  const hidden = new Set(
    pass.marginals.flatMap((marginal) => (hidesNulls(release(marginal, 'leftOut')) ? [columnOf(marginal)] : [])),
  );
  return pass.marginals.map((marginal) => release(marginal, hidden.has(columnOf(marginal)) ? 'outside' : 'leftOut'));
}

/** Whether this is the presence of a column whose NULLs are not published, because they are none or too few. */
function hidesNulls({ axes: [axis], cells }: Marginal): boolean {
  return axis?.kind === 'presence' && !cells.some(([, bin]) => bin === NULL_BIN);
}

function columnOf({ axis }: PlannedMarginal): string | null {
  return axis.kind === 'degree' ? null : axis.column;
}

function releaseMarginal(pass: Pass, axis: Axis, cells: readonly FineCell[]): Marginal {
  const childK = pass.childK ?? 1;
  const maxCells = Math.max(pass.k, childK) > 1 ? MAX_CELLS : Number.POSITIVE_INFINITY;
  const folded = foldCells(cells, binningOf(axis), { k: pass.k, childK, maxCells });
  return { table: pass.table, axes: [axis], ...folded, cost: { rho: costOfMarginal() } };
}

/** With the pairs of siblings of the parents whose degree is not shown, where enough people are behind them. */
function withSiblings(pass: Pass, marginal: Marginal, groups: () => readonly SiblingGroup[]): Marginal {
  const [axis] = marginal.axes;
  const childK = pass.childK ?? 1;
  if (axis === undefined || marginal.other === 0 || Math.max(pass.k, childK) <= 1) return marginal;
  const binning = binningOf(axis);
  const placeOf = placeOfBin(binning, marginal.cells);
  const hidden = groups().filter(({ degree }) => placeOf(binOf(binning, 0, degree)) === null);
  const siblingPairs = releaseSiblingPairs(hidden, { k: pass.k, childK });
  return siblingPairs === null ? marginal : { ...marginal, siblingPairs };
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
