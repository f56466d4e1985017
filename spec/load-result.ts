// What a load test found, as it is kept: figures and verdicts by stage. It holds no header, no bearer and no answer.
import { z } from 'zod';

const latencySchema = z.strictObject({
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

const stageResultSchema = z.strictObject({
  name: z.string(),
  connections: z.int(),
  /** What was asked for; null: as fast as answers came. */
  ratePerSecond: z.int().nullable(),
  seconds: z.number(),
  answered: z.int(),
  answeredPerSecond: z.number(),
  bytesPerSecond: z.number(),
  statusCodes: z.record(z.string(), z.int()),
  /** Connections that failed; time-outs are beside them. */
  connectionErrors: z.int(),
  timeouts: z.int(),
  errorFraction: z.number(),
  /** From the moment a request was due; without a rate from when it was sent. null: no answer and no time-out. */
  latencyMs: latencySchema.nullable(),
  /** From the moment a request was sent. */
  measuredMs: latencySchema.nullable(),
  assertions: z.array(z.strictObject({ text: z.string(), found: z.string(), isMet: z.boolean() })),
});

export const loadResultSchema = z.strictObject({
  format: z.literal('shapecast-load-result'),
  version: z.literal(1),
  scenario: z.string(),
  targets: z.array(z.string()),
  startedAt: z.string(),
  completedAt: z.string(),
  tool: z.string(),
  status: z.enum(['passed', 'failed']),
  stages: z.array(stageResultSchema),
});

export type LoadResult = z.infer<typeof loadResultSchema>;
export type StageResult = LoadResult['stages'][number];
export type Latency = z.infer<typeof latencySchema>;
