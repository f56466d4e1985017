// What the plan says load should find: quantiles of degrees, values and lengths, read from the plan's own integer tables.
import type { PlanColumn, PlanCurve, PlanHistogram, PlanTable } from '../spec/plan.ts';
import type { ReportTable } from '../spec/report.ts';

type Quantiles = NonNullable<ReportTable['references'][number]['degrees']>;

/** Quantiles (percentile_disc: the first value whose share reaches the probability) of children per parent, zero included. */
export function degreeQuantiles(curve: PlanCurve): Quantiles {
  const at = (probability: number) => {
    const rank = Math.max(0, Math.ceil(probability * curve.parents) - 1);
    return curve.degree[lastIndex(curve.rank, rank)] ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Quantiles of a column's values, in the column's unit; null when it has none. */
function histogramQuantiles(histogram: PlanHistogram, scale: number): Quantiles | null {
  const total = histogram.cumulative.at(-1) ?? 0;
  if (total === 0) return null;
  const at = (probability: number) => {
    const rank = Math.max(0, Math.ceil(probability * total) - 1);
    const bin = Math.min(lastIndex(histogram.cumulative, rank), histogram.from.length - 1);
    const first = histogram.cumulative[bin] ?? 0;
    const count = (histogram.cumulative[bin + 1] ?? 0) - first;
    const width = histogram.width[bin] ?? 1;
    return ((histogram.from[bin] ?? 0) + Math.min(width - 1, Math.floor(((rank - first + 0.5) * width) / count))) / scale;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The columns of a table that load can check: numbers by value, texts by length. */
export function columnExpectations(table: PlanTable): ReportTable['columns'] {
  return table.columns.flatMap((column) => {
    const measured = measuredHistogram(column);
    if (measured === null || column.baseType === 'bool') return [];
    const quantiles = histogramQuantiles(measured.histogram, measured.measure === 'value' ? 10 ** column.decimals : 1);
    return quantiles === null
      ? []
      : [{ name: column.name, measure: measured.measure, nulls: column.ranks?.nulls ?? 0, quantiles }];
  });
}

function measuredHistogram(column: PlanColumn): { measure: 'value' | 'length'; histogram: PlanHistogram } | null {
  if (column.builder.kind === 'number') return { measure: 'value', histogram: column.builder.histogram };
  if (column.builder.kind === 'text') return { measure: 'length', histogram: column.builder.lengths };
  return null;
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
