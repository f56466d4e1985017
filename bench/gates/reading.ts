// A line of a gate's result: a figure, and for some the limit that makes it a gate.
import type { Figure } from './statistics.ts';

export const UNITS = ['s', 'rows/s', 'ns/row', 'ns/cell', 'times', 'MB'] as const;

export interface Limit {
  readonly direction: 'atLeast' | 'atMost';
  readonly value: number;
}

export interface Reading {
  readonly name: string;
  readonly unit: (typeof UNITS)[number];
  readonly figure: Figure;
  /** null: shown, and not judged. */
  readonly limit: Limit | null;
}

/** What a gate found. */
export interface GateResult {
  readonly gate: string;
  readonly title: string;
  readonly readings: readonly Reading[];
}

/** Whether the median keeps to the limit; a figure that could not be measured does not. */
export function isMet({ figure, limit }: Reading): boolean {
  if (limit === null) return true;
  return limit.direction === 'atLeast' ? figure.median >= limit.value : figure.median <= limit.value;
}

/** Readings over their limits. */
export function missesOf({ readings }: GateResult): readonly Reading[] {
  return readings.filter((reading) => !isMet(reading));
}

export const atLeast = (value: number): Limit => ({ direction: 'atLeast', value });
export const atMost = (value: number): Limit => ({ direction: 'atMost', value });
