// How far two counts are apart, whichever is larger: q = max/min with both at least 1, so that 0 against 1 is no difference.

/** At least 1; 1 when equal. Symmetric. */
export function quotient(left: number, right: number, least = 1): number {
  const one = Math.max(least, left);
  const two = Math.max(least, right);
  return one > two ? one / two : two / one;
}

/** null for nothing. */
export function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** null for nothing. */
export function arithmeticMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The smallest value with at least that share of the values at or below it; null for nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Counts by value, as shares: the largest distance of the two distribution functions, 0 to 1. null when one side is empty. */
export function distanceOfCounts(left: ReadonlyMap<number, number>, right: ReadonlyMap<number, number>): number | null {
  const leftTotal = sumOf(left);
  const rightTotal = sumOf(right);
  if (leftTotal === 0 || rightTotal === 0) return null;
  const values = [...new Set([...left.keys(), ...right.keys()])].sort((one, two) => one - two);
  let difference = 0;
  let most = 0;
  for (const value of values) {
    difference += (left.get(value) ?? 0) / leftTotal - (right.get(value) ?? 0) / rightTotal;
    most = Math.max(most, Math.abs(difference));
  }
  return most;
}

/** Half the sum of the differences of the shares, 0 to 1. null when one side is empty. */
export function totalVariation(left: ReadonlyMap<number, number>, right: ReadonlyMap<number, number>): number | null {
  const leftTotal = sumOf(left);
  const rightTotal = sumOf(right);
  if (leftTotal === 0 || rightTotal === 0) return null;
  const values = new Set([...left.keys(), ...right.keys()]);
  return (
    [...values].reduce((sum, at) => sum + Math.abs((left.get(at) ?? 0) / leftTotal - (right.get(at) ?? 0) / rightTotal), 0) / 2
  );
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
