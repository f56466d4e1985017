// Which shape a tail has: the one that makes the counts just below it most likely, among those with its exact sum; and where the sum of
// the squares is known as well, among the few that have that too.
import { solveTail, type TailShape } from './heavy-tail.ts';
import { shapesOfSquares } from './tail-squares.ts';

/** As in heavy-tail.ts. */
const { exp, max, min } = Math;

/** What is known about a tail and what lies just below it. */
export interface TailEvidence {
  readonly from: number;
  readonly members: number;
  readonly sum: number;
  /** An octave above `from` that was not released has fewer members than this. */
  readonly threshold: number;
  /** Standard deviation of noise on every count; 0 for none. */
  readonly deviation: number;
  /** Sum of the squares of the sizes; unknown where absent. */
  readonly squares?: number | undefined;
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
  const fits = shapesFor(evidence).map((shape) => ({ shape, likelihood: likelihoodOf(evidence, shape) }));
  return fits.reduce((left, right) => (right.likelihood > left.likelihood ? right : left));
}

function shapesFor({ below, deviation, from, members, squares, sum }: TailEvidence): TailShape[] {
  const ofExponent = (exponent: number): TailShape => ({ from, sigma: null, exponent });
  const ofSigma = (sigma: number | null): TailShape => ({ from, sigma, exponent: null });
  if (deviation > 0) return NOISY_SIGMAS.map(ofSigma);
  if (squares !== undefined) return shapesOfSquares({ from, members, sum, squares });
  const all = [...SIGMAS.map(ofSigma), ...EXPONENTS.map(ofExponent)];
  // Of equals the first is taken: where nothing lies below, no octave is likelier than another.
  return below.some((bin) => isNear(bin, from)) ? all : [ofExponent(FLAT), ...all];
}

/** The exponent of a density that is the same on each octave. */
const FLAT = 1;
/**
 * No tail has exactly one of these shapes, and thousands of counts below it would decide between them as if it had: each counts as a tenth
 * (J. W. Miller and D. B. Dunson, JASA 114, 2019). Of 220 made tails the largest parent was off by 1.9 at most in nine of ten, and by 3.3 with 1.
 */
const TRUST = 0.1;
/** A power law that ends less than an octave above the released bins fits a sum that is a little too small, and no tail that was seen. */
const EARLY_END = 20;
/** A sum of squares that is met but for this share was rounded. */
const SQUARES_DEVIATION = 0.03;

function likelihoodOf(evidence: TailEvidence, shape: TailShape): number {
  const { deviation, members, squares, sum } = evidence;
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.round(members)));
  const sizes = new Array<number>(groups).fill(members / groups);
  const { sizes: found, slope, room } = solveTail(shape, sizes, sum, sum);
  const made = found.reduce((left, size, at) => left + size * size * (sizes[at] ?? 0), 0);
  const misfit = squares === undefined ? 0 : (Math.log(made / Math.max(1, squares)) / SQUARES_DEVIATION) ** 2 / 2;
  const trust = deviation > 0 ? 1 : TRUST;
  const below = trust * belowLikelihood(evidence, shape.sigma, slope, room);
  const early = shape.exponent === null || squares !== undefined ? 0 : Math.max(0, 1 - room / Math.LN2);
  return below + octaveLikelihood(evidence, shape.sigma, slope, room) - misfit - EARLY_END * early ** 2;
}

/** Whether a bin says how the tail goes on. */
function isNear(bin: { readonly from: number; readonly count: number }, from: number): boolean {
  const start = from - 0.5;
  return bin.count > 0 && bin.from - 0.5 >= Math.max(0.5, start / 2 ** OCTAVES_BELOW) - 1e-9;
}

/** Log likelihood of the counts below by their shares, and of as many members above as those foretell. */
function belowLikelihood(
  { deviation, from, members, below }: TailEvidence,
  sigma: number | null,
  slope: number,
  room: number,
): number {
  const start = from - 0.5;
  const used = below
    .filter((bin) => isNear(bin, from))
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
    mass += exp(max(-600, min(600, -slope * y - bend * y * y))) * step;
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
