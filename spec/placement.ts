// Where a table's rows are when the target is a Citus cluster; anywhere else nothing reads it. `distribution` is what it is called
// there, which in a spec is how values are spread.
import { z } from 'zod';
import { tableKeySchema } from './policy.ts';

export const placementSchema = z.discriminatedUnion('kind', [
  /** Cut into shards by a column that every unique key of the table holds. */
  z.strictObject({
    kind: z.literal('distributed'),
    by: z.string().min(1).max(63),
    /** Rows of equal values lie beside those of that table, so that keys between the two can be kept. */
    colocateWith: tableKeySchema.optional(),
    because: z.string().optional(),
  }),
  /** Whole on every node. */
  z.strictObject({ kind: z.literal('reference'), because: z.string().optional() }),
  /** On the coordinator alone. */
  z.strictObject({ kind: z.literal('local'), because: z.string().optional() }),
]);

export type PlacementSpec = z.output<typeof placementSchema>;
