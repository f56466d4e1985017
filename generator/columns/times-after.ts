// Times that keep their distance from the parents' times: a row's lag class is its profile's, so lags go together with all that goes by
// profile, and in the end no row is before the parents that the plan names.
import { ShapecastError } from '../../core/errors.ts';
import { unpackIntegers } from '../../core/packed-integers.ts';
import type { PlanAfter, PlanBuilder, PlanColumn } from '../../spec/plan.ts';
import { ProfileRows, type TableRows } from '../profiles/profile-rows.ts';
import { mixFraction } from '../random/mixer.ts';
import type { NumberKernel } from './blocks.ts';
import { asTime, toEpoch, US_PER_DAY } from './epochs.ts';
import { type ParentTime, parentTimeOf } from './parent-time.ts';

type TimeBuilder = PlanBuilder & { kind: 'time' };

export interface AfterParts {
  /** The column's own times, in its unit. */
  readonly own: NumberKernel;
  readonly table: TableRows;
  readonly after: PlanAfter;
  readonly parentTime: (reference: number, column: string) => ParentTime;
}

/** Times in the column's unit. NULL stays NULL; a parent that is NULL, or has no time, leaves the row's own. */
export function afterKernel(
  column: PlanColumn,
  builder: TimeBuilder,
  { own, table, after, parentTime }: AfterParts,
): NumberKernel {
  if (builder.isUnique) throw new ShapecastError('BUG', { what: 'unique times keep a distance from other times' });
  const { unitUs } = builder;
  const ownTime = asTime(column, own);
  const lagged = after.lag === null ? null : laggedTime(after.lag, parentTime(after.lag.reference, after.lag.column), table);
  const notBefore = after.notBefore.map((parent) => parentTime(parent.reference, parent.column));
  const divisor = column.baseType === 'date' ? US_PER_DAY : 1;
  return {
    kind: 'number',
    at(row) {
      let time = ownTime.at(row);
      if (Number.isNaN(time)) return time;
      const moved = lagged === null ? Number.NaN : lagged(row);
      if (!Number.isNaN(moved)) time = Math.floor(moved / unitUs) * unitUs;
      for (const parent of notBefore) {
        // Rounded up, or it would be before a parent with a finer time; adding 0 makes 0 of -0. NaN is never above.
        const least = Math.ceil(parentTimeOf(parent, row) / unitUs) * unitUs + 0;
        if (least > time) time = least;
      }
      return toEpoch(builder.epoch, time / divisor);
    },
  };
}

/** The parent's time plus a draw of the row's lag class; NaN for class 0 and where there is no parent's time. */
function laggedTime(plan: NonNullable<PlanAfter['lag']>, parent: ParentTime, table: TableRows): (row: number) => number {
  const rows = new ProfileRows(table);
  const classes = unpackIntegers(plan.classes);
  const from = Float64Array.from(plan.from);
  const width = Float64Array.from(plan.to, (to, index) => to - (plan.from[index] ?? 0));
  const { key } = plan;
  return (row) => {
    const index = (classes[rows.profileOf(row)] as number) - 1;
    if (index < 0) return Number.NaN;
    return parentTimeOf(parent, row) + (from[index] as number) + Math.floor(mixFraction(key, row) * (width[index] as number));
  };
}
