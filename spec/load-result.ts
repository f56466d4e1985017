// What a load test found, as it is kept: figures and verdicts by stage. It holds no header, no bearer and no answer.
import { z } from 'zod';
import { serverFiguresSchema } from './server-figures.ts';

const latencySchema = z.strictObject({
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

/** Latency since due, by the second of the answer. */
const timelineSchema = z.strictObject({
  secondsEach: z.int(),
  intervals: z.array(
    z.strictObject({
      /** Of the stage, at which it begins. */
      second: z.int(),
      /** Answers and time-outs. */
      counted: z.int(),
      /** Of them and of the connections: those that failed. */
      errors: z.int(),
      latencyMs: latencySchema.nullable(),
      /** Not the empty ones; null: longer than all bounds. */
      bins: z.array(z.strictObject({ upToMs: z.number().nullable(), count: z.int() })),
    }),
  ),
});

const requestResultSchema = z.strictObject({
  /** For a step: the flow's name, a slash and its own. */
  name: z.string(),
  answered: z.int(),
  timeouts: z.int(),
  errorFraction: z.number(),
  latencyMs: latencySchema.nullable(),
});

const flowResultSchema = z.strictObject({
  name: z.string(),
  completed: z.int(),
  /** A step was refused or not answered, or its answer lacked what was to be captured. */
  broken: z.int(),
  /** Under way when the stage ended. */
  unfinished: z.int(),
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
  /** With a rate: requests that were overdue when the stage ended. Older results do not tell. */
  unanswered: z.int().default(0),
  errorFraction: z.number(),
  /** From the moment a request was due, with what unanswered ones had waited; without a rate from when it was sent. null: none of them. */
  latencyMs: latencySchema.nullable(),
  /** From the moment a request was sent. */
  measuredMs: latencySchema.nullable(),
  timeline: timelineSchema,
  requests: z.array(requestResultSchema),
  flows: z.array(flowResultSchema),
  /** null: nobody asked for them. */
  server: serverFiguresSchema.nullable(),
  assertions: z.array(z.strictObject({ text: z.string(), found: z.string(), isMet: z.boolean() })),
});

export const loadResultSchema = z.strictObject({
  format: z.literal('shapecast-load-result'),
  version: z.literal(2),
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
