// What verify-shadow found, as a document: which checks ran, what they found by table, column and rule, and what no check can tell.
// Names, kinds and counts; never a value of a row.
import { z } from 'zod';

export const VERIFICATION_FORMAT = 'shapecast-shadow-verification';

/** In the order in which they run: what is cheap first. */
export const VERIFICATION_STAGES = ['structure', 'forms', 'detectors', 'survivors'] as const;

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const place = { table: z.string(), column: z.string().nullable(), rule: z.string().nullable() };

const findingSchema = z.strictObject({
  stage: z.enum(VERIFICATION_STAGES),
  ...place,
  /** `a mail address`, `values that are not a token`, ... */
  what: z.string(),
  /** Rows (of survivors: different values); null for what is no matter of rows. */
  count: count.nullable(),
});

const comparedColumnSchema = z.strictObject({
  table: z.string(),
  column: z.string(),
  /** Of a json rule, the path of the member. */
  path: z.string().nullable(),
  rule: z.string(),
  /** The share of the different values that was looked at: 1 with the source at hand. */
  share: z.number().min(0).max(1),
  /** Different values that were looked at. */
  sourceValues: count,
  shadowValues: count,
  survivors: count,
  /** Matches that chance alone makes: the source's values that the mask could have made, by the share of them that it made. */
  expected: z.number().min(0),
  /** The most that chance makes in all but one of 10^9 runs. More is a finding. */
  mostByChance: count,
});

export const shadowVerificationSchema = z.strictObject({
  format: z.literal(VERIFICATION_FORMAT),
  version: z.literal(1),
  /** host:port/database; never a login. */
  shadow: z.string(),
  /** The run of sync that made the shadow. */
  runId: z.string(),
  rulesSha256: hex64,
  /** What survivors were looked for with; `another source`: on demand, a database that the shadow was not made from. */
  comparedWith: z.enum(['source', 'another source', 'digests', 'nothing']),
  /** skipped: an earlier stage found something, or there was nothing to compare with. */
  stages: z.array(z.strictObject({ stage: z.enum(VERIFICATION_STAGES), status: z.enum(['passed', 'failed', 'skipped']) })),
  tables: count,
  columns: count,
  rows: count.nullable(),
  findings: z.array(findingSchema),
  compared: z.array(comparedColumnSchema),
  /** What the rules file excuses, with its reason. */
  reviewed: z.array(findingSchema.extend({ reason: z.string() })),
  /** What cannot be told of a column, and why. */
  notChecked: z.array(z.strictObject({ stage: z.enum(VERIFICATION_STAGES), ...place, why: z.string() })),
  status: z.enum(['passed', 'failed']),
});

export type ShadowVerification = z.output<typeof shadowVerificationSchema>;
export type VerificationStage = (typeof VERIFICATION_STAGES)[number];
export type VerificationFinding = z.output<typeof findingSchema>;
export type ComparedColumn = z.output<typeof comparedColumnSchema>;
export type UncheckedColumn = ShadowVerification['notChecked'][number];
