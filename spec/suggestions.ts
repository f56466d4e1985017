// What suggest proposes: entries of a policy, each with its evidence. Counts and shares only; no field can hold a row's value.
import { z } from 'zod';
import { policySchema } from './policy.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const policy = policySchema.shape;

const containmentSchema = z.strictObject({
  /** What led to the pair: the column's name, a role within the table (parent, manager), the data alone, or a junction table. */
  from: z.enum(['name', 'role', 'data', 'junction']),
  /** Different values (or pairs) of the child, sentinels left out, and how many of them the parent has. */
  values: count,
  found: count,
  /** Share of the parent's keys that the found values are. */
  hitShare: share,
  /** Share of the range of the parent's keys that they span; null where keys are no numbers. */
  rangeShare: share.nullable(),
  /** The child's values come from a sample of its pages. */
  isSampled: z.boolean(),
});

export const suggestionsSchema = z.strictObject({
  format: z.literal('shapecast-suggestions'),
  version: z.literal(1),
  relationships: z.array(policy.relationships.unwrap().element.extend({ evidence: containmentSchema })),
  epochColumns: z.array(
    policy.epochColumns.unwrap().element.extend({
      evidence: z.strictObject({ values: count, inRange: count, isNamed: z.boolean(), isSampled: z.boolean() }),
    }),
  ),
  sentinels: z.array(
    policy.sentinels.unwrap().element.extend({
      /** key: a reference whose key lacks the value; time: an integer time; text: a text column. */
      evidence: z.strictObject({ rows: count, withSentinel: count, of: z.enum(['key', 'time', 'text']), isSampled: z.boolean() }),
    }),
  ),
});

export type Suggestions = z.output<typeof suggestionsSchema>;
export type SuggestedRelationship = Suggestions['relationships'][number];
export type SuggestedEpoch = Suggestions['epochColumns'][number];
export type SuggestedSentinel = Suggestions['sentinels'][number];
