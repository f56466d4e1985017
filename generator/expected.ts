// What the plan says load should find: quantiles of degrees, values and lengths, read from the plan's own integer tables.
import type { PlanColumn, PlanCurve, PlanHistogram, PlanKey, PlanRepeats, PlanTable } from '../spec/plan.ts';
import type { ReportTable } from '../spec/report.ts';
import { HistogramLookup, Ranks } from './columns/ranks.ts';
import { RepeatedHistogram } from './columns/repeats.ts';
import { lengthKey } from './columns/texts.ts';
import { mixFraction } from './random/mixer.ts';

type Quantiles = NonNullable<ReportTable['references'][number]['degrees']>;

/**
 * Quantiles (percentile_disc: the first value whose share reaches the probability) of children per parent, zero included; `barren`
 * parents more have none, because their key is NULL.
 */
export function degreeQuantiles(curve: PlanCurve, barren: number): Quantiles {
  const at = (probability: number) => {
    const rank = Math.ceil(probability * (curve.parents + barren)) - 1 - barren;
    if (rank < 0 && barren > 0) return 0;
    return curve.degree[lastIndex(curve.rank, Math.max(0, rank))] ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The columns of a table that load can check: numbers by value, texts, bytes and arrays by length. */
export function columnExpectations(table: PlanTable): ReportTable['columns'] {
  return table.columns.flatMap((column) => {
    const { builder } = column;
    const isValue = builder.kind === 'number';
    if (
      column.baseType === 'bool' ||
      column.ranks?.first !== undefined ||
      isOrdered(table, column) ||
      !(isValue || builder.kind === 'text' || builder.kind === 'bytes' || builder.kind === 'array')
    )
      return [];
    const quantiles = quantilesOf(table, column);
    const place = {
      name: column.name,
      measure: isValue ? ('value' as const) : ('length' as const),
      nulls: column.ranks?.nulls ?? 0,
      ...(column.nullAs === null ? {} : { nullAs: column.nullAs }),
    };
    return quantiles === null ? [] : [{ ...place, quantiles }];
  });
}

function quantilesOf(table: PlanTable, column: PlanColumn): Quantiles | null {
  const { builder } = column;
  switch (builder.kind) {
    case 'number': {
      const { histogram, key, isUnique, repeats } = builder;
      const scale = 10 ** column.decimals;
      if (repeats !== undefined) return repeatedQuantiles(histogram, repeats, key, scale);
      return histogramQuantiles(column, table, histogram, isUnique ? null : key, scale);
    }
    case 'text':
      if (builder.repeats !== undefined) return repeatedQuantiles(builder.lengths, builder.repeats, null, 1);
      return histogramQuantiles(column, table, builder.lengths, lengthKey(builder), 1);
    case 'bytes':
    case 'array':
      return histogramQuantiles(column, table, builder.lengths, lengthKey(builder), 1);
    default:
      return null;
  }
}

/** A column whose values change places with another's has not the quantiles that were planned for it alone. */
function isOrdered(table: PlanTable, { name, below }: PlanColumn): boolean {
  return below.length > 0 || table.columns.some((other) => other.below.some(({ column }) => column === name));
}

/**
 * Quantiles of a column's values as they will be found, in the column's unit; null when it has none. Values ascend with the rank,
 * so the value at a quantile's rank is made from the one row that has that rank. `key` null: values ascend strictly.
 */
function histogramQuantiles(
  column: PlanColumn,
  table: PlanTable,
  histogram: PlanHistogram,
  key: PlanKey | null,
  scale: number,
): Quantiles | null {
  const total = histogram.cumulative.at(-1) ?? 0;
  if (total === 0) return null;
  const lookup = new HistogramLookup(histogram);
  const ranks = new Ranks(column.ranks, table);
  const at = (probability: number) => {
    const rank = Math.max(0, Math.ceil(probability * total) - 1);
    return (key === null ? lookup.strictValueOf(rank) : lookup.valueOf(rank, mixFraction(key, ranks.rowOf(rank)))) / scale;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The same where ranks share values: numbers have a place of their own in their bin (`key`), lengths an even one. */
function repeatedQuantiles(histogram: PlanHistogram, plan: PlanRepeats, key: PlanKey | null, scale: number): Quantiles | null {
  const total = histogram.cumulative.at(-1) ?? 0;
  if (total === 0) return null;
  const lookup = new RepeatedHistogram(histogram, plan);
  const at = (probability: number) => {
    const rank = Math.max(0, Math.ceil(probability * total) - 1);
    return (key === null ? lookup.evenValueOf(rank) : lookup.valueOf(rank, key)) / scale;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function lastIndex(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
