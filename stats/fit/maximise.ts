// The refinement of every fit: the simplex search of Nelder and Mead (Computer Journal 7, 1965), deterministic, without
// derivatives, for one or two parameters on an unbounded scale.

interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

const MAX_STEPS = 120;
/** Parameters are on a logarithmic or unit-free scale: a millionth is below any sampling error. */
const TOLERANCE = 1e-6;

/** The point near `start` where `objective` is largest; `objective` may return -Infinity. At most about 240 evaluations. */
export function maximise(objective: (at: readonly number[]) => number, start: readonly number[], step = 0.1): readonly number[] {
  const evaluate = (at: readonly number[]): Vertex => {
    const value = objective(at);
    return { at, value: Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value };
  };
  const simplex = [
    evaluate(start),
    ...start.map((_, axis) => evaluate(start.map((x, index) => (index === axis ? x + step : x)))),
  ];
  for (let round = 0; round < MAX_STEPS; round += 1) {
    simplex.sort((left, right) => right.value - left.value);
    const best = simplex[0];
    const worst = simplex.at(-1);
    if (best === undefined || worst === undefined || isSmall(simplex)) break;
    const centre = start.map((_, axis) => mean(simplex.slice(0, -1).map((vertex) => vertex.at[axis] ?? 0)));
    const moved = improve(evaluate, { centre, best, worst, second: simplex.at(-2) ?? best });
    if (moved !== null) simplex[simplex.length - 1] = moved;
    else
      for (let index = 1; index < simplex.length; index += 1)
        simplex[index] = evaluate(between(best.at, simplex[index]?.at ?? best.at, 0.5));
  }
  return simplex.reduce((left, right) => (right.value > left.value ? right : left)).at;
}

interface Move {
  readonly centre: readonly number[];
  readonly best: Vertex;
  readonly second: Vertex;
  readonly worst: Vertex;
}

/** Reflection, expansion or contraction; null when the simplex should shrink. */
function improve(evaluate: (at: readonly number[]) => Vertex, { centre, best, second, worst }: Move): Vertex | null {
  const reflected = evaluate(between(centre, worst.at, -1));
  if (reflected.value > best.value) {
    const expanded = evaluate(between(centre, worst.at, -2));
    return expanded.value > reflected.value ? expanded : reflected;
  }
  if (reflected.value > second.value) return reflected;
  const contracted = evaluate(between(centre, reflected.value > worst.value ? reflected.at : worst.at, 0.5));
  return contracted.value > Math.max(reflected.value, worst.value) ? contracted : null;
}

function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((x, axis) => x + share * ((to[axis] ?? x) - x));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isSmall(simplex: readonly Vertex[]): boolean {
  const first = simplex[0]?.at ?? [];
  return simplex.every((vertex) => vertex.at.every((x, axis) => Math.abs(x - (first[axis] ?? x)) < TOLERANCE));
}
