// Times that keep their distance from the parents' times: a row's lag class is its profile's, so lags go together with all that goes by
// profile, and in the end no row is before the parents that the plan names.
import { ShapecastError } from '../../core/errors.ts';
import { unpackIntegers } from '../../core/packed-integers.ts';
import { BLOCK_ROWS, type PlanAfter, type PlanBuilder, type PlanColumn } from '../../spec/plan.ts';
import { profileRowsOf, type TableRows } from '../profiles/profile-rows.ts';
import { mixFraction } from '../random/mixer.ts';
import { fillNumbers, type NumberKernel } from './blocks.ts';
import { asTime, toEpoch, US_PER_DAY } from './epochs.ts';
import { type ParentTime, ParentTimes, parentTimeOf } from './parent-time.ts';
import type { RowList } from './row-list.ts';

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
  const notBeforeTimes = notBefore.map((parent) => new ParentTimes(parent));
  const scratch = new Float64Array(BLOCK_ROWS);
  const divisor = column.baseType === 'date' ? US_PER_DAY : 1;
  return {
    kind: 'number',
    at(row) {
      let time = ownTime.at(row);
      if (Number.isNaN(time)) return time;
      const moved = lagged === null ? Number.NaN : lagged.at(row);
      if (!Number.isNaN(moved)) time = Math.floor(moved / unitUs) * unitUs;
      for (const parent of notBefore) {
        // Rounded up, or it would be before a parent with a finer time; adding 0 makes 0 of -0. NaN is never above.
        const least = Math.ceil(parentTimeOf(parent, row) / unitUs) * unitUs + 0;
        if (least > time) time = least;
      }
      return toEpoch(builder.epoch, time / divisor);
    },
    fill(list, values) {
      const { count } = list;
      fillNumbers(ownTime, list, values);
      if (lagged !== null) {
        lagged.fill(list, scratch);
        moveTo(scratch, values, count, unitUs);
      }
      for (const times of notBeforeTimes) {
        times.fill(list, scratch);
        raiseTo(scratch, values, count, unitUs);
      }
      for (let index = 0; index < count; index += 1) values[index] = toEpoch(builder.epoch, (values[index] as number) / divisor);
    },
  };
}

/** Where there is another time for a value it takes its place, in whole units. */
function moveTo(times: Float64Array, values: Float64Array, count: number, unitUs: number): void {
  for (let index = 0; index < count; index += 1) {
    const time = times[index] as number;
    if (!Number.isNaN(time) && !Number.isNaN(values[index])) values[index] = Math.floor(time / unitUs) * unitUs;
  }
}

/** No value is before its time, in whole units. */
function raiseTo(times: Float64Array, values: Float64Array, count: number, unitUs: number): void {
  for (let index = 0; index < count; index += 1) {
    const least = Math.ceil((times[index] as number) / unitUs) * unitUs + 0;
    if (least > (values[index] as number)) values[index] = least;
  }
}

/** Times by row, and of lists without missing rows. */
interface LaggedTime {
  at(row: number): number;
  fill(list: RowList, times: Float64Array): void;
}

/** The parent's time plus a draw of the row's lag class; NaN for class 0 and where there is no parent's time. */
function laggedTime(plan: NonNullable<PlanAfter['lag']>, parent: ParentTime, table: TableRows): LaggedTime {
  const rows = profileRowsOf(table);
  const classes = unpackIntegers(plan.classes);
  const from = Float64Array.from(plan.from);
  const width = Float64Array.from(plan.to, (to, index) => to - (plan.from[index] ?? 0));
  const { key } = plan;
  const times = new ParentTimes(parent);
  const lagOf = (profile: number, row: number) => {
    const index = (classes[profile] as number) - 1;
    return index < 0 ? Number.NaN : (from[index] as number) + Math.floor(mixFraction(key, row) * (width[index] as number));
  };
  return {
    at(row) {
      const lag = lagOf(rows.profileOf(row), row);
      return Number.isNaN(lag) ? lag : parentTimeOf(parent, row) + lag;
    },
    fill(list, made) {
      times.fill(list, made);
      const { profiles } = rows.find(list);
      for (let index = 0; index < list.count; index += 1) {
        const row = list.rows[index] as number;
        made[index] = (made[index] as number) + lagOf(profiles[index] as number, row);
      }
    },
  };
}
