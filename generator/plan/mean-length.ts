// How long a column's values are on average: the size of a chunk is planned by it.
import type { PlanBuilder, PlanHistogram } from '../../spec/plan.ts';

/** A number with its comma, about. */
const ELEMENT_BYTES = 9;

/** Expected bytes of a value; null where the type alone decides. */
export function meanLength(builder: PlanBuilder): number | null {
  switch (builder.kind) {
    case 'text':
    case 'bytes':
      return meanOf(builder.lengths);
    case 'json':
      return meanOf(builder.bytes);
    case 'array':
      return 2 + meanOf(builder.lengths) * ELEMENT_BYTES;
    case 'id':
      return builder.length;
    default:
      return null;
  }
}

function meanOf({ from, width, cumulative }: PlanHistogram): number {
  const values = cumulative.at(-1) ?? 0;
  const sum = from.reduce(
    (total, length, bin) => total + (length + (width[bin] ?? 1) / 2) * ((cumulative[bin + 1] ?? 0) - (cumulative[bin] ?? 0)),
    0,
  );
  return values > 0 ? sum / values : 0;
}
