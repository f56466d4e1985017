// The few parents with very many children: on the scale of y = log(x / from) a density exp(-a y - y^2 / (2 sigma^2)), which is a
// log-normal cut off below `from`, and without sigma a power law (Clauset, Shalizi and Newman, SIAM Review 51, 2009, section 6, name
// these two as the rivals that data tell apart worst). `a` follows from the sum, so that a shape is one number and the sum is exact.

export interface TailShape {
  /** Integers from here on. */
  readonly from: number;
  /** Spread of the logarithm; null: a power law. */
  readonly sigma: number | null;
  /** Of a power law: its exponent (density proportional to x^-exponent), cut off where the sum needs it; null: it follows from the sum. */
  readonly exponent: number | null;
}

const GRID = 256;
const ROUNDS = 48;
/** Slopes that are told apart: beyond them all lie at `from`, or all at the largest. */
const STEEPEST = 400;

/**
 * Sizes of `sizes.length` groups of members, rising: the quantiles in the middle of each group's ranks. Together, each size times
 * its group's members, they are `sum`, as near as the range [from, most] allows. Not whole.
 */
export function tailQuantiles(shape: TailShape, members: readonly number[], sum: number, most: number): number[] {
  return solveTail(shape, members, sum, most).sizes;
}

function solveTail(shape: TailShape, members: readonly number[], sum: number, most: number) {
  const count = members.reduce((left, right) => left + right, 0);
  const start = shape.from - 0.5;
  // Nobody can have more than all that is left when the others have the least.
  const top = Math.max(1, members.at(-1) ?? 1);
  const largest = Math.max(shape.from, Math.min(most, (sum - (count - top) * shape.from) / top));
  const room = Math.log((largest + 0.5) / start);
  let seen = 0;
  const shares = members.map((size) => {
    seen += size;
    return (seen - size / 2) / count;
  });
  const density = new Float64Array(GRID);
  const ys = new Float64Array(shares.length);
  const sizeAt = (rank: number) => clamp(start * Math.exp(ys[rank] as number), shape.from, largest);
  const at = (slope: number, until: number) => {
    fillQuantiles(ys, density, { slope, sigma: shape.sigma, room: until }, shares);
    return Array.from(ys, (_, rank) => sizeAt(rank));
  };
  // Asked a hundred times for each shape: nothing is made here, and a sum that is too large already is not finished.
  const sumAt = (slope: number, until: number) => {
    fillQuantiles(ys, density, { slope, sigma: shape.sigma, room: until }, shares);
    let total = 0;
    for (let rank = 0; rank < ys.length && total <= sum; rank += 1) total += sizeAt(rank) * (members[rank] ?? 0);
    return total;
  };
  if (shape.exponent !== null) {
    const slope = shape.exponent - 1;
    const end = -slopeFor((minus) => sumAt(slope, -minus), sum, -room, -1e-6);
    if (sumAt(slope, end) >= (1 - NEAR) * sum) return { sizes: at(slope, end), slope, room: end };
  }
  const slope = slopeFor((each) => sumAt(each, room), sum);
  return { sizes: at(slope, room), slope, room };
}

/** A cut-off power law that stays further below the sum than this is given the slope that meets it instead. */
const NEAR = 1e-3;

/** The slope at which a falling sum is met. */
function slopeFor(sumAt: (slope: number) => number, sum: number, least = -STEEPEST, most = STEEPEST): number {
  let low = least;
  let high = most;
  for (let round = 0; round < ROUNDS; round += 1) {
    const middle = (low + high) / 2;
    if (sumAt(middle) > sum) low = middle;
    else high = middle;
  }
  return high;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** A density on [0, room]. */
interface Density {
  readonly slope: number;
  readonly sigma: number | null;
  readonly room: number;
}

/** `ys`: y below which each share (rising) of the density lies. */
function fillQuantiles(ys: Float64Array, weights: Float64Array, density: Density, shares: readonly number[]): void {
  const step = density.room / GRID;
  const total = fillDensities(weights, density, step);
  let cell = 0;
  let below = 0;
  for (let rank = 0; rank < ys.length; rank += 1) {
    const wanted = (shares[rank] as number) * total;
    while (cell < GRID - 1 && below + (weights[cell] as number) < wanted) {
      below += weights[cell] as number;
      cell += 1;
    }
    const inside = weights[cell] as number;
    ys[rank] = step * (cell + (inside > 0 ? clamp((wanted - below) / inside, 0, 1) : 0));
  }
}

/** `weights`: the density in the middle of each step, the largest scaled to 1. Their sum. */
function fillDensities(weights: Float64Array, { sigma, slope }: Density, step: number): number {
  const bend = sigma === null ? 0 : 1 / (2 * sigma * sigma);
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < weights.length; index += 1) {
    const y = (index + 0.5) * step;
    const log = -slope * y - bend * y * y;
    weights[index] = log;
    if (log > most) most = log;
  }
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const weight = Math.exp((weights[index] as number) - most);
    weights[index] = weight;
    total += weight;
  }
  return total;
}

/** What is known about a tail and what lies just below it. */
export interface TailEvidence {
  readonly from: number;
  readonly members: number;
  readonly sum: number;
  /** An octave above `from` that was not released has fewer members than this. */
  readonly threshold: number;
  /** Standard deviation of noise on every count; 0 for none. */
  readonly deviation: number;
  /** Counts just below `from`, rising and disjoint. */
  readonly below: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

export interface TailFit {
  readonly shape: TailShape;
  /** Log likelihood, up to what is the same for all tails above the same counts. */
  readonly likelihood: number;
}

/** Spreads of the logarithm that are tried; none: a power law. */
const SIGMAS = [0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, null];
/** Noisy counts cannot tell more shapes apart: what they seem to say about an end is noise. */
const NOISY_SIGMAS = [1.4, 2.8, null];
/** Exponents of a power law with an end (Aban, Meerschaert and Panorska, JASA 101, 2006): below 2 it must have one, for its mean diverges. */
const EXPONENTS = [1, 1.2, 1.4, 1.6, 1.8];
/** So many octaves below the tail still say how it goes on. */
const OCTAVES_BELOW = 3;
const CELLS_PER_OCTAVE = 8;
/** Ranks that are told apart while shapes are compared. */
const MOST_GROUPS = 200;

/** The shape that makes the released counts most likely (grouped likelihood, Virkar and Clauset 2014), each with the exact sum. */
export function fitTail(evidence: TailEvidence): TailFit {
  const { from } = evidence;
  const noisy: TailShape[] = NOISY_SIGMAS.map((sigma) => ({ from, sigma, exponent: null }));
  const exact = [
    ...SIGMAS.map((sigma): TailShape => ({ from, sigma, exponent: null })),
    ...EXPONENTS.map((exponent): TailShape => ({ from, sigma: null, exponent })),
  ];
  const fits = (evidence.deviation > 0 ? noisy : exact).map((shape) => ({ shape, likelihood: likelihoodOf(evidence, shape) }));
  return fits.reduce((left, right) => (right.likelihood > left.likelihood ? right : left));
}

function likelihoodOf(evidence: TailEvidence, shape: TailShape): number {
  const { members, sum } = evidence;
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.round(members)));
  const sizes = new Array<number>(groups).fill(members / groups);
  const { slope, room } = solveTail(shape, sizes, sum, sum);
  return belowLikelihood(evidence, shape.sigma, slope, room) + octaveLikelihood(evidence, shape.sigma, slope, room);
}

/** Log likelihood of the counts below by their shares, and of as many members above as those foretell. */
function belowLikelihood(
  { deviation, from, members, below }: TailEvidence,
  sigma: number | null,
  slope: number,
  room: number,
): number {
  const start = from - 0.5;
  const least = Math.max(0.5, start / 2 ** OCTAVES_BELOW);
  const used = below
    .filter((bin) => bin.from - 0.5 >= least - 1e-9 && bin.count > 0)
    // A noisy count says as much as a smaller one without noise.
    .map((bin) => ({ ...bin, worth: bin.count ** 2 / (bin.count + deviation ** 2) }));
  if (used.length === 0) return 0;
  const masses = used.map((bin) =>
    massBetween(Math.log((bin.from - 0.5) / start), Math.log((bin.to - 0.5) / start), sigma, slope),
  );
  const total = masses.reduce((left, mass) => left + mass, 0);
  const count = used.reduce((left, bin) => left + bin.count, 0);
  const shares = used.reduce((left, bin, index) => left + bin.worth * Math.log((masses[index] ?? 0) / total), 0);
  const worth = members / (members + deviation ** 2);
  return shares + worth * poisson(members, (count * massBetween(0, room, sigma, slope)) / total);
}

/** Log probability of a count, by Stirling where it is not whole. */
export function poisson(count: number, expected: number): number {
  const mean = Math.max(1e-9, expected);
  const factorial = count < 1 ? 0 : count * Math.log(count) - count + Math.log(2 * Math.PI * count) / 2;
  return count * Math.log(mean) - mean - factorial;
}

function massBetween(low: number, high: number, sigma: number | null, slope: number): number {
  const cells = Math.max(4, Math.ceil(((high - low) / Math.LN2) * CELLS_PER_OCTAVE));
  const step = (high - low) / cells;
  const bend = sigma === null ? 0 : 1 / (2 * sigma * sigma);
  let mass = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    const y = low + (cell + 0.5) * step;
    mass += Math.exp(Math.max(-600, Math.min(600, -slope * y - bend * y * y))) * step;
  }
  return Math.max(mass, 1e-300);
}

/** Octaves with more members than an unreleased one may have count against a shape (the normal approximation's tail). */
function octaveLikelihood({ members, threshold }: TailEvidence, sigma: number | null, slope: number, room: number): number {
  const total = massBetween(0, room, sigma, slope);
  let likelihood = 0;
  for (let low = 0; low < room; low += Math.LN2) {
    const count = (members * massBetween(low, Math.min(room, low + Math.LN2), sigma, slope)) / total;
    const excess = Math.max(0, count - (threshold - 1));
    likelihood -= excess ** 2 / (2 * Math.max(1, count));
  }
  return likelihood;
}
