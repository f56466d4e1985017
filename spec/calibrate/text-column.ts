// Text columns: lengths only. Also the lengths that categories and rare values take theirs from.
import type { BinnedCount } from '../../stats/nested-bins.ts';
import type { ColumnSpec } from '../spec.ts';
import { binsOf, type Fitted, fitOrBins } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';
import { tieTexts } from './tied-columns.ts';

const ASSUMED_LENGTH = 20;

/** Text of the measured lengths; unique where the column is a key. */
export function calibrateText(source: ColumnSource, isUnique: boolean): ColumnSpec {
  const tied = isUnique ? null : tieTexts(source);
  if (tied !== null) return { kind: 'text', ...tied, isUnique, nullFraction: nullFractionOf(source) };
  const marginal = findMarginal(source, 'length');
  const fitted = fitLengths(lengthBins(source), source);
  return {
    kind: 'text',
    length: fitted.distribution,
    isUnique,
    nullFraction: nullFractionOf(source),
    ...because(fitted.because, describeOther(marginal)),
  };
}

/** Counts by length, none longer than the column allows; empty where nothing was released. */
export function lengthBins(source: ColumnSource): BinnedCount[] {
  const marginal = findMarginal(source, 'length');
  if (marginal === null) return [];
  return binsOf(marginal, { min: 0, max: source.column.maxLength ?? Number.MAX_SAFE_INTEGER });
}

/** A distribution of lengths from the bins, or an assumed one. */
export function fitLengths(bins: readonly BinnedCount[], { column }: ColumnSource): Fitted {
  const max = Math.min(column.maxLength ?? ASSUMED_LENGTH, ASSUMED_LENGTH);
  return (
    fitOrBins(bins, 0) ?? {
      distribution: { family: 'uniform', min: Math.min(1, max), max },
      because: 'no length was released: assumed',
    }
  );
}
