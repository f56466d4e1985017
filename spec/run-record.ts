// The run record (`run_TIMESTAMP.json`): what load asked of a target, what it found, and how long it took.
import { z } from 'zod';
import { contentHashSchema } from './report.ts';
import { BANDS } from './spec.ts';

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** The questions, in the order in which they are asked. */
export const LOAD_QUESTIONS = ['report', 'marker', 'count', 'definition', 'integrity', 'content', 'distribution'] as const;

/** One answer. `expected` and `found` are counts, hashes or quantiles as text; never a row's value. */
const verdictSchema = z.strictObject({
  question: z.enum(LOAD_QUESTIONS),
  /** What was asked about: a table, a key, a column. */
  subject: z.string(),
  passed: z.boolean(),
  expected: z.string(),
  found: z.string(),
});

const quantilesSchema = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });

/** Expected and found quantiles of one column or of the children per parent of one reference. */
const distributionSchema = z.strictObject({
  subject: z.string(),
  measure: z.enum(['degree', 'value', 'length']),
  expected: quantilesSchema,
  /** null when there is no row to measure. */
  found: quantilesSchema.nullable(),
});

const tableSchema = z.strictObject({
  name: z.string(),
  rowsExpected: count,
  /** null: the table is not in the target. */
  rowsFound: count.nullable(),
  contentHash: contentHashSchema.nullable(),
});

const prewarmSchema = z.strictObject({
  /** Relations read into shared buffers or into the operating system's cache. */
  relations: count,
  bytes: count,
  /** Why nothing was read; null when it was. */
  reason: z.string().nullable(),
});

export const runRecordSchema = z.strictObject({
  format: z.literal('shapecast-run'),
  version: z.literal(1),
  command: z.literal('load'),
  runId: z.string(),
  tool: z.string(),
  commit: z.string().nullable(),
  operator: z.string(),
  /** host:port/database; never a login. */
  target: z.string(),
  serverVersion: z.string(),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  /** The report that was checked. */
  report: z.strictObject({
    runId: z.string(),
    spec: z.string(),
    band: z.enum(BANDS),
    scale: z.number().positive(),
    seed: z.string(),
    planId: hex64,
    fingerprint: hex64,
  }),
  /** Only tables of this schema were looked at; null: all. */
  schema: z.string().nullable(),
  tables: z.array(tableSchema),
  verdicts: z.array(verdictSchema),
  distributions: z.array(distributionSchema),
  prewarm: prewarmSchema,
  /** Milliseconds of each step. */
  steps: z.array(z.strictObject({ name: z.string(), durationMs: z.number().min(0) })),
  status: z.enum(['passed', 'failed']),
});

export type RunRecord = z.output<typeof runRecordSchema>;
export type Verdict = z.output<typeof verdictSchema>;
export type MeasuredDistribution = z.output<typeof distributionSchema>;
export type RunQuantiles = z.output<typeof quantilesSchema>;
export type PrewarmResult = z.output<typeof prewarmSchema>;
