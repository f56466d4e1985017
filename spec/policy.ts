// The policy: what a person decides about a source before anything is measured. YAML.
import { z } from 'zod';
import { normaliseTableKey } from '../core/identifiers.ts';

/** Table names are brought to their one spelling here; a name that is none is a fault with its path. */
export const tableKeySchema = z.string().transform((text, context) => {
  try {
    return normaliseTableKey(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected a table: schema.table' });
    return z.NEVER;
  }
});

const column = z.string().min(1).max(63);
const columnOfTable = z.strictObject({ table: tableKeySchema, column });

export const POLICY_DEFAULT_K = 20;
/** Below this a fold protects nobody. */
export const POLICY_MIN_K = 10;
/**
 * Units are counted by which of 256 hash buckets they fill: n units fill 256 (1 - (255/256)^n) of them on average. So k = 100 asks for
 * 127 units in truth (142 to be 99 % sure), 200 for 388, and 256 for thousands: a larger k would withhold everything without a word.
 */
export const POLICY_MAX_K = 100;
const K_TOO_LARGE = `at most ${POLICY_MAX_K}: people are counted in 256 hash buckets, which cannot prove many more. Take ${POLICY_MAX_K}, and exclude the tables and columns for which that is too few`;

/** A key that exists in the data but is not declared. */
export const relationshipSchema = z.strictObject({
  table: tableKeySchema,
  columns: z.array(column).min(1),
  references: tableKeySchema,
  referencedColumns: z.array(column).min(1),
});

export const policySchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Schemas to read; default: all that are not the server's own. */
  schemas: z.array(z.string().min(1)).optional(),
  /** The tables whose rows are people (or accounts): counts of fewer than k of them are folded. */
  subjects: z.array(tableKeySchema).default([]),
  /** For a table that reaches a subject by several keys: the one that owns the row, by its columns. */
  attribution: z.array(z.strictObject({ table: tableKeySchema, columns: z.array(column).min(1) })).default([]),
  /** Tables without personal data: nothing is folded, labels leave in clear. */
  publicTables: z.array(tableKeySchema).default([]),
  /** Columns whose labels may leave in clear. */
  publicColumns: z.array(columnOfTable).default([]),
  excludedTables: z.array(tableKeySchema).default([]),
  excludedColumns: z.array(columnOfTable).default([]),
  /** Names of tables, columns or labels that a person has read and allows although the scan would refuse them. */
  reviewedStrings: z.array(z.string().max(100)).default([]),
  /** The time column by which `--window-days` cuts a table. */
  timeColumns: z.array(columnOfTable).default([]),
  /** Keys that exist in the data but are not declared. */
  relationships: z.array(relationshipSchema).default([]),
  /** Integer columns that hold times: seconds or milliseconds since 1970-01-01 UTC. */
  epochColumns: z.array(columnOfTable.extend({ unit: z.enum(['seconds', 'milliseconds']) })).default([]),
  /** Values that stand for NULL: measured as NULL, and written again where the copy would have a NULL. */
  sentinels: z.array(columnOfTable.extend({ value: z.union([z.literal(''), z.literal(0), z.literal(-1)]) })).default([]),
  /** The pairs of axes to measure, each axis as the pack names it; `none`: no pairs. Unset: the sampler chooses. */
  pairs: z
    .union([
      z.literal('none'),
      z.array(z.strictObject({ table: tableKeySchema, axes: z.array(z.string().min(1).max(300)).min(1).max(2) })).max(5000),
    ])
    .optional(),
  k: z.int().min(POLICY_MIN_K).max(POLICY_MAX_K, K_TOO_LARGE).default(POLICY_DEFAULT_K),
});

export type Policy = z.output<typeof policySchema>;
export type Relationship = Policy['relationships'][number];
