// What every part of the plan is decided from, and who has to stand behind a table's counts.
import type { Pack } from '../../spec/pack.ts';
import type { Policy } from '../../spec/policy.ts';
import type { Attribution } from '../introspect/attribution.ts';
import type { Source } from '../introspect/source.ts';
import type { CodeSeeds } from './codes.ts';
import { type RangeOptions, ROW } from './pass.ts';
import { type RowUnits, unitsOfRows } from './row-units.ts';
import type { KeepRule } from './window.ts';

export interface MeasuringContext {
  readonly source: Source;
  readonly policy: Policy;
  readonly attribution: Attribution;
  readonly keep: KeepRule;
  readonly seeds: CodeSeeds;
  readonly readers: number;
  /** Measure exactly this pack's axes. */
  readonly shape: Pack | null;
  /** False: every count is published, k is 1. */
  readonly hasThreshold: boolean;
  /** For tests: where tables are cut. */
  readonly ranges?: RangeOptions;
}

/** k of a table's counts, and how to find the units; no units where nothing is folded or each row stands for itself. */
export interface Protection {
  readonly k: number;
  readonly units: RowUnits | null;
}

/** How the counts over a table's own rows are protected. */
export function protectionOf({ attribution, hasThreshold, policy, seeds, source }: MeasuringContext, table: string): Protection {
  const ownership = attribution.owners.get(table);
  if (!hasThreshold || ownership?.unit === 'public') return { k: 1, units: null };
  if (ownership?.unit !== 'subject') return { k: policy.k, units: null };
  return { k: policy.k, units: unitsOfRows(source, ownership, ROW, seeds) };
}
