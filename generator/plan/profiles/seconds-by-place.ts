// The time that stands at each place of a time column, for lags: the row path's own kernel asked rank by rank.
import type { PlanColumn } from '../../../spec/plan.ts';
import { asTime } from '../../columns/epochs.ts';
import { timeKernel } from '../../columns/times.ts';
import { middleRank } from './place-classes.ts';

const MICROSECONDS = 1_000_000;

/** Seconds since 2000 by place; NaN where the column is NULL. Null for a column that is no time of its own. */
export function secondsByPlace(column: PlanColumn, size: number, rows: number): Float64Array | null {
  const { builder, ranks } = column;
  if (builder.kind !== 'time' || ranks === null) return null;
  const byRank = timeKernel({ ...column, ranks: { order: 'row', key: [0, 0], nulls: ranks.nulls } }, builder, { rows });
  const kernel = asTime(column, byRank);
  return Float64Array.from({ length: size }, (_, place) => kernel.at(middleRank(place, size, rows)) / MICROSECONDS);
}
