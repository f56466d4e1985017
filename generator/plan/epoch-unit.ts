// Times in integer columns: which columns can hold them, and how fine they can be.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanHistogram } from '../../spec/plan.ts';
import type { Restriction } from './restriction.ts';
import { numberBounds } from './value-types.ts';

type EpochUnit = 'seconds' | 'milliseconds';

/** From 1970 to 2000. */
const POSTGRES_EPOCH_US = 946_684_800_000_000;
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

/** A restriction on the integers of an epoch column as one on times: microseconds since 2000. */
export function epochRestriction(unit: EpochUnit | undefined, restriction: Restriction): Restriction {
  if (unit === undefined || restriction.intervals === null) return restriction;
  const shift = (value: number) => value * MICROSECONDS[unit] - POSTGRES_EPOCH_US;
  return { ...restriction, intervals: restriction.intervals.map(({ from, to }) => ({ from: shift(from), to: shift(to) })) };
}
