// A column as one side of distinct pairs: its different values with exact counts, the rarest first, as if they were parents.
import type { PlanColumn, PlanDomain, PlanHistogram } from '../../spec/plan.ts';
import { apportion } from '../../stats/apportion.ts';
import { curveOf } from './curve.ts';

/** More values than this make the plan larger than the key is worth. */
const MAX_VALUES = 20_000;
const HOURS_PER_DAY = 24;
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
      if (baseType !== 'date') return null;
      return spreadBins(builder.histogram, HOURS_PER_DAY).map(({ value, count }) => ({
        value: Math.floor(Number(value) / HOURS_PER_DAY) - POSTGRES_EPOCH_DAY,
        count,
      }));
    default:
      return null;
  }
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
