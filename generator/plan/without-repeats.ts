// A builder whose bins are about to change: what said which values its ranks share no longer fits them.
import type { PlanRepeats } from '../../spec/plan.ts';

/** The builder with values of their own for all rows. */
export function withoutRepeats<Builder extends { readonly repeats?: PlanRepeats }>(builder: Builder): Omit<Builder, 'repeats'> {
  const { repeats: _, ...rest } = builder;
  return rest;
}
