// What `explain` says of a workload on one database: for each query and each way to bind it the tree of its plan, what the planner expected and
// what came, and how long it took. Names and figures only: no literal and no bound value, but for the statements of --what-if, which are kept
// as the user wrote them. Trees that were only planned (on production, in-boundary) have no figure at all and no value of a setting, so that
// the file tells how queries are answered and nothing about how much there is.
import { z } from 'zod';
import { checkDocument, parseJsonText } from './parse-document.ts';

/** The document's `format`. */
export const EXPLANATION_FORMAT = 'shapecast-explanation' as const;

const count = z.int().min(0);
const amount = z.number().min(0);

const nodeSchema = z.strictObject({
  depth: count,
  /** As EXPLAIN's text names it, without costs, rows and literals. */
  label: z.string(),
  /** Below a LIMIT or a merge join, which may have ended it early: fewer rows than estimated are no mistake. */
  isPartial: z.boolean(),
  /** All loops together; null where the query was only planned. */
  estimatedRows: amount.nullable(),
  actualRows: amount.nullable(),
});

const figuresSchema = z.strictObject({
  /** Warm runs behind the times; a query of less than a millisecond runs once. */
  runs: z.int().min(1),
  p50Ms: amount,
  p95Ms: amount,
  /** Blocks of the last run: asked for, of them not in the server's cache, written to temporary files. */
  buffers: count,
  readBlocks: count,
  spilledBlocks: count,
  /** The planner's. */
  cost: amount,
});

const querySchema = z.strictObject({
  name: z.string(),
  /** The ranks of its parameters; empty without. */
  binding: z.string(),
  weight: z.number().positive(),
  state: z.enum(['explained', 'failed']),
  /** A fixed sentence; null when explained. */
  reason: z.string().nullable(),
  /** Of the tree's labels: equal where the planner answers alike. null when it failed. */
  fingerprint: z.string().nullable(),
  nodes: z.array(nodeSchema),
  /** null when it failed or was only planned. */
  figures: figuresSchema.nullable(),
  assertions: z.array(z.strictObject({ text: z.string(), isMet: z.boolean(), found: z.string() })),
});

const differenceLineSchema = z.strictObject({ side: z.enum(['baseline', 'now', 'both']), depth: count, label: z.string() });

const changeSchema = z.strictObject({
  name: z.string(),
  binding: z.string(),
  /** changed: another tree. lost: it failed now. added and removed: only one of the two has it. */
  state: z.enum(['same', 'changed', 'lost', 'added', 'removed']),
  /** The largest quotient of actual rows at a node of the same tree; null where a side has no figures or the trees differ. */
  rowsQuotient: amount.nullable(),
  /** p50 now by p50 then; null where a side was not timed. */
  latencyRatio: amount.nullable(),
  /** Lines of both trees in order: of the baseline alone, of this run alone, of both. Empty where the trees are the same. */
  difference: z.array(differenceLineSchema),
});

const whatIfSchema = z.strictObject({
  /** As the user wrote it. */
  statement: z.string(),
  /** built: really made, and rolled back. pretended: by hypopg, so that queries are only planned. */
  how: z.enum(['built', 'pretended']),
  pages: amount,
  /** Queries with another plan than without it, and those that fail with it alone. */
  changes: z.array(
    z.strictObject({
      name: z.string(),
      binding: z.string(),
      /** lost: it fails with the index. */
      state: z.enum(['changed', 'lost']).default('changed'),
      /** The planner's cost with the index by that without; below 1 is a gain. */
      costRatio: amount.nullable(),
      /** Of the times; null where nothing was run. */
      latencyRatio: amount.nullable(),
      difference: z.array(differenceLineSchema),
    }),
  ),
});

const indexValueSchema = z.strictObject({
  index: z.string(),
  table: z.string(),
  pages: amount,
  /** Queries of the workload that read it, each way to bind one by itself. */
  queries: count,
  /** Their cost without it by that with it, by weight; null where none reads it, or none could be planned without it. */
  costRatio: amount.nullable(),
  /** They cost more than 10 % more without it. */
  helps: z.boolean(),
});

/** The whole document. */
export const explanationSchema = z.strictObject({
  format: z.literal(EXPLANATION_FORMAT),
  version: z.literal(1),
  /** measured: run with EXPLAIN ANALYZE. planned: EXPLAIN alone, and no figures. */
  mode: z.enum(['measured', 'planned']),
  serverMajor: count,
  /** Planner settings that are not the server's defaults, by name; null in place of each value where queries were only planned. */
  settings: z.record(z.string(), z.string().nullable()),
  queries: z.array(querySchema),
  /** What indexes that are not there would change; empty where nobody asked. */
  whatIf: z.array(whatIfSchema).default([]),
  /** What the indexes that are there are worth; empty where nobody asked. */
  indexes: z.array(indexValueSchema).default([]),
  /** Against the baseline, as --json prints it; absent without one. Of no meaning in a file that is a baseline itself. */
  changes: z.array(changeSchema).optional(),
});

/** What `explain` says of a workload. */
export type Explanation = z.output<typeof explanationSchema>;
/** One query under one binding. */
export type ExplainedQuery = Explanation['queries'][number];
/** What one index that is not there would change. */
export type WhatIf = Explanation['whatIf'][number];
/** What one index that is there is worth. */
export type IndexValue = Explanation['indexes'][number];
/** One query of either explanation beside the other's. */
export type QueryChange = z.output<typeof changeSchema>;
/** A node of one of two trees, or of both. */
export type DifferenceLine = z.output<typeof differenceLineSchema>;

/** The document in the text of a file. Throws DOCUMENT_UNPARSABLE, or DOCUMENT_INVALID with every fault by path. */
export function parseExplanation(text: string, file: string): Explanation {
  return checkDocument(explanationSchema, parseJsonText(text, 'explanation', file), 'explanation', file);
}
