// Columns of numbers: keys in sequence, and values from a histogram by rank.
import type { PlanBuilder, PlanColumn } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mixFraction, type StreamKey } from '../random/mixer.ts';
import type { NumberKernel } from './blocks.ts';
import { HistogramLookup, Ranks } from './ranks.ts';
import { RepeatedHistogram } from './repeats.ts';

/** start + step * row. */
export function sequenceKernel(builder: PlanBuilder & { kind: 'sequence' }): NumberKernel {
  const { start, step } = builder;
  return {
    kind: 'number',
    at: (row) => start + step * row,
    fill({ count, rows }, values) {
      for (let index = 0; index < count; index += 1) values[index] = start + step * (rows[index] as number);
    },
  };
}

/** A value of the histogram by the row's rank. */
export function numberKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'number' }, table: TableRows): NumberKernel {
  const ranks = new Ranks(column.ranks, table);
  const histogram = new HistogramLookup(builder.histogram);
  const { key, isUnique } = builder;
  if (builder.repeats !== undefined)
    return repeatedNumbers(ranks, new RepeatedHistogram(builder.histogram, builder.repeats), key);
  if (isUnique) return { kind: 'number', at: (row) => strictAt(ranks.of(row), histogram) };
  return {
    kind: 'number',
    at(row) {
      const rank = ranks.of(row);
      return rank < 0 ? Number.NaN : histogram.valueOf(rank, mixFraction(key, row));
    },
    fill(list, values) {
      ranks.fill(list, values);
      for (let index = 0; index < list.count; index += 1) {
        const rank = values[index] as number;
        const row = list.rows[index] as number;
        values[index] = rank < 0 ? Number.NaN : histogram.valueOf(rank, mixFraction(key, row));
      }
    },
  };
}

/** Ranks of one value have one number. */
function repeatedNumbers(ranks: Ranks, histogram: RepeatedHistogram, key: StreamKey): NumberKernel {
  return {
    kind: 'number',
    at(row) {
      const rank = ranks.of(row);
      return rank < 0 ? Number.NaN : histogram.valueOf(rank, key);
    },
  };
}

function strictAt(rank: number, histogram: HistogramLookup): number {
  return rank < 0 ? Number.NaN : histogram.strictValueOf(rank);
}
