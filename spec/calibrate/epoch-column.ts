// An integer column that holds times: calibrated as a time, with the unit that its numbers count.
import type { ColumnSpec } from '../spec.ts';
import type { ColumnSource } from './pack-index.ts';
import { calibrateTime } from './time-column.ts';

/** The column as a time; null where the policy does not call it one. */
export function calibrateEpoch(source: ColumnSource, role: { isUnique: boolean; inRowOrder: boolean }): ColumnSpec | null {
  const { epoch } = source.column;
  if (epoch === undefined) return null;
  const time = calibrateTime(source, role.inRowOrder);
  return time.kind === 'time' ? { ...time, epoch, ...(role.isUnique ? { isUnique: true } : {}) } : time;
}
