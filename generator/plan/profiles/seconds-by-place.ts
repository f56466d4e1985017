// The time that stands at each place of a time column, for lags: the row path's own kernel asked rank by rank.
import type { PlanColumn } from '../../../spec/plan.ts';
import { epochAsTime } from '../../columns/epochs.ts';
import { timeKernel, US_PER_DAY } from '../../columns/times.ts';
import { middleRank } from './place-classes.ts';

/** Seconds since 2000 by place; NaN where the column is NULL. Null for a column that is no time of its own. */
export function secondsByPlace(column: PlanColumn, size: number, rows: number): Float64Array | null {
  const { builder, ranks } = column;
  if (builder.kind !== 'time' || ranks === null) return null;
  const byRank = timeKernel({ ...column, ranks: { order: 'row', key: [0, 0], nulls: ranks.nulls } }, builder, { rows });
  const kernel = epochAsTime(builder.epoch, byRank);
  const unit = (column.baseType === 'date' ? US_PER_DAY : 1) / 1_000_000;
  return Float64Array.from({ length: size }, (_, place) => kernel.at(middleRank(place, size, rows)) * unit);
}
