// The run record (`run_TIMESTAMP.json`): what load asked of a target, what it found, and how long it took.
import { z } from 'zod';
import { namedRecordOf } from './named-record.ts';
import { contentHashSchema } from './report.ts';
import { BANDS } from './spec.ts';

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** The questions, in the order in which they are asked. */
export const LOAD_QUESTIONS = [
  'report',
  'marker',
  'statistics',
  'count',
  'definition',
  'integrity',
  'validity',
  'content',
  'distribution',
] as const;

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
  // Absent in records of earlier versions, all that follow.
  /** all: what fits, largest first. named: by --prewarm. */
  choice: z.enum(['all', 'named', 'none']).optional(),
  /** shared_buffers. */
  sharedBytes: count.optional(),
  read: z
    .array(
      z.strictObject({
        name: z.string(),
        bytes: count,
        /** buffer: into shared buffers. read: into the operating system's cache. */
        mode: z.enum(['buffer', 'read']),
        /** In shared buffers afterwards. */
        cachedBytes: count,
        /** Of all shared buffers. */
        cacheFraction: z.number().min(0),
      }),
    )
    .optional(),
  /** Whence cachedBytes: counted, or what the sizes say. null: nothing was read. */
  measuredBy: z.enum(['pg_buffercache', 'sizes']).nullable().optional(),
  /** Relations for which there was no room, or no right. */
  leftOut: z.array(z.string()).optional(),
});

const validitySchema = z.strictObject({
  /** Looked at in the catalog, those of partitions too. */
  indexes: count,
  constraints: count,
  amcheck: z.strictObject({
    /** B-trees whose pages were checked; of them, those that were held against every row of their table. */
    indexes: count,
    againstRows: count,
    /** Heaps whose pages were checked. */
    tables: count,
    /** Indexes of other kinds, which amcheck does not know. */
    notChecked: count,
    /** Why nothing was checked; null when it was. */
    reason: z.string().nullable(),
  }),
});

const generationSchema = z.strictObject({
  spec: z.string(),
  band: z.enum(BANDS),
  scale: z.number().positive(),
  seed: z.string(),
  workers: count,
  /** Rows by table, as the report has them. */
  counts: namedRecordOf(z.string(), count),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
});

/** Of what made the rows and of what checked them. */
const versionsSchema = z.strictObject({
  tool: z.string(),
  node: z.string(),
  server: z.string(),
  generatedBy: z.strictObject({ tool: z.string(), commit: z.string().nullable(), server: z.string().nullable() }),
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
  // These five are absent in records of earlier versions.
  validity: validitySchema.optional(),
  /** What generate was asked for, and when it ran. */
  generation: generationSchema.optional(),
  versions: versionsSchema.optional(),
  /** Found in all tables that were looked at. */
  rowsLoaded: count.optional(),
  /** A sentence for each verdict that failed. */
  errors: z.array(z.string()).optional(),
  /** Milliseconds of each step. */
  steps: z.array(z.strictObject({ name: z.string(), durationMs: z.number().min(0) })),
  status: z.enum(['passed', 'failed']),
});

export type RunRecord = z.output<typeof runRecordSchema>;
export type Verdict = z.output<typeof verdictSchema>;
export type MeasuredDistribution = z.output<typeof distributionSchema>;
export type RunQuantiles = z.output<typeof quantilesSchema>;
export type PrewarmResult = z.output<typeof prewarmSchema>;
export type Validity = z.output<typeof validitySchema>;
