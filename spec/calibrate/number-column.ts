// Number columns: the marginal of magnitudes as a family or as bins, in the column's own unit.
import type { PackColumn } from '../pack.ts';
import type { ColumnSpec } from '../spec.ts';
import { binsOf, fitOrBins, type ValueLimits } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { axisOf, type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';
import { tieNumbers } from './tied-columns.ts';

const WHOLE_BITS: Readonly<Record<string, number>> = { int2: 15, int4: 31, int8: 53 };
/** A small number that every type of at least two digits holds. */
const ASSUMED_MAX = 99;

/** The column's values; where nothing was released an assumption, and it says so. */
export function calibrateNumber(source: ColumnSource): ColumnSpec {
  const marginal = findMarginal(source, 'number');
  const axis = marginal === null ? null : axisOf(marginal, 'number');
  const nullFraction = nullFractionOf(source);
  const decimals = axis?.decimals ?? decimalsOf(source.column);
  const fitted = marginal === null ? null : fitOrBins(binsOf(marginal, limitsOf(source.column, decimals)), decimals);
  if (marginal === null || fitted === null) return assumeNumber(source, decimals, nullFraction);
  const tied = tieNumbers(source, marginal, limitsOf(source.column, decimals), 10 ** decimals);
  if (tied !== null) return { kind: 'number', ...tied, decimals, nullFraction };
  return {
    kind: 'number',
    distribution: fitted.distribution,
    decimals,
    nullFraction,
    ...because(fitted.because, describeOther(marginal), describeClipped(source.column, decimals, marginal.other)),
  };
}

/** What lies beyond the exact whole numbers of a double was counted in no bin. */
function describeClipped(column: PackColumn, decimals: number, other: number): string | null {
  const { baseType, precision, scale = 0 } = column;
  const isWide = baseType === 'numeric' && (precision === undefined || precision - scale + decimals > 15);
  return isWide && other > 0 ? `values of 2^53 units of 10^-${decimals} and more are in no bin: clipped` : null;
}

function assumeNumber({ column }: ColumnSource, decimals: number, nullFraction: number): ColumnSpec {
  const max = Math.min(ASSUMED_MAX, Math.floor(limitsOf(column, decimals).max / 10 ** decimals));
  return {
    kind: 'number',
    distribution: { family: 'uniform', min: 0, max: Math.max(0, max) },
    decimals,
    nullFraction,
    ...because('no count was released: assumed'),
  };
}

function decimalsOf(column: PackColumn): number {
  return column.baseType === 'numeric' ? Math.min(12, column.scale ?? 0) : 0;
}

/** What the type can hold: a wide bin may reach past it. */
function limitsOf(column: PackColumn, decimals: number): ValueLimits {
  const bits = WHOLE_BITS[column.baseType];
  if (bits !== undefined) return { min: -(2 ** bits), max: 2 ** bits - 1 };
  const { precision, scale = 0 } = column;
  const most =
    column.baseType === 'numeric' && precision !== undefined ? 10 ** (precision - scale + decimals) - 1 : Number.MAX_SAFE_INTEGER;
  return { min: -Math.min(most, Number.MAX_SAFE_INTEGER), max: Math.min(most, Number.MAX_SAFE_INTEGER) };
}
