// Tails of which the sum and the sum of the squares are known: in each family of shapes one number is left, and the squares grow with it.
// Two families, because what ends a tail is not known: a log-normal that thins out, and a power law with an end.
import { type TailShape, tailQuantiles } from './heavy-tail.ts';

/** What the shapes must meet. */
export interface TailMoments {
  readonly from: number;
  readonly members: number;
  readonly sum: number;
  readonly squares: number;
}

/** Narrower than this all members are alike; wider is a power law. */
const SIGMA_RANGE = [0.02, 20] as const;
/** The exponents that a spec may have, as far as tails have them. */
const EXPONENT_RANGE = [1, 6] as const;
const ROUNDS = 16;
/** So many members at most are told apart. */
const MOST_GROUPS = 1024;

/** The shapes with these moments, one of each family that has one; where none has, the one that comes nearest. */
export function shapesOfSquares({ from, members, squares, sum }: TailMoments): TailShape[] {
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.round(members)));
  const sizes = new Array<number>(groups).fill(members / groups);
  const squaresOf = (shape: TailShape) =>
    tailQuantiles(shape, sizes, sum, sum).reduce((left, size, at) => left + size * size * (sizes[at] ?? 0), 0);
  const logNormal = (sigma: number): TailShape => ({ from, sigma, exponent: null });
  const cut = (exponent: number): TailShape => ({ from, sigma: null, exponent });
  const widest: TailShape = { from, sigma: null, exponent: null };
  if (squares >= squaresOf(widest)) return [widest];
  const found = [
    ...meet((log) => squaresOf(logNormal(Math.exp(log))) - squares, Math.log(SIGMA_RANGE[0]), Math.log(SIGMA_RANGE[1])).map(
      (log) => logNormal(rounded(Math.exp(log))),
    ),
    ...meet((exponent) => squaresOf(cut(exponent)) - squares, ...EXPONENT_RANGE).map((exponent) => cut(rounded(exponent))),
  ];
  return found.length > 0 ? found : [logNormal(SIGMA_RANGE[0])];
}

/** Where a rising function is zero between two places; nothing where it is not. */
function meet(excessAt: (place: number) => number, least: number, most: number): number[] {
  let [low, high] = [least, most];
  if (excessAt(low) > 0 || excessAt(high) < 0) return [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const middle = (low + high) / 2;
    if (excessAt(middle) < 0) low = middle;
    else high = middle;
  }
  return [(low + high) / 2];
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
