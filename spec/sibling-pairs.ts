// How many pairs of children have the same parent, d (d - 1) / 2 summed over parents with d children: the one number that tells
// how unequal a few large parents are. A document holds it in steps of a sixteenth, because the exact sum would be an equation.
import { type Binning, binOf, rangeOf } from '../stats/binning.ts';

/** Sixteen steps an octave. */
export const PAIR_STEPS: Binning = { kind: 'count', subBits: 4 };

/** The lower end of the step that holds so many pairs. */
export function stepOfPairs(pairs: number): number {
  return rangeOf(PAIR_STEPS, 0, binOf(PAIR_STEPS, 0, Math.min(pairs, Number.MAX_SAFE_INTEGER))).from;
}

/** What is expected of a number in the step that begins here. */
export function middleOfPairs(step: number): number {
  const { from, to } = rangeOf(PAIR_STEPS, 0, binOf(PAIR_STEPS, 0, step));
  return (from + to - 1) / 2;
}
