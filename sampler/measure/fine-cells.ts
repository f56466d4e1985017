// From counted codes to the bins of an axis. Several axes are read from one code: a time column's hours give the calendar
// and the hour of the week, and the NULLs of any code give the presence.
import { type Axis, binningOf } from '../../spec/axis.ts';
import { binOf, hourOfWeek } from '../../stats/binning.ts';
import type { FineCell } from '../protect/fold.ts';
import { OTHER_CODE } from './codes.ts';
import { NULL_CODE } from './copy-rows.ts';
import type { CodeCount } from './counters.ts';

/** The bin of NULL on a presence axis; the other one is 1. */
export const NULL_BIN = 0;

/** What a counter has seen. */
export interface CountedCodes {
  readonly entries: () => Iterable<readonly [code: number, count: CodeCount]>;
}

/** Rows that have a value, but none of the axis's bins: foldCells takes them for `other`. */
const OUTSIDE = Number.NaN;

/**
 * The cells of the axis as foldCells wants them. Rows with NULL are left out (except on a presence axis), or counted as
 * outside where their number must not be told: the difference to the table's rows would give it away.
 */
export function fineCells(axis: Axis, counter: CountedCodes, nulls: 'leftOut' | 'outside'): FineCell[] {
  const cells: FineCell[] = [];
  for (const [code, counted] of counter.entries()) {
    if (code === NULL_CODE && nulls === 'leftOut' && axis.kind !== 'presence') continue;
    cells.push({ bin: binOfCode(axis, code), ...counted });
  }
  return cells;
}

/** The bin of level 0; NaN for a value that has none. */
export function binOfCode(axis: Axis, code: number): number {
  if (axis.kind === 'presence') return code === NULL_CODE ? NULL_BIN : 1;
  if (code === NULL_CODE) return OUTSIDE;
  if (code === OTHER_CODE) return OUTSIDE;
  switch (axis.kind) {
    case 'length':
    case 'degree':
    case 'depth':
    case 'repeat':
      return binOf(binningOf(axis), 0, code);
    case 'hourOfWeek':
      return hourOfWeek(code);
    default:
      // Numbers, hours, labels and resolutions are sent as bins of level 0.
      return code;
  }
}
