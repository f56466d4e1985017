// What generate --dry-run finds: how large the run would be, whether it fits, and everything that stands in its way. --json prints it.
import { z } from 'zod';
import { driftSchema } from './compare-structure.ts';
import { jointSchema, referenceModeSchema } from './joint.ts';
import { BANDS } from './spec.ts';

const count = z.int().min(0);

/** One thing found: where, and what, with a way out. */
const findingSchema = z.strictObject({ path: z.string(), message: z.string() });

export const judgedDriftSchema = driftSchema.extend({ severity: z.enum(['refusal', 'warning']) });

export const preflightSchema = z.strictObject({
  format: z.literal('shapecast-preflight'),
  version: z.literal(1),
  spec: z.string(),
  band: z.enum(BANDS),
  scale: z.number().positive(),
  seed: z.string(),
  /** Sizes mean nothing while there are problems. */
  tables: z.array(
    z.strictObject({
      name: z.string(),
      rows: count,
      chunks: count,
      /** Over COPY. */
      bytes: count,
      diskBytes: count,
      format: z.enum(['binary', 'text']),
      /** How near the plan comes to the marginals of the spec; null for a table without any. */
      joint: jointSchema.nullable(),
      references: z.array(z.strictObject({ columns: z.array(z.string()), table: z.string(), mode: referenceModeSchema })),
    }),
  ),
  rows: count,
  bytes: count,
  disk: z.strictObject({
    /** Tables and indexes; WAL and sort files come on top and go again. */
    neededBytes: count,
    /** Null where it cannot be seen. */
    freeBytes: count.nullable(),
    /** Why it cannot be seen. */
    reason: z.string().nullable(),
  }),
  /** As rows of a sample cost on this machine and in the database that was looked at; null while there are problems, and where it could not be measured (a warning says why). */
  time: z
    .strictObject({
      seconds: z.number().min(0),
      rowsSeconds: z.number().min(0),
      keysSeconds: z.number().min(0),
      workers: count,
    })
    .nullable(),
  /** On a Citus cluster: what would be run to place the tables, where they are new. */
  placement: z.array(z.strictObject({ table: z.string(), sql: z.string(), because: z.string() })),
  /** What generate would refuse. */
  problems: z.array(findingSchema),
  warnings: z.array(findingSchema),
  /** How the target differs from what the spec was measured on. Refusals are among the problems too. */
  drift: z.array(judgedDriftSchema),
});

export type Preflight = z.output<typeof preflightSchema>;
export type Finding = z.output<typeof findingSchema>;
