// What `fingerprint` says of a target, as a document: each table's content hash beside the expected one, and where they differ which
// blocks and rows do. Row numbers and counts only; never a row's value.
import { z } from 'zod';
import { contentHashSchema } from './report.ts';

export const RECHECK_FORMAT = 'shapecast-fingerprint';

/** Blocks and rows that are named one by one. */
export const MAX_NAMED_BLOCKS = 1000;
export const MAX_NAMED_ROWS = 100;

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * changed: the key is there and other values beside it. missing: the row is not there. duplicated: it is there once more.
 */
export const DIFFERENCE_KINDS = ['changed', 'missing', 'duplicated'] as const;

const countsSchema = z.strictObject({ changed: count, missing: count, duplicated: count });

const differencesSchema = z.strictObject({
  /** The columns by which a row that changed is known; null: the table has no key, and a changed row is a missing one and a foreign one. */
  key: z.array(z.string()).nullable(),
  counts: countsSchema,
  /** Rows in the target that the run did not make, and that no row of it has become: they have no row number. */
  foreign: count,
  blockCount: count,
  /** The first MAX_NAMED_BLOCKS of them, ascending. */
  blocks: z.array(z.strictObject({ block: count, firstRow: count, lastRow: count, ...countsSchema.shape })),
  /** The first MAX_NAMED_ROWS, ascending. */
  rows: z.array(z.strictObject({ row: count, block: count, what: z.enum(DIFFERENCE_KINDS) })),
  /** False: there are more than were looked at, and the counts are lower bounds. */
  isComplete: z.boolean(),
});

const tableSchema = z.strictObject({
  name: z.string(),
  /** null: nothing is known of what should be there. */
  rowsExpected: count.nullable(),
  /** null: the table, or a column of the hash, is not in the target. */
  rowsFound: count.nullable(),
  expected: contentHashSchema.nullable(),
  found: contentHashSchema.nullable(),
  /** Columns outside the hash: those that the server computes. */
  notHashed: z.array(z.string()),
  verdict: z.enum(['equal', 'different', 'notCompared']),
  /** null where the table is equal or not compared, and where `reason` says why nothing more is known. */
  differences: differencesSchema.nullable(),
  reason: z.string().nullable(),
});

export const recheckSchema = z.strictObject({
  format: z.literal(RECHECK_FORMAT),
  version: z.literal(1),
  /** host:port/database; never a login. */
  target: z.string(),
  against: z.strictObject({
    kind: z.enum(['report', 'ledger', 'nothing']),
    planId: z.string().nullable(),
    /** The dataset's: the report's, or made of the block digests of the chunk ledger; null where some of them are not there. */
    fingerprint: hex64.nullable(),
  }),
  tables: z.array(tableSchema),
  status: z.enum(['equal', 'different', 'notCompared']),
});

export type Recheck = z.output<typeof recheckSchema>;
export type RecheckTable = z.output<typeof tableSchema>;
export type RowDifferences = z.output<typeof differencesSchema>;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
