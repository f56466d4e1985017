// Times that keep their distance from the parents' times: a row's lag class is its profile's, so lags go together with all that goes by
// profile, and in the end no row is before the parents that the plan names. Times move by whole weeks or days, or to busy hours: so
// columns keep their own hours of the day, whatever those of their parents are.
import { ShapecastError } from '../../core/errors.ts';
import { unpackIntegers } from '../../core/packed-integers.ts';
import { BLOCK_ROWS, type PlanAfter, type PlanBuilder, type PlanColumn, type PlanHistogram } from '../../spec/plan.ts';
import { profileRowsOf, type TableRows } from '../profiles/profile-rows.ts';
import { mixFraction } from '../random/mixer.ts';
import { fillNumbers, type NumberKernel } from './blocks.ts';
import { BusyHours } from './busy-hours.ts';
import { asTime, startOfHour, toEpoch, US_PER_DAY } from './epochs.ts';
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
  const lagged =
    after.lag === null
      ? null
      : laggedTime(after.lag, parentTime(after.lag.reference, after.lag.column), table, builder.histogram);
  const notBefore = after.notBefore.map((parent) => parentTime(parent.reference, parent.column));
  const notBeforeTimes = notBefore.map((parent) => new ParentTimes(parent));
  const bounds: Bounds = { unitUs, endUs: endOf(builder.histogram) };
  const scratch = new Float64Array(BLOCK_ROWS);
  const divisor = column.baseType === 'date' ? US_PER_DAY : 1;
  return {
    kind: 'number',
    at(row) {
      const own = ownTime.at(row);
      if (Number.isNaN(own)) return own;
      let time = lagged === null ? own : movedTime(lagged.at(row), own, bounds);
      for (const parent of notBefore) time = raisedTime(parentTimeOf(parent, row), time, bounds);
      return toEpoch(builder.epoch, time / divisor);
    },
    fill(list, values) {
      const { count } = list;
      fillNumbers(ownTime, list, values);
      if (lagged !== null) {
        lagged.fill(list, scratch);
        for (let index = 0; index < count; index += 1)
          values[index] = movedTime(scratch[index] as number, values[index] as number, bounds);
      }
      for (const times of notBeforeTimes) {
        times.fill(list, scratch);
        for (let index = 0; index < count; index += 1)
          values[index] = raisedTime(scratch[index] as number, values[index] as number, bounds);
      }
      for (let index = 0; index < count; index += 1) values[index] = toEpoch(builder.epoch, (values[index] as number) / divisor);
    },
  };
}

interface Bounds {
  readonly unitUs: number;
  /** After the last time that the column has by itself. */
  readonly endUs: number;
}

function endOf({ from, width }: TimeBuilder['histogram']): number {
  const hour = from.reduce((end, start, bin) => Math.max(end, start + (width[bin] ?? 0)), Number.NEGATIVE_INFINITY);
  return startOfHour(hour);
}

/** Where there is another time for a value it takes its place, in whole units. */
function movedTime(moved: number, own: number, { unitUs }: Bounds): number {
  return Number.isNaN(moved) || Number.isNaN(own) ? own : Math.floor(moved / unitUs) * unitUs;
}

/** A time that moves by them keeps its hour of the week, or of the day. */
const PERIODS = [7 * US_PER_DAY, US_PER_DAY];

/**
 * The time, if it is not before the parent's; else it goes to the first week in which it is late enough, or day, as long as the column
 * reaches so far. What is too early by parts of a unit goes to the parent's time.
 */
function raisedTime(parent: number, time: number, { endUs, unitUs }: Bounds): number {
  // Rounded up, or it would be before a parent with a finer time; adding 0 makes 0 of -0. NaN is never above.
  const least = Math.ceil(parent / unitUs) * unitUs + 0;
  if (!(least > time)) return time;
  if (least - time <= unitUs) return least;
  for (const period of PERIODS) {
    const later = time + Math.ceil((least - time) / period) * period;
    if (later < endUs) return later;
  }
  return least;
}

/** Times by row, and of lists without missing rows. */
interface LaggedTime {
  at(row: number): number;
  fill(list: RowList, times: Float64Array): void;
}

/** The parent's time plus a draw of the row's lag class at a busy hour; NaN for class 0 and where there is no parent's time. */
function laggedTime(
  plan: NonNullable<PlanAfter['lag']>,
  parent: ParentTime,
  table: TableRows,
  histogram: PlanHistogram,
): LaggedTime {
  const busy = new BusyHours(plan.busy, histogram);
  const rows = profileRowsOf(table);
  const classes = unpackIntegers(plan.classes);
  const from = Float64Array.from(plan.from);
  const width = Float64Array.from(plan.to, (to, index) => to - (plan.from[index] ?? 0));
  const { key } = plan;
  const times = new ParentTimes(parent);
  const timeOf = (profile: number, row: number, since: number) => {
    const index = (classes[profile] as number) - 1;
    if (index < 0 || Number.isNaN(since)) return Number.NaN;
    return busy.timeIn(since + (from[index] as number), width[index] as number, mixFraction(key, row));
  };
  return {
    at(row) {
      return timeOf(rows.profileOf(row), row, parentTimeOf(parent, row));
    },
    fill(list, made) {
      times.fill(list, made);
      const { profiles } = rows.find(list);
      for (let index = 0; index < list.count; index += 1) {
        made[index] = timeOf(profiles[index] as number, list.rows[index] as number, made[index] as number);
      }
    },
  };
}
