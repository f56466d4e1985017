// A distribution of numbers as a spec states it: a named family with its parameters, a table of counts, or a curve of
// quantiles. Values are in the column's own unit (an amount of 1.99 is 1.99). The plan turns each into integer tables.
import { z } from 'zod';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const positive = finite.positive();
const fraction = z.number().min(0).max(1);

/** Entries that a list of a spec may have: what a plan of them takes seconds for, and far more than calibrate writes. */
const MOST_ENTRIES = 100_000;
const MOST_PARTS = 1000;

/** At most 100,000 such entries, counted before one of them is read. `what` completes the message: bins. */
export function longList<Member extends z.ZodType>(member: Member, what: string, least = 0) {
  const counted = z.array(z.unknown()).max(MOST_ENTRIES, `expected at most ${MOST_ENTRIES} ${what}: join some of them`);
  return counted.pipe(z.array(member).min(least));
}

/** Inclusive bounds; what the family puts outside is cut off and the rest rescaled. */
const bounds = { min: finite.optional(), max: finite.optional() };

/** [from, to, weight]: values from <= v < to, spread evenly. */
const binSchema = z.tuple([finite, finite, z.number().min(0)]).refine(([from, to]) => to > from, 'expected from < to');

const simpleDistributions = [
  z.strictObject({ family: z.literal('constant'), value: finite }),
  z.strictObject({ family: z.literal('uniform'), min: finite, max: finite }),
  z.strictObject({ family: z.literal('normal'), mean: finite, standardDeviation: positive, ...bounds }),
  z.strictObject({ family: z.literal('logNormal'), mu: finite, sigma: positive, ...bounds }),
  z.strictObject({ family: z.literal('exponential'), mean: positive, ...bounds }),
  /** Continuous Pareto: density proportional to x^-alpha from min on. */
  z.strictObject({ family: z.literal('powerLaw'), alpha: z.number().gt(1), min: positive, max: finite.optional() }),
  /** Ranks 1..size with probability proportional to rank^-exponent. */
  z.strictObject({ family: z.literal('zipf'), exponent: z.number().min(0), size: z.int().min(1) }),
  /** start, start + 1, ... with probability p (1 - p)^i. */
  z.strictObject({ family: z.literal('geometric'), p: fraction, start: z.int(), max: finite.optional() }),
  z.strictObject({
    family: z.literal('empirical'),
    bins: longList(binSchema, 'bins', 1),
    /**
     * Fan-out only: parents whose degree is above the bins (or was folded), and how many children they have together. With `from`
     * they have so many each at least: a power law, with `exponent` one that ends where the children do, or with `sigma` a log-normal
     * with that spread of the logarithm.
     */
    tail: z
      .strictObject({
        parents: z.int().min(1),
        children: z.int().min(0),
        from: z.int().min(1).optional(),
        sigma: positive.optional(),
        exponent: z.number().min(1).max(10).optional(),
      })
      .optional(),
  }),
  /** A curve through [probability, value] points, log-linear between them (linear where a value is not positive). */
  z.strictObject({
    family: z.literal('quantiles'),
    points: longList(z.tuple([fraction, finite]), 'points', 2),
    /** Fan-out only: when a total must be met exactly, stretch only what lies above this probability. */
    stretchAbove: fraction.optional(),
  }),
] as const;

const simpleDistribution = z.discriminatedUnion('family', simpleDistributions);

export const distributionSchema = z.discriminatedUnion('family', [
  ...simpleDistributions,
  z.strictObject({
    family: z.literal('mixture'),
    parts: z
      .array(z.strictObject({ weight: positive, of: simpleDistribution }))
      .min(1)
      .max(MOST_PARTS, `expected at most ${MOST_PARTS} parts: join some of them`),
  }),
]);

export type Distribution = z.output<typeof distributionSchema>;
export type EmpiricalBin = z.output<typeof binSchema>;
