// Times as integers since 1970 or days since 2000, and back to microseconds since 2000, which is what every other time is.
import { ShapecastError } from '../../core/errors.ts';
import type { PlanColumn } from '../../spec/plan.ts';
import type { ColumnKernel, NumberKernel } from './blocks.ts';

export const US_PER_DAY = 86_400_000_000;

/** From 1970-01-01 to 2000-01-01 in microseconds. */
const POSTGRES_EPOCH_US = 946_684_800_000_000;
const MICROSECONDS = { seconds: 1_000_000, milliseconds: 1000 } as const;

type Unit = keyof typeof MICROSECONDS | null;

/** Microseconds since 2000 as the column's integer; exact when they are whole units. */
export function toEpoch(unit: Unit, us: number): number {
  return unit === null ? us : Math.floor((us + POSTGRES_EPOCH_US) / MICROSECONDS[unit]);
}

/** A column of times, dates or such integers as microseconds since 2000. */
export function asTime({ baseType, builder }: PlanColumn, kernel: ColumnKernel): NumberKernel {
  if (kernel.kind !== 'number') throw new ShapecastError('BUG', { what: 'the plan asks a column of bytes for times' });
  if (baseType === 'date') return { kind: 'number', at: (row) => kernel.at(row) * US_PER_DAY };
  const unit = builder.kind === 'time' ? builder.epoch : null;
  if (unit === null) return kernel;
  return { kind: 'number', at: (row) => kernel.at(row) * MICROSECONDS[unit] - POSTGRES_EPOCH_US };
}
