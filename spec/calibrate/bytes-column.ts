// Byte columns: lengths only, and random bytes of them.
import type { ColumnSpec } from '../spec.ts';
import { nullFractionOf } from './null-fraction.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';
import { fitLengths, lengthBins } from './text-column.ts';

/** Bytes of the measured lengths; unique where the column is a key. */
export function calibrateBytes(source: ColumnSource, isUnique: boolean): ColumnSpec {
  const fitted = fitLengths(lengthBins(source), source);
  return {
    kind: 'bytes',
    length: fitted.distribution,
    isUnique,
    nullFraction: nullFractionOf(source),
    ...because(fitted.because, describeOther(findMarginal(source, 'length'))),
  };
}
