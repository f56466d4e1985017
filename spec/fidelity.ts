// What `compare --plans` says, as a document: FIDELITY's metrics with their floors and targets, and for each query and each place where
// they come from. Differences only: no count of rows, no literal and no bound value of either database.
import { z } from 'zod';

export const FIDELITY_FORMAT = 'shapecast-fidelity';

const count = z.int().min(0);
const figure = z.number().nullable();

const metricSchema = z.strictObject({
  /** 1 to 12; several figures may share a number. */
  number: z.int().min(1).max(12),
  name: z.string(),
  /** null: not measured, or there was nothing to measure; `remark` says which. */
  value: figure,
  /** The same figure of production against itself; null where there is none. */
  floor: figure,
  target: figure,
  /** What the target is to the value. */
  direction: z.enum(['atLeast', 'atMost']),
  verdict: z.enum(['met', 'missed', 'notMeasured']),
  /** How many nodes, queries, columns or keys the value is made of. */
  samples: count,
  remark: z.string(),
  /** The furthest off first. */
  places: z.array(z.strictObject({ place: z.string(), value: z.number(), floor: figure })),
});

/** A marginal over one or two axes, named by tables and columns, and whether the pack has it. */
const marginalState = {
  marginal: z.string(),
  /** unknown: there was no pack to look into. */
  state: z.enum(['lacking', 'held', 'unknown']),
  /** Total variation between production and copy, where both packs have it; beside what sampling alone gives. */
  residual: figure,
  floor: figure,
};

const missSchema = z.strictObject({
  node: z.string(),
  /** Columns that the node sets equal. */
  condition: z.string(),
  /** 1 where the rows agree and the method of the scan does not. */
  rowsQuotient: z.number(),
  /** What would carry what the node computes: lacking ones first, then by residual. */
  marginals: z.array(z.strictObject(marginalState)),
});

const querySchema = z.strictObject({
  name: z.string(),
  /** The ranks of its parameters. */
  binding: z.string(),
  class: z.enum(['oltp', 'joins', 'single']),
  weight: z.number(),
  state: z.enum(['measured', 'failedOnSource', 'failedOnTarget']),
  /** A fixed sentence; null when measured. */
  reason: z.string().nullable(),
  isSamePlan: z.boolean(),
  /** Largest quotient of actual rows at a node; null when the plans differ or nothing was measured. */
  rowsQuotient: figure,
  /** null: not timed. */
  latencyQuotient: figure,
  buffersQuotient: figure,
  /** Same plan, rows within 2x at every node, latency within 2x. */
  isFaithful: z.boolean(),
  /** The same of production against itself; null without. */
  isFloorFaithful: z.boolean().nullable(),
  /** The plan on production: one line per node, with the quotient of actual rows where both have the node. */
  nodes: z.array(
    z.strictObject({ depth: count, label: z.string(), rowsQuotient: figure, estimateQuotient: figure, isMistake: z.boolean() }),
  ),
  /** The copy's plan where it differs, one line per node; else empty. */
  targetNodes: z.array(z.strictObject({ depth: count, label: z.string() })),
  /** The lowest nodes where rows part by more than 2x. */
  misses: z.array(missSchema).default([]),
});

export const fidelitySchema = z.strictObject({
  format: z.literal(FIDELITY_FORMAT),
  version: z.literal(1),
  sourceMajor: count,
  targetMajor: count,
  /** Planner settings that differ between the servers: with one of them the plans prove little. */
  differingSettings: z.array(z.string()),
  /** What the floor is: production measured twice, or a database named with --floor; none: not measured. */
  floorKind: z.enum(['twice', 'database', 'none']),
  headline: z.array(
    z.strictObject({
      class: z.enum(['oltp', 'joins', 'single']),
      /** Share of the queries of the class that are faithful, by weight. */
      share: z.number().min(0).max(1),
      floor: figure,
      target: figure,
      queries: count,
    }),
  ),
  metrics: z.array(metricSchema),
  queries: z.array(querySchema),
  /** The marginals behind the misses of all queries, those that cost most first. */
  marginals: z.array(z.strictObject({ ...marginalState, misses: count, doublings: z.number() })).default([]),
  remarks: z.array(z.string()),
});

export type Fidelity = z.output<typeof fidelitySchema>;
export type FidelityMetric = Fidelity['metrics'][number];
export type FidelityQuery = Fidelity['queries'][number];
export type FidelityMiss = FidelityQuery['misses'][number];
