// Times as integers since 1970 or days since 2000, and back to microseconds since 2000, which is what every other time is.
import { ShapecastError } from '../../core/errors.ts';
import type { PlanColumn } from '../../spec/plan.ts';
import { type ColumnKernel, fillNumbers, type NumberKernel } from './blocks.ts';

export const US_PER_DAY = 86_400_000_000;

const US_PER_HOUR = 3_600_000_000;

/** From 1970-01-01 to 2000-01-01 in microseconds. */
const POSTGRES_EPOCH_US = 946_684_800_000_000;
const MICROSECONDS = { seconds: 1_000_000, milliseconds: 1000 } as const;

/** Of an hour since 1970, microseconds since 2000. */
export function startOfHour(hour: number): number {
  return hour * US_PER_HOUR - POSTGRES_EPOCH_US;
}

type Unit = keyof typeof MICROSECONDS | null;

/** Microseconds since 2000 as the column's integer; exact when they are whole units. */
export function toEpoch(unit: Unit, us: number): number {
  return unit === null ? us : Math.floor((us + POSTGRES_EPOCH_US) / MICROSECONDS[unit]);
}

/** A column of times, dates or such integers as microseconds since 2000. */
export function asTime({ baseType, builder }: PlanColumn, kernel: ColumnKernel): NumberKernel {
  if (kernel.kind !== 'number') throw new ShapecastError('BUG', { what: 'the plan asks a column of bytes for times' });
  if (baseType === 'date') return scaled(kernel, US_PER_DAY, 0);
  const unit = builder.kind === 'time' ? builder.epoch : null;
  if (unit === null) return kernel;
  return scaled(kernel, MICROSECONDS[unit], POSTGRES_EPOCH_US);
}

function scaled(kernel: NumberKernel, factor: number, less: number): NumberKernel {
  return {
    kind: 'number',
    at: (row) => kernel.at(row) * factor - less,
    fill(list, values) {
      fillNumbers(kernel, list, values);
      for (let index = 0; index < list.count; index += 1) values[index] = (values[index] as number) * factor - less;
    },
  };
}
