// The digest set of a shadow, which a sync leaves inside the boundary: of each sensitive column a keyed sample of production's values,
// chosen by value, so that a later check without production can tell whether one of them is in the shadow. Without the key a digest
// cannot be tried out.
import { z } from 'zod';
import { tableKeySchema } from './policy.ts';

const count = z.int().min(0);

export const DIGESTS_FORMAT = 'shapecast-shadow-digests';

/** A set is removed so many days after its sync: what it is good for, the next sync has made anew. */
export const DIGESTS_LIFETIME_DAYS = 90;

/** Different values of a column that a set holds at most. */
export const MOST_DIGESTS = 65_536;

const columnSchema = z.strictObject({
  table: tableKeySchema,
  column: z.string(),
  /** Of a json rule, the path of the member. */
  path: z.string().nullable(),
  /** Values whose hash is at most so much were taken, all of them; a bigint as text. */
  limit: z.string().regex(/^-?\d{1,19}$/),
  /** Of the values taken, how many the column's mask could have made itself. */
  ofForm: count,
  /** 8 bytes each, ascending, as base64. */
  digests: z.base64(),
});

const keySchema = z.strictObject({
  table: z.string(),
  name: z.string(),
  kind: z.enum(['primary', 'unique', 'foreign', 'check', 'exclusion']),
  isValid: z.boolean(),
  /** The server's major version, and a SHA-256 of what it says the key is; sets of older versions have none. */
  definition: z
    .string()
    .regex(/^\d+:[0-9a-f]{64}$/)
    .optional(),
});

export const shadowDigestsSchema = z.strictObject({
  format: z.literal(DIGESTS_FORMAT),
  version: z.literal(1),
  runId: z.string(),
  rulesSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  /** What the key makes of a fixed word: another key is refused, and not taken for a shadow without survivors. */
  keyProof: z.string().regex(/^[0-9a-f]{32}$/),
  /** What the source's server makes of a fixed word: a shadow's server that hashes otherwise is refused. */
  wordHash: z.string().regex(/^-?\d{1,19}$/),
  columns: z.array(columnSchema),
  /** Keys, references and checks of the source as they were. */
  keys: z.array(keySchema),
});

export type ShadowDigests = z.output<typeof shadowDigestsSchema>;
export type DigestColumn = z.output<typeof columnSchema>;
/** A key, reference or check of a database. */
export type NamedKey = z.output<typeof keySchema>;
