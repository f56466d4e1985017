// Sums of k^-s, the normaliser of Zipf's law, for any length in constant time: the first terms one by one, the rest by the
// Euler-Maclaurin formula, whose error past k = 1024 is below the last digit of a double.

const EXACT_TERMS = 1024;

/** n -> 1^-s + 2^-s + ... + n^-s, for whole n >= 0. */
export function harmonicSum(exponent: number): (terms: number) => number {
  const head = new Float64Array(EXACT_TERMS + 1);
  for (let k = 1; k <= EXACT_TERMS; k += 1) head[k] = (head[k - 1] ?? 0) + k ** -exponent;
  return (terms) => {
    if (terms <= EXACT_TERMS) return head[Math.max(0, terms)] ?? 0;
    return (head[EXACT_TERMS] ?? 0) + sumBetween(exponent, EXACT_TERMS, terms);
  };
}

/** Sum of k^-s for from < k <= to. */
function sumBetween(s: number, from: number, to: number): number {
  const integral = Math.abs(s - 1) < 1e-12 ? Math.log(to / from) : (to ** (1 - s) - from ** (1 - s)) / (1 - s);
  const ends = (to ** -s - from ** -s) / 2;
  const slopes = (-s * (to ** (-s - 1) - from ** (-s - 1))) / 12;
  const third = (s * (s + 1) * (s + 2) * (to ** (-s - 3) - from ** (-s - 3))) / 720;
  return integral + ends + slopes + third;
}
