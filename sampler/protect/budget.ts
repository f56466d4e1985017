// What a marginal costs in privacy, in zero-concentrated DP (rho), as exact fractions: floats enter a budget only when it
// is shown to people. No noise is added yet, so every cost is 0; this file is where a mechanism's cost will be computed.

/** Cost of a marginal that is folded but not noised. It is no formal guarantee, so nothing is claimed and nothing charged. */
const COST_WITHOUT_NOISE = '0/1';

/** The rho that releasing one more marginal costs, as a reduced fraction `numerator/denominator`. */
export function costOfMarginal(): string {
  return COST_WITHOUT_NOISE;
}

/** The exact sum of fractions, reduced; `0/1` for none. Costs add up under zCDP. Throws RangeError on what is no fraction. */
export function sumCosts(costs: readonly string[]): string {
  let numerator = 0n;
  let denominator = 1n;
  for (const cost of costs) {
    const [over, under] = parseFraction(cost);
    numerator = numerator * under + over * denominator;
    denominator *= under;
    const divisor = greatestCommonDivisor(numerator, denominator);
    numerator /= divisor;
    denominator /= divisor;
  }
  return `${numerator}/${denominator}`;
}

function parseFraction(text: string): [numerator: bigint, denominator: bigint] {
  const match = /^(\d{1,40})\/(\d{1,40})$/.exec(text);
  const numerator = BigInt(match?.[1] ?? 0);
  const denominator = BigInt(match?.[2] ?? 0);
  if (denominator === 0n) throw new RangeError('a cost is a fraction of whole numbers such as 1/20');
  return [numerator, denominator];
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestCommonDivisor(right, left % right);
}
