// What generate leaves behind (`report_BAND_TIMESTAMP.json`): what was asked for, what was made, and what load should find.
import { z } from 'zod';
import { jointSchema, referenceModeSchema } from './joint.ts';
import { BANDS } from './spec.ts';
import { statisticsSchema } from './statistics.ts';

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
/** An unsigned 64-bit sum as 16 hex digits. */
export const contentHashSchema = z.string().regex(/^[0-9a-f]{16}$/);

/** Quantiles that load compares with the database; 50 and 95 and 99 per cent, and the largest. */
const quantilesSchema = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });

const reportTableSchema = z.strictObject({
  name: z.string(),
  rows: count,
  bytes: count,
  /** Sum over rows, modulo 2^64, of the row hash over `hashedColumns` in that order (postgres/content-hash.ts). */
  contentHash: contentHashSchema,
  hashedColumns: z.array(z.string()),
  /** Columns outside the hash with one value in every row, as it was sent. Absent in reports of earlier versions. */
  constants: z.record(z.string(), z.string()).optional(),
  references: z.array(
    z.strictObject({
      columns: z.array(z.string()),
      table: z.string(),
      to: z.array(z.string()),
      isVirtual: z.boolean(),
      nulls: count,
      /** Written instead of NULL: such rows have no parent. */
      nullAs: z.string().optional(),
      /** Children per parent, zero included; null where the spec gives the parent by membership. */
      degrees: quantilesSchema.nullable(),
      /** What gives each child its parent, and why. Absent in reports of earlier versions. */
      mode: referenceModeSchema.optional(),
    }),
  ),
  /** Quantiles of number columns (in the column's unit) and of text lengths, from the plan. */
  columns: z.array(
    z.strictObject({
      name: z.string(),
      measure: z.enum(['value', 'length']),
      nulls: count,
      /** Written instead of NULL, and no value of the distribution. */
      nullAs: z.string().optional(),
      quantiles: quantilesSchema,
    }),
  ),
  /** How near the plan came to the marginals of the spec; null for a table without any. Absent in reports of earlier versions. */
  joint: jointSchema.nullable().optional(),
  /** Extended statistics that the spec names and load makes. Absent where there are none, and in reports of earlier versions. */
  statistics: z.array(statisticsSchema).optional(),
});

export const reportSchema = z.strictObject({
  format: z.literal('shapecast-report'),
  version: z.literal(1),
  runId: z.string(),
  tool: z.string(),
  commit: z.string().nullable(),
  operator: z.string(),
  spec: z.string(),
  band: z.enum(BANDS),
  scale: z.number().positive(),
  seed: z.string(),
  planId: hex64,
  fingerprint: hex64,
  /** host:port/database, never a login; `null` or `files` where rows went nowhere or into files. */
  target: z.string(),
  serverVersion: z.string().nullable(),
  workers: count,
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  rowsLoaded: count,
  rowsPerSecond: z.number().min(0),
  tables: z.array(reportTableSchema),
  errors: z.array(z.string()),
  /** What was told before the first row: doubtful keys, little disk, differences between the target and the spec's source. */
  warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  status: z.enum(['completed', 'failed']),
});

export type Report = z.output<typeof reportSchema>;
export type ReportTable = z.output<typeof reportTableSchema>;
