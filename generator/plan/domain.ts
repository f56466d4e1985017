// A column as one side of distinct pairs: its different values with exact counts, the rarest first, as if they were parents.
import type { PlanColumn, PlanDomain, PlanHistogram } from '../../spec/plan.ts';
import { apportion } from '../../stats/apportion.ts';
import { curveOf } from './curve.ts';
import { isNumberType, numberBounds } from './value-types.ts';

/** More values than this make the plan larger than the key is worth. */
const MAX_VALUES = 20_000;
const HOURS_PER_DAY = 24;
/** Year 9999 in microseconds since 2000. */
const LAST_TIME = 252_000_000_000_000_000;
const MICROSECONDS_PER_HOUR = 3_600_000_000;
/** Hours from 1970 to 2000. */
const POSTGRES_EPOCH_HOUR = 262_968;
/** Days from 1970 to 2000. */
const POSTGRES_EPOCH_DAY = 10_957;

interface CountedValue {
  readonly value: number | string;
  readonly count: number;
}

/** The domain of a column over all rows of its table; null for a kind of column that has no list of values, or NULLs. */
export function resolveDomain(column: PlanColumn, rows: number): PlanDomain | null {
  const weighted = (column.ranks?.nulls ?? 0) > 0 ? null : listValues(column);
  if (weighted === null || weighted.length === 0 || rows === 0) return null;
  const counts = apportion(
    weighted.map(({ count }) => count),
    rows,
  );
  const values = weighted
    .map(({ value }, index): CountedValue => ({ value, count: counts[index] ?? 0 }))
    .sort((left, right) => left.count - right.count);
  return {
    column: column.name,
    curve: curveOf(values.map(({ count }) => ({ count: 1, degree: count }))),
    values: values.map(({ value }) => value),
  };
}

function listValues({ builder, baseType }: PlanColumn): CountedValue[] | null {
  switch (builder.kind) {
    case 'labels':
      return builder.labels.map((value, index) => ({
        value,
        count: (builder.cumulative[index + 1] ?? 0) - (builder.cumulative[index] ?? 0),
      }));
    case 'number':
      return spreadBins(builder.histogram, 1);
    case 'time':
      if (baseType !== 'date') return listTimes(builder.histogram, builder.unitUs);
      return spreadBins(builder.histogram, HOURS_PER_DAY).map(({ value, count }) => ({
        value: Math.floor(Number(value) / HOURS_PER_DAY) - POSTGRES_EPOCH_DAY,
        count,
      }));
    default:
      return null;
  }
}

/** Microseconds since 2000, a unit apart. */
function listTimes(histogram: PlanHistogram, unitUs: number): CountedValue[] {
  const perHour = MICROSECONDS_PER_HOUR / unitUs;
  const inUnits = {
    from: histogram.from.map((hour) => Math.round((hour - POSTGRES_EPOCH_HOUR) * perHour)),
    width: histogram.width.map((hours) => Math.max(1, Math.round(hours * perHour))),
    cumulative: histogram.cumulative,
  };
  return spreadBins(inUnits, 1).map(({ value, count }) => ({ value: Number(value) * unitUs, count }));
}

/** Whole values, `step` apart, of every bin; where there are too many, evenly thinned. */
function spreadBins({ from, width, cumulative }: PlanHistogram, step: number): CountedValue[] {
  const wanted = width.reduce(
    (sum, each, bin) => sum + Math.max(1, Math.min(Math.ceil(each / step), countOf(cumulative, bin))),
    0,
  );
  const share = Math.min(1, MAX_VALUES / Math.max(1, wanted));
  return from.flatMap((start, bin) => {
    const places = Math.max(1, Math.ceil((width[bin] ?? 1) / step));
    const count = countOf(cumulative, bin);
    const kept = Math.max(1, Math.min(places, Math.ceil(count * share), Math.ceil(places * share)));
    const counts = apportion(new Array<number>(kept).fill(1), count);
    return counts.map((each, index) => ({ value: start + Math.floor((index * places) / kept) * step, count: each }));
  });
}

function countOf(cumulative: readonly number[], bin: number): number {
  return (cumulative[bin + 1] ?? 0) - (cumulative[bin] ?? 0);
}

/**
 * The domain with values of the same kind above its largest, until it has `wanted`: a larger copy has more days and more numbers, not only more
 * rows. Texts have no next value, and a type has an end: the domain then stays as it is.
 */
export function extendDomain(domain: PlanDomain, column: PlanColumn, wanted: number): PlanDomain {
  const numbers = domain.values.filter((value) => typeof value === 'number');
  const missing = Math.min(wanted, MAX_VALUES) - numbers.length;
  if (missing <= 0 || numbers.length !== domain.values.length) return domain;
  const step = column.builder.kind === 'time' && column.baseType !== 'date' ? column.builder.unitUs : 1;
  const largest = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const end = isNumberType(column.baseType)
    ? numberBounds({ baseType: column.baseType, precision: null, scale: null }, 0).max
    : LAST_TIME;
  const more = Math.min(missing, Math.floor((end - largest) / step));
  const values = [...numbers, ...Array.from({ length: more }, (_, at) => largest + (at + 1) * step)];
  const rows = domain.curve.children;
  const counts = domain.curve.degree.flatMap((degree, run) => new Array<number>(domain.curve.count[run] ?? 0).fill(degree));
  const mean = rows / Math.max(1, numbers.length);
  const shared = apportion([...counts, ...new Array<number>(more).fill(mean)], rows);
  const sorted = values
    .map((value, at): CountedValue => ({ value, count: shared[at] ?? 0 }))
    .sort((left, right) => left.count - right.count);
  return {
    ...domain,
    curve: curveOf(sorted.map(({ count }) => ({ count: 1, degree: count }))),
    values: sorted.map(({ value }) => value),
  };
}
