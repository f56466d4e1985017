// Counts with privacy noise on them: a cell within the noise says nothing, and many such cells far out in a tail would together be
// more children than there are. They are treated as those are that were never released: parents in no cell, placed by the tail.

/** A cell with fewer parents than so many deviations may as well be empty. */
const CERTAIN_DEVIATIONS = 3;

/** Standard deviation of the Gaussian noise on a count that cost `rho` (zero-concentrated differential privacy, sensitivity 1); 0 for none. */
export function deviationOf(rho: string): number {
  const [numerator = 0, denominator = 1] = rho.split('/').map(Number);
  return numerator > 0 ? Math.sqrt(denominator / (2 * numerator)) : 0;
}

export interface CertainCells {
  readonly cells: readonly (readonly number[])[];
  /** Parents in none of them. */
  readonly other: number;
  /** What was dropped has fewer parents than this; 0 without noise. */
  readonly certain: number;
}

/**
 * The cells that stand out of the noise, reconciled with the number of all parents, which is known: what is missing is in no cell, and
 * what is too much is taken from the largest cell, at most all of it.
 */
export function dropNoise(cells: readonly (readonly number[])[], parents: number, deviation: number): CertainCells {
  const countOf = (cell: readonly number[]) => cell.at(-1) ?? 0;
  const sumOf = (list: readonly (readonly number[])[]) => list.reduce((sum, cell) => sum + countOf(cell), 0);
  if (deviation === 0) return { cells, other: Math.max(0, parents - sumOf(cells)), certain: 0 };
  const certain = CERTAIN_DEVIATIONS * deviation;
  const kept = cells.filter((cell) => countOf(cell) >= certain);
  const excess = sumOf(kept) - parents;
  if (excess <= 0) return { cells: kept, other: -excess, certain };
  const largest = kept.reduce((best, cell) => (countOf(cell) > countOf(best) ? cell : best));
  const reduced = kept.map((cell) => (cell === largest ? [...cell.slice(0, -1), Math.max(0, countOf(cell) - excess)] : cell));
  return { cells: reduced, other: 0, certain };
}
