// Times as integers since 1970, and back to microseconds since 2000, which is what every other time is.
import type { NumberKernel } from './blocks.ts';

/** From 1970-01-01 to 2000-01-01 in microseconds. */
const POSTGRES_EPOCH_US = 946_684_800_000_000;
const MICROSECONDS = { seconds: 1_000_000, milliseconds: 1000 } as const;

type Unit = keyof typeof MICROSECONDS | null;

/** Microseconds since 2000 as the column's integer; exact when they are whole units. */
export function toEpoch(unit: Unit, us: number): number {
  return unit === null ? us : Math.floor((us + POSTGRES_EPOCH_US) / MICROSECONDS[unit]);
}

/** A column of such integers read as microseconds since 2000: a child's delay counts from it. */
export function epochAsTime(unit: Unit, kernel: NumberKernel): NumberKernel {
  if (unit === null) return kernel;
  return { kind: 'number', at: (row) => kernel.at(row) * MICROSECONDS[unit] - POSTGRES_EPOCH_US };
}
