// The words of `because`, and the rounding of what stands beside them: a spec is read and edited by people.
import type { FittedFamily } from '../../stats/fit/fit-families.ts';
import type { Marginal } from '../pack.ts';

const FAMILY_NAMES: Readonly<Record<FittedFamily['family'], string>> = {
  normal: 'normal',
  logNormal: 'log-normal',
  exponential: 'exponential',
  powerLaw: 'power law',
  zipf: 'Zipf',
};

export function nameFamily(family: FittedFamily['family']): string {
  return FAMILY_NAMES[family];
}

/** A share or distance with three decimals: 0.004. */
export function formatShare(share: number): string {
  return share.toFixed(3);
}

/** The value with so many significant digits. */
export function roundDigits(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** A weight with at most three decimals, so that counts shared between bins stay readable. */
export function roundWeight(weight: number): number {
  return Math.round(weight * 1000) / 1000;
}

/** A fraction exact to eight places. */
export function roundFraction(fraction: number): number {
  return Math.min(1, Math.max(0, Math.round(fraction * 1e8) / 1e8));
}

/** The reasons that apply, as one sentence; `because` itself is left out where there is none. */
export function because(...reasons: readonly (string | null)[]): { because?: string } {
  const said = reasons.filter((reason) => reason !== null && reason !== '');
  return said.length === 0 ? {} : { because: said.join('; ') };
}

/** What happens to rows that no released cell holds; nothing to say where there is no cell to spread them over. */
export function describeOther(marginal: Marginal | null): string | null {
  if (marginal === null || marginal.other === 0 || marginal.cells.length === 0) return null;
  const share = marginal.other / marginal.total;
  return `${share < 0.001 ? 'under 0.001' : formatShare(share)} of the rows lie in no released bin and were spread over the released ones`;
}
