// What a comparison of two packs says, as a document: --json prints it as it is.
import { z } from 'zod';
import { driftSchema } from '../compare-structure.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

export const marginalComparisonSchema = z.strictObject({
  table: z.string(),
  /** `length(body)`, `degree(public.messages.user_id)`. */
  axis: z.string(),
  /** Rows with a value: in the reference, in the candidate. */
  reference: count,
  candidate: count,
  /** Half the sum of the differences of the shares, over the reference's released cells and the rest. */
  totalVariation: share,
  /** What two samples of these sizes from one distribution differ by on average. */
  floor: z.number().min(0),
  /** Of a degree: pairs of children of one parent, where the reference tells them; the steps that both packs have. */
  siblingPairs: z.strictObject({ reference: count, candidate: count.nullable() }).optional(),
});

export const pairsComparisonSchema = z.strictObject({
  table: z.string(),
  /** Compared pairs, and pairs that the candidate does not have on the same cuts. */
  pairs: count,
  missing: count,
  meanTotalVariation: share,
  meanFloor: z.number().min(0),
  worst: z.strictObject({ axis: z.string(), totalVariation: share }).nullable(),
});

export const tableComparisonSchema = z.strictObject({
  table: z.string(),
  /** Null where the count was not released. */
  referenceRows: count.nullable(),
  candidateRows: count.nullable(),
  marginals: count,
  meanTotalVariation: share,
  meanFloor: z.number().min(0),
  /** The marginal that is furthest off; null when the table has none. */
  worst: z.strictObject({ axis: z.string(), totalVariation: share }).nullable(),
  /** False for a table too small to say anything; it can still lack marginals. */
  isJudged: z.boolean(),
  isOk: z.boolean(),
});

export const comparisonSchema = z.strictObject({
  format: z.literal('shapecast-comparison'),
  version: z.literal(1),
  /** A table is as in the reference when its mean total variation is at most this plus its mean floor. */
  limit: z.number(),
  marginals: z.array(marginalComparisonSchema),
  tables: z.array(tableComparisonSchema),
  /** Pairs of axes: shown, not judged. One by one, and by table. */
  pairs: z.array(marginalComparisonSchema).default([]),
  pairTables: z.array(pairsComparisonSchema).default([]),
  /** Measured in the reference and not in the candidate: `table axis`. */
  missing: z.array(z.string()),
  /** How the candidate's structure differs; says nothing about isOk. */
  drift: z.array(driftSchema).default([]),
  isOk: z.boolean(),
});

export type MarginalComparison = z.output<typeof marginalComparisonSchema>;
export type TableComparison = z.output<typeof tableComparisonSchema>;
export type PairsComparison = z.output<typeof pairsComparisonSchema>;
export type Comparison = z.output<typeof comparisonSchema>;
