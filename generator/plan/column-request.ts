// What the builders of columns are asked, and how they say no: faults are collected, and none is thrown.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanReference } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { deriveKey, type StreamKey } from '../random/mixer.ts';
import { largestFit } from './largest-fit.ts';
import type { PlanContext } from './resolve-references.ts';
import type { Restriction } from './restriction.ts';
import type { TimeSpan } from './time-span.ts';
import type { Window } from './window.ts';

/** One column to resolve: `rows` of the table, `values` of them not null. */
export interface ColumnRequest {
  readonly key: string;
  readonly path: string;
  readonly column: CatalogColumn;
  readonly spec: ColumnSpec;
  readonly rows: number;
  readonly values: number;
  readonly decimals: number;
  readonly references: readonly PlanReference[];
  /** What the target's checks leave; the builder stays inside. */
  readonly restriction: Restriction;
  readonly context: PlanContext & {
    readonly window?: Window | null;
    /** How calendars of bins grow with the rows; null: not. */
    readonly timeSpan?: TimeSpan | null;
    readonly band?: string;
    readonly scale?: number;
    readonly overrides?: ReadonlyMap<string, number>;
  };
}

/** Adds a fault of the column. */
export function report(request: ColumnRequest, message: string): void {
  request.context.problems.add(request.path, message);
}

/** Passes the claim on; reports that the spec's kind and the column's type do not go together when it is false. */
export function fits(request: ColumnRequest, isFit: boolean): boolean {
  if (!isFit)
    report(
      request,
      `kind ${request.spec.kind} does not make values of type ${request.column.type}: choose a kind that does, or take the column out of the spec`,
    );
  return isFit;
}

/** The key of one of the column's streams. */
export function keyOf(request: ColumnRequest, purpose: string): StreamKey {
  return deriveKey(request.context.seed, request.key, request.column.name, purpose);
}

/** The checks that the column takes part in, as words of a message. */
export function checkNames(request: ColumnRequest): string {
  const checks = request.context.catalog.get(request.key)?.checks ?? [];
  const names = checks.filter((check) => check.columns.includes(request.column.name)).map((check) => check.name);
  return names.length === 0 ? 'the target' : `the target's ${names.length === 1 ? 'check' : 'checks'} ${names.join(', ')}`;
}

/** The largest size of the table at which it has at most so many rows. */
export function wayOut({ context, key, rows }: ColumnRequest, most: number): string {
  const { spec, scale = 1, overrides = new Map() } = context;
  return largestFit({ spec, scale, overrides }, key, rows, most);
}
