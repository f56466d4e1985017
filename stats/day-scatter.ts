// Days are not as even as their month: chance alone scatters counts like a Poisson law, bursts more than that. Days here follow the
// negative binomial law with variance mean + dispersion x mean^2 (Cameron and Trivedi, Regression Analysis of Count Data, 1998).

/** P[count = 0], P[count = 1], ... up to below - 1. Dispersion 0 is a Poisson law. */
function masses(mean: number, dispersion: number, below: number): number[] {
  const size = dispersion > 0 ? 1 / dispersion : Number.POSITIVE_INFINITY;
  const ratio = dispersion > 0 ? (dispersion * mean) / (1 + dispersion * mean) : mean;
  let mass = dispersion > 0 ? Math.exp(-Math.log1p(dispersion * mean) / dispersion) : Math.exp(-mean);
  return Array.from({ length: below }, (_, count) => {
    const now = mass;
    mass *= (ratio * (dispersion > 0 ? count + size : 1)) / (count + 1);
    return now;
  });
}

/** P[count >= below]. */
export function shareFrom(mean: number, dispersion: number, below: number): number {
  return Math.max(0, 1 - masses(mean, dispersion, below).reduce((sum, mass) => sum + mass, 0));
}

/** The count below `below` at a fraction of the law cut off there; the mean itself where the law has next to nothing below. */
export function drawBelow(mean: number, dispersion: number, below: number, fraction: number): number {
  const all = masses(mean, dispersion, below);
  const total = all.reduce((sum, mass) => sum + mass, 0);
  if (!(total > 1e-12)) return mean;
  let left = fraction * total;
  const found = all.findIndex((mass) => {
    left -= mass;
    return left < 0;
  });
  return found < 0 ? below - 1 : found;
}

const DISPERSIONS = [0, ...Array.from({ length: 25 }, (_, step) => 0.01 * 2 ** (step / 2.5))];
const GROUPS_PER_OCTAVE = 6;

/** A day's usual rows, and whether it had `below` or more. */
export interface SeenDay {
  readonly mean: number;
  readonly isMany: boolean;
}

/**
 * The dispersion that makes it most likely that just these days reached `below`. Only that is asked of a day: how far it went above would
 * let a single burst decide.
 */
export function fitDispersion(days: readonly SeenDay[], below: number): number {
  const groups = new Map<number, { days: number; many: number }>();
  for (const { mean, isMany } of days) {
    if (!(mean > 1e-3)) continue;
    const key = Math.round(Math.log2(mean) * GROUPS_PER_OCTAVE);
    const known = groups.get(key) ?? { days: 0, many: 0 };
    groups.set(key, { days: known.days + 1, many: known.many + (isMany ? 1 : 0) });
  }
  const likelihood = (dispersion: number) =>
    [...groups].reduce((sum, [key, group]) => {
      const share = Math.min(
        1 - LEAST_SHARE,
        Math.max(LEAST_SHARE, shareFrom(2 ** (key / GROUPS_PER_OCTAVE), dispersion, below)),
      );
      return sum + group.many * Math.log(share) + (group.days - group.many) * Math.log1p(-share);
    }, 0);
  const judged = DISPERSIONS.map((dispersion) => ({ dispersion, likelihood: likelihood(dispersion) }));
  return judged.reduce((best, each) => (each.likelihood > best.likelihood + 1e-9 ? each : best)).dispersion;
}

/** No day is impossible: the usual number is itself a guess. */
const LEAST_SHARE = 1e-4;
