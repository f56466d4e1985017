// What sync tells of a run, and of a run that it would do: names, counts and kinds of rules, never a value.
import { z } from 'zod';
import { rulesOriginSchema } from './rules-origin.ts';

const plannedTable = z.strictObject({
  table: z.string(),
  /** The source's estimate; null when it was never analysed. */
  estimatedRows: z.int().nullable(),
  /** Bytes of the table in the source, without indexes. */
  bytes: z.number(),
  /** The choice of rows: all, where, sample 0.01, referenced; all also where only references leave rows behind. */
  rowsRule: z.string(),
  /** Rows that come, counted in the snapshot; null: the whole table. */
  chosenRows: z.int().nullable(),
  /** Of them in the source; an estimate. */
  chosenBytes: z.number(),
  /** Columns by kind of rule. */
  rules: z.record(z.string(), z.int()),
  /** Whether rows pass through our stream, because a mask needs the key. */
  isStreamed: z.boolean(),
});

export const syncResultSchema = z.strictObject({
  status: z.enum(['planned', 'complete']),
  runId: z.string(),
  /** SHA-256 of the rules file, hex. */
  rulesSha256: z.string(),
  rules: rulesOriginSchema,
  tables: z.array(plannedTable.extend({ rows: z.int().nullable() })),
  /** Tables that were made and left empty. */
  empty: z.array(z.string()),
  sequences: z.int().nullable(),
  /** How often the copy started over because a standby cancelled its snapshot. */
  restarts: z.int(),
  /** Of a masked dump: the file that holds the rows instead of a shadow. */
  dump: z
    .strictObject({ file: z.string(), bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/), expiresAt: z.iso.datetime() })
    .optional(),
});

export type SyncResult = z.output<typeof syncResultSchema>;
