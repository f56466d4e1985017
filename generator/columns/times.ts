// Columns of times, in microseconds since 2000-01-01 UTC (PostgreSQL's own epoch) or days since then.
import { BLOCK_ROWS, type PlanBuilder, type PlanColumn } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mixFraction } from '../random/mixer.ts';
import type { NumberKernel } from './blocks.ts';
import { toEpoch, US_PER_DAY } from './epochs.ts';
import { HourProfile, PROFILE_UNIT } from './hour-profile.ts';
import { type ParentTime, ParentTimes, parentTimeOf } from './parent-time.ts';
import { HistogramLookup, Ranks } from './ranks.ts';
import { ownPlace, RepeatsLookup } from './repeats.ts';

const US_PER_HOUR = 3_600_000_000;
/** Hours from 1970 to 2000. */
const POSTGRES_EPOCH_HOUR = 262_968;

/** A time by the row's rank: the segment of the calendar, then the hour by the weekday's profile, then evenly. */
export function timeKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'time' }, table: TableRows): NumberKernel {
  const ranks = new Ranks(column.ranks, table);
  const histogram = new HistogramLookup(builder.histogram);
  const profiles = builder.profile.map((profile) => new HourProfile(profile));
  const { key, unitUs } = builder;
  const divisor = column.baseType === 'date' ? US_PER_DAY : 1;

  const startUs = histogram.from.map((hour) => (hour - POSTGRES_EPOCH_HOUR) * US_PER_HOUR);
  const profileOf = Array.from(histogram.from, (hour) => profiles[weekdayOf(hour)] as HourProfile);

  const microsecondsIn = (bin: number, rank: number, fraction: number) => {
    const start = startUs[bin] as number;
    const place = histogram.placeIn(bin, rank, fraction);
    if (histogram.width[bin] === 1) return start + Math.floor(place * US_PER_HOUR);
    const share = place * PROFILE_UNIT;
    const profile = profileOf[bin] as HourProfile;
    const hourOfDay = profile.hourOf(share);
    const inHour = profile.placeIn(hourOfDay, share);
    return start + hourOfDay * US_PER_HOUR + Math.min(US_PER_HOUR - 1, Math.floor(inHour * US_PER_HOUR));
  };

  const strictMicrosecondsOf = (rank: number) => {
    const bin = histogram.binOf(rank);
    const from = ((histogram.from[bin] as number) - POSTGRES_EPOCH_HOUR) * US_PER_HOUR;
    const places = Math.floor(((histogram.width[bin] as number) * US_PER_HOUR) / unitUs);
    return from + histogram.strictPlaceIn(bin, rank, places) * unitUs;
  };

  if (builder.repeats !== undefined) {
    const at = repeatedTimes(builder, histogram, new RepeatsLookup(builder.repeats));
    return {
      kind: 'number',
      at(row) {
        const rank = ranks.of(row);
        return rank < 0 ? Number.NaN : toEpoch(builder.epoch, at(rank) / divisor);
      },
    };
  }
  if (builder.isUnique)
    return {
      kind: 'number',
      at(row) {
        const rank = ranks.of(row);
        return rank < 0 ? Number.NaN : Math.floor(strictMicrosecondsOf(rank) / divisor);
      },
    };
  return {
    kind: 'number',
    at(row) {
      const rank = ranks.of(row);
      if (rank < 0) return Number.NaN;
      return toEpoch(
        builder.epoch,
        (Math.floor(microsecondsIn(histogram.binOf(rank), rank, mixFraction(key, row)) / unitUs) * unitUs) / divisor,
      );
    },
    fill(list, values) {
      ranks.fill(list, values);
      let bin = 0;
      for (let index = 0; index < list.count; index += 1) {
        const rank = values[index] as number;
        // Rows in the order of time are mostly in the bin of the row before.
        if (rank >= 0 && !histogram.isIn(bin, rank)) bin = histogram.binOf(rank);
        const us = rank < 0 ? Number.NaN : microsecondsIn(bin, rank, mixFraction(key, list.rows[index] as number));
        values[index] = toEpoch(builder.epoch, (Math.floor(us / unitUs) * unitUs) / divisor);
      }
    },
  };
}

/** Microseconds by rank where ranks share times: each time has a place of its own in its hour, hours by the weekday's profile. */
function repeatedTimes(
  { profile, unitUs, key }: PlanBuilder & { kind: 'time' },
  histogram: HistogramLookup,
  repeats: RepeatsLookup,
): (rank: number) => number {
  const profiles = profile.map((shares) => new HourProfile(shares));
  const places = Math.max(1, Math.floor(US_PER_HOUR / unitUs));
  return (rank) => {
    const bin = histogram.binOf(rank);
    const value = repeats.valueOf(rank);
    const start = histogram.from[bin] as number;
    if (histogram.width[bin] !== 1) {
      // Of a unit above an hour only the day itself is a time.
      if (unitUs > US_PER_HOUR) return (start - POSTGRES_EPOCH_HOUR) * US_PER_HOUR;
      // By its rows: a time that many rows share takes as much of the day's profile as they would one by one.
      const day = profiles[weekdayOf(start)] as HourProfile;
      const place = repeats.placeOf(rank, mixFraction(key, value)) - (histogram.cumulative[bin] as number);
      const rows = (histogram.cumulative[bin + 1] as number) - (histogram.cumulative[bin] as number);
      const share = (place * PROFILE_UNIT) / rows;
      const hourOfDay = day.hourOf(share);
      const inHour = day.placeIn(hourOfDay, share);
      return (start + hourOfDay - POSTGRES_EPOCH_HOUR) * US_PER_HOUR + Math.min(places - 1, Math.floor(inHour * places)) * unitUs;
    }
    const place = ownPlace(value - repeats.firstIn(bin), repeats.countIn(bin), places, key, value);
    return (start - POSTGRES_EPOCH_HOUR) * US_PER_HOUR + place * unitUs;
  };
}

/** Monday 0 to Sunday 6 of an hour since 1970; 1970-01-01 was a Thursday. */
function weekdayOf(hour: number): number {
  const day = (Math.floor(hour / 24) + 3) % 7;
  return day < 0 ? day + 7 : day;
}

/** The parent's time plus a delay by the row's rank. */
export function delayKernel(
  column: PlanColumn,
  builder: PlanBuilder & { kind: 'delay' },
  table: TableRows,
  parent: ParentTime,
): NumberKernel {
  const ranks = new Ranks(column.ranks, table);
  const histogram = new HistogramLookup(builder.histogram);
  const { key } = builder;
  const divisor = column.baseType === 'date' ? US_PER_DAY : 1;
  const times = new ParentTimes(parent);
  const scratch = new Float64Array(BLOCK_ROWS);
  return {
    kind: 'number',
    at(row) {
      const rank = ranks.of(row);
      if (rank < 0) return Number.NaN;
      const us = parentTimeOf(parent, row) + histogram.valueOf(rank, mixFraction(key, row));
      return divisor === 1 ? us : Math.floor(us / divisor);
    },
    fill(list, values) {
      ranks.fill(list, values);
      times.fill(list, scratch);
      for (let index = 0; index < list.count; index += 1) {
        const rank = values[index] as number;
        const row = list.rows[index] as number;
        const us = rank < 0 ? Number.NaN : (scratch[index] as number) + histogram.valueOf(rank, mixFraction(key, row));
        values[index] = divisor === 1 ? us : Math.floor(us / divisor);
      }
    },
  };
}
