// How often values of a column repeat: how many values have how many rows, and how many different values lie in which range. Numbers of
// the source, not shares: the plan sees from them what another size makes of both.
import { z } from 'zod';
import { longList } from './distribution.ts';

const size = z.number().min(0);

/** [from, to, values]: so many different values have from <= n < to rows each. */
const rowsSchema = longList(
  z.tuple([z.number().positive(), z.number().positive(), size]).refine(([from, to]) => to > from, 'expected from < to'),
  'repeats',
  1,
);

/** `values`: [from, to, n]: n different values from <= v < to, in units of `edge`; ranges do not overlap. */
export function repeatsOf<Edge extends z.ZodType>(edge: Edge) {
  return z.strictObject({ rows: rowsSchema, values: longList(z.tuple([edge, edge, size]), 'values').default([]) });
}

export const repeatsSchema = repeatsOf(z.number());
export type Repeats = z.output<typeof repeatsSchema>;
