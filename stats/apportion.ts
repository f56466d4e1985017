// Whole numbers from shares: cumulative rounding, so that the parts always sum to the whole and no part is off by more than one.

/**
 * Splits `total` into whole parts proportional to the weights: part i is round(total * W(i+1)) - round(total * W(i)) with W the
 * cumulative share. Same input, same output. Weights must not be negative; when all are zero, everything goes to the first.
 */
export function apportion(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  if (weights.length === 0) return [];
  if (!(sum > 0)) return weights.map((_, index) => (index === 0 ? total : 0));
  let seen = 0;
  let given = 0;
  return weights.map((weight, index) => {
    seen += weight;
    const upTo = index === weights.length - 1 ? total : Math.min(total, Math.round((total * seen) / sum));
    const part = Math.max(0, upTo - given);
    given += part;
    return part;
  });
}

/** Running sums, one longer than the input: [0, c0, c0 + c1, ...]. */
export function runningSums(counts: readonly number[]): number[] {
  const sums = [0];
  let sum = 0;
  for (const count of counts) {
    sum += count;
    sums.push(sum);
  }
  return sums;
}
