// Times in integer columns: which columns can hold them, and how fine they can be.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanHistogram } from '../../spec/plan.ts';
import { numberBounds } from './value-types.ts';

type EpochUnit = 'seconds' | 'milliseconds';

const MICROSECONDS: Readonly<Record<EpochUnit, number>> = { seconds: 1_000_000, milliseconds: 1000 };
const HOURS: Readonly<Record<EpochUnit, number>> = { seconds: 3600, milliseconds: 3_600_000 };

/** Whether the column is an integer that may count a time. */
export function canHoldEpoch(column: CatalogColumn): boolean {
  return (column.baseType === 'int4' || column.baseType === 'int8') && (column.kind === 'base' || column.kind === 'domain');
}

/** Microseconds of one step: a number of seconds has no finer ones. */
export function epochStepUs(unit: EpochUnit | undefined, unitUs: number): number {
  return unit === undefined ? unitUs : Math.max(unitUs, MICROSECONDS[unit]);
}

/** Whether all times of the histogram (in hours since 1970) fit the integer. */
export function epochFits(column: CatalogColumn, unit: EpochUnit, { from, width }: PlanHistogram): boolean {
  const { min, max } = numberBounds(column, 0);
  return from.every((hour, bin) => hour * HOURS[unit] >= min && (hour + (width[bin] ?? 0)) * HOURS[unit] - 1 <= max);
}
