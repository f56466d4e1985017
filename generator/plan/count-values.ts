// At most how many different values a column of the plan has: what a unique key has to live on.
import type { PlanColumn, PlanTable } from '../../spec/plan.ts';

const MICROSECONDS_PER_HOUR = 3_600_000_000;

/** An upper bound; infinity where the builder sets none that matters. */
export function countValues(tables: readonly PlanTable[], table: PlanTable, column: PlanColumn): number {
  const { builder } = column;
  switch (builder.kind) {
    case 'constant':
      return 1;
    case 'labels':
      return builder.other === null ? countUsed(builder.labels, builder.cumulative) : Number.POSITIVE_INFINITY;
    case 'degreeClass':
      return new Set(builder.labels).size;
    case 'number':
      return builder.repeats?.values.at(-1) ?? widthOf(builder.histogram);
    case 'time':
      if (builder.repeats !== undefined) return builder.repeats.values.at(-1) ?? 0;
      return widthOf(builder.histogram) * Math.max(1, MICROSECONDS_PER_HOUR / builder.unitUs);
    case 'text':
    case 'uuid':
      return builder.repeats?.values.at(-1) ?? Number.POSITIVE_INFINITY;
    case 'reference':
      return tables[table.references[builder.reference]?.table ?? -1]?.rows ?? Number.POSITIVE_INFINITY;
    case 'domain':
      return table.domains[builder.domain]?.values.length ?? Number.POSITIVE_INFINITY;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Different labels that have rows. */
function countUsed(labels: readonly string[], cumulative: readonly number[]): number {
  return new Set(labels.filter((_, at) => (cumulative[at + 1] ?? 0) > (cumulative[at] ?? 0))).size;
}

function widthOf({ width, cumulative }: { readonly width: readonly number[]; readonly cumulative: readonly number[] }): number {
  return width.reduce((sum, each, at) => sum + ((cumulative[at + 1] ?? 0) > (cumulative[at] ?? 0) ? each : 0), 0);
}
