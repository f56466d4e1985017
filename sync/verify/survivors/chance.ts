// How many values of production meet a masked one by chance alone, and how many are too many. A mask that chooses among `size` values and
// made some of them made each of production's values of its form with the same chance, so matches are at most Poisson.

/** Of 10^9 honest shadows one has more matches than this allows. */
const FALSE_ALARM = 1e-9;

export interface Counts {
  /** Different values of production that have the mask's form; others cannot be met. */
  readonly ofForm: number;
  readonly shadowValues: number;
  /** How many values the mask chooses from, and the share of them that was looked at. */
  readonly size: number;
  readonly share: number;
}

/** The expected number of chance matches. */
export function expectedMatches({ ofForm, shadowValues, size, share }: Counts): number {
  return Math.min(ofForm, (ofForm * shadowValues) / (size * share));
}

/** The most matches that chance explains, by bounds on the tail of Poisson's distribution. */
export function mostByChance(expected: number): number {
  let most = Math.floor(expected);
  // The bound falls faster than a geometric series, so a few steps of the standard deviation end it.
  while (tailBound(most + 1, expected) >= FALSE_ALARM) most += 1;
  return most;
}

/** Of P[X >= least]: the better of Chernoff's bound and E^k / k!, which is close for small numbers; 1 up to the expectation. */
function tailBound(least: number, expected: number): number {
  if (expected === 0) return 0;
  if (least <= expected) return 1;
  const chernoff = Math.exp(least - expected - least * Math.log(least / expected));
  let factorial = 1;
  for (let factor = 1; factor <= Math.min(least, MOST_FACTORS); factor += 1) factorial *= expected / factor;
  return least <= MOST_FACTORS ? Math.min(chernoff, factorial) : chernoff;
}

const MOST_FACTORS = 100;
