// The lag of each profile whose lag is too short to come from places: drawn from the short classes of the lag's own counts, exactly as
// many of each as the counts say.

import type { PlanKey } from '../../../spec/plan.ts';
import { apportion } from '../../../stats/apportion.ts';
import { lagClass } from '../../../stats/population/members.ts';
import type { LagAxis } from '../../../stats/population/population.ts';
import { mix32 } from '../../random/mixer.ts';
import type { JoinedLags } from './short-lags.ts';
import type { ShapeLag } from './table-shape.ts';

export interface LagChoice {
  readonly population: LagAxis;
  /** Places of the profiles: in the column of times, and on the line of the reference. */
  readonly own: Int32Array;
  readonly since: Int32Array;
  readonly joined: JoinedLags;
  /** Rows of each class of the axis. */
  readonly counts: Float64Array;
  readonly key: PlanKey;
  /** Each profile is one row: its places already say its lag, to within what is short. */
  readonly isFine?: boolean;
}

export function chooseLagClasses({
  counts,
  isFine = false,
  joined,
  key,
  own,
  population,
  since,
}: LagChoice): Pick<ShapeLag, 'classes' | 'parts' | 'shortProfiles'> {
  const parts = joined.parts
    .filter(({ classOf }) => (counts[classOf] ?? 0) > 0)
    .map(({ classOf, from, to }) => ({ classOf, from, to }));
  const short: number[] = [];
  for (let profile = 0; profile < own.length; profile += 1) {
    if (lagClass(population, own[profile] as number, since[profile] as number) === joined.short) short.push(profile);
  }
  const classes = new Uint8Array(own.length);
  if (parts.length === 0) return { classes, parts: [], shortProfiles: 0 };
  const shares = apportion(
    parts.map(({ classOf }) => counts[classOf] ?? 0),
    short.length,
  );
  const lagOf = (profile: number) =>
    (population.valueOf[own[profile] as number] as number) - (population.sinceOf[since[profile] as number] as number);
  const weight = isFine ? lagOf : (profile: number) => mix32(key, profile);
  const order = [...short].sort((left, right) => weight(left) - weight(right) || left - right);
  let at = 0;
  for (const [part, count] of shares.entries()) {
    const { from, to } = parts[part] as (typeof parts)[number];
    for (const profile of order.slice(at, at + count)) {
      // A time of its own that has the lag already keeps its hour of the day.
      const hasLag = isFine && lagOf(profile) >= from && lagOf(profile) < to;
      classes[profile] = hasLag ? 0 : part + 1;
    }
    at += count;
  }
  return { classes, parts: parts.map(({ from, to }) => ({ from, to })), shortProfiles: short.length };
}
