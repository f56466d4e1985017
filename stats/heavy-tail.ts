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

/** A name of this file: called millions of times, and looking up a global costs more than the function where tests run. */
const { exp, max, min } = Math;

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

/** The sizes, and the slope and the room (of y) at which they have the sum. */
export function solveTail(shape: TailShape, members: readonly number[], sum: number, most: number) {
  const count = members.reduce((left, right) => left + right, 0);
  const start = shape.from - 0.5;
  // Nobody can have more than all that is left when the others have the least.
  const top = max(1, members.at(-1) ?? 1);
  const largest = max(shape.from, min(most, (sum - (count - top) * shape.from) / top));
  const room = Math.log((largest + 0.5) / start);
  let seen = 0;
  const shares = members.map((size) => {
    seen += size;
    return (seen - size / 2) / count;
  });
  const density = new Float64Array(GRID);
  const ys = new Float64Array(shares.length);
  const sizeAt = (rank: number) => clamp(start * exp(ys[rank] as number), shape.from, largest);
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
  return min(most, max(least, value));
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
    const weight = exp((weights[index] as number) - most);
    weights[index] = weight;
    total += weight;
  }
  return total;
}
