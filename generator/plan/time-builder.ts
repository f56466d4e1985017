// Times: of a calendar, and so much after a parent's.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { dayProfiles, resolveCalendar, weekWeights } from './calendar.ts';
import { clipCalendar } from './clip-calendar.ts';
import { type ColumnRequest, fits, keyOf, report } from './column-request.ts';
import { canHoldEpoch, epochFits, epochRestriction, epochStepUs } from './epoch-unit.ts';
import { type CountedBin, discretise, planHistogram } from './histogram.ts';
import { weekOfOpenHours } from './open-hours.ts';
import { repeatTimes } from './repeat-bins.ts';
import { isStretched } from './time-span.ts';
import { spreadUnique } from './unique-values.ts';
import { isTimeType } from './value-types.ts';

const MICROSECONDS = { day: 86_400_000_000, minute: 60_000_000, second: 1_000_000, millisecond: 1000, microsecond: 1 } as const;
const MICROSECONDS_PER_HOUR = 3_600_000_000;
/** Hours from 1970 to 2000. */
const POSTGRES_EPOCH_HOUR = 262_968;
/** Year 9999, in hours since 1970. */
const LAST_HOUR = 70_389_504;

function scatterOf(request: ColumnRequest, { calendar, scatter }: ColumnSpec & { kind: 'time' }) {
  return scatter === undefined || calendar.kind !== 'bins' ? null : { scatter, key: keyOf(request, 'days') };
}

/** Times of a calendar; null after reporting why there are none. */
export function timeBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'time' }): PlanBuilder | null {
  const { epoch } = spec;
  if (!fits(request, epoch === undefined ? isTimeType(request.column.baseType) : canHoldEpoch(request.column))) return null;
  const { window = null, timeSpan = null, band } = request.context;
  if (spec.calendar.kind === 'window' && window === null) {
    report(request, 'a window calendar needs windowEnd in the spec and windowDays in the band: give both, or use bins');
    return null;
  }
  const counted = Array.isArray(spec.hourOfWeek) ? weekWeights(spec.hourOfWeek) : null;
  const week = counted === null ? weekWeights(spec.hourOfWeek) : weekOfOpenHours(spec.calendar, counted);
  const swing = spec.calendar.kind === 'window' ? (spec.calendar.seasonalSwing?.[band as 'dev'] ?? 0) : 0;
  const unitUs = request.column.baseType === 'date' ? MICROSECONDS.day : epochStepUs(epoch, MICROSECONDS[spec.resolution]);
  const found = resolveCalendar(spec.calendar, week, window, swing, request.values, {
    counted,
    scatter: scatterOf(request, spec),
    span: timeSpan !== null && isStretched(spec) ? timeSpan : null,
  });
  const bins = clipCalendar(found, week, epochRestriction(epoch, request.restriction), request.column.baseType, unitUs);
  if (bins.length === 0 && request.values > 0) {
    report(request, 'the calendar has no weight anywhere: give one of its bins a weight above 0');
    return null;
  }
  if (spec.isUnique === true) return uniqueTime(request, bins, unitUs, epoch ?? null);
  const { histogram, ...shared } = repeatTimes(bins, spec.repeats, unitUs);
  if (epoch !== undefined && !epochFits(request.column, epoch, histogram)) {
    report(request, `its calendar reaches times that ${request.column.type} does not hold in ${epoch}`);
    return null;
  }
  return {
    kind: 'time',
    histogram,
    ...shared,
    profile: dayProfiles(week),
    unitUs,
    key: keyOf(request, 'values'),
    isUnique: false,
    epoch: epoch ?? null,
  };
}

/** Times of which none repeats; the hours of the day are even, because the profile gives shares and not places. */
function uniqueTime(
  request: ColumnRequest,
  bins: readonly CountedBin[],
  unitUs: number,
  epoch: 'seconds' | 'milliseconds' | null,
): PlanBuilder | null {
  const perHour = MICROSECONDS_PER_HOUR / unitUs;
  const step = Math.max(1, Math.ceil(1 / perHour));
  const spread = spreadUnique(bins, {
    in: (from, to) => Math.floor((to - from) * perHour),
    endFor: (from, count) => from + Math.ceil(count / perHour / step) * step,
    end: lastHour(request),
  });
  if (spread === null) {
    report(request, `${request.values} different times at this resolution do not fit: lower the rows or refine the resolution`);
    return null;
  }
  return {
    kind: 'time',
    histogram: planHistogram(spread),
    profile: [],
    unitUs,
    key: keyOf(request, 'values'),
    isUnique: true,
    epoch,
  };
}

/** Exclusive end of the column's times, in hours since 1970. */
function lastHour({ column, restriction }: ColumnRequest): number {
  const last = restriction.intervals?.at(-1)?.to;
  if (last === undefined || !isTimeType(column.baseType)) return LAST_HOUR;
  const perHour = column.baseType === 'date' ? 1 / 24 : MICROSECONDS_PER_HOUR;
  return Math.min(LAST_HOUR, Math.floor(last / perHour) + POSTGRES_EPOCH_HOUR);
}

/** A time so much after the parent's; null after reporting why there is none. */
export function delayBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'delay' }): PlanBuilder | null {
  if (!fits(request, isTimeType(request.column.baseType))) return null;
  const reference = request.references.findIndex((candidate) => candidate.name === spec.reference);
  const parent = request.context.spec.tables[request.context.spec.tables[request.key]?.references[spec.reference]?.table ?? ''];
  const parentColumn = parent?.columns[spec.column];
  if (reference < 0 || parentColumn === undefined || (parentColumn.kind !== 'time' && parentColumn.kind !== 'delay')) {
    report(
      request,
      `reference ${spec.reference} does not lead to a time column ${spec.column}: name a reference of this table and a time of its parent`,
    );
    return null;
  }
  const bins = discretise(spec.seconds, 6, request.values, { min: 0, max: 2 ** 52 });
  return { kind: 'delay', reference, column: spec.column, histogram: planHistogram(bins), key: keyOf(request, 'values') };
}
