// What became of the joint shape that a spec asks for: how near the fit came to each marginal, and what each reference follows. In the
// report of a run and in what a dry run finds.
import { z } from 'zod';

/** Total variation between the counts of the plan and the wanted ones, 0 to 1, four digits. */
const distance = z.number().min(0).max(1);

const rows = z.int().min(0);

const jointMarginalSchema = z.strictObject({
  /** Names of the one or two axes (spec/pair-axis.ts). */
  axes: z.array(z.string()).min(1).max(2),
  /** Null where the marginal is not used. */
  before: distance.nullable(),
  after: distance.nullable(),
  /** Why it is not used; null where it is. */
  unused: z.string().nullable(),
  /** Of two degrees: rows of the join of both kinds of children, as wanted and in the plan; nearly, where a profile has several rows. */
  joined: z.strictObject({ wanted: rows, before: rows, after: rows }).optional(),
});

export const jointSchema = z.strictObject({
  profiles: z.int().min(1),
  /** In the order of the spec. */
  marginals: z.array(jointMarginalSchema),
});

export const REFERENCE_MODES = ['profiles', 'parents only', 'chance', 'pairs', 'within', 'through', 'memberOf', 'tree'] as const;

export const referenceModeSchema = z.strictObject({
  /**
   * profiles: children follow the parents' profiles. parents only: parents with many children are the right ones, which children they have is
   * dealt out. chance: neither. The others: what else gives the parent.
   */
  kind: z.enum(REFERENCE_MODES),
  reason: z.string(),
  /** The marginals that it follows. */
  by: z.array(z.string()),
});

export type Joint = z.output<typeof jointSchema>;
export type JointMarginal = z.output<typeof jointMarginalSchema>;
export type ReferenceMode = z.output<typeof referenceModeSchema>;

/** `number(score) x kind`. */
export function nameMarginal(axes: readonly string[]): string {
  return axes.join(' x ');
}
