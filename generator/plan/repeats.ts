// How often values repeat: from "so many values in so many rows" to an exact curve over a column's ranks. Each bin has a number of
// different values; the heavy ones are dealt to the bins that have rows to spare, and in the end every bin has the rows it had.
import type { PlanRepeats } from '../../spec/plan.ts';
import type { Repeats } from '../../spec/repeats.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { dealDegrees, middleOf, withinRoom } from './deal-degrees.ts';
import type { CountedBin } from './histogram.ts';
import { type Degrees, scaleDegrees, wholeDegrees } from './scale-degrees.ts';

/** Bins that were one bin in the source: they share its rows and values among them. */
export interface RepeatGroup {
  readonly bins: readonly CountedBin[];
  /** Different values at the source's size; null where only the sum of all groups is known. */
  readonly distinct: number | null;
}

export interface SpreadRepeats {
  readonly bins: CountedBin[];
  readonly repeats: PlanRepeats;
}

/** [from, to, values]. */
type RepeatRows = Repeats['rows'];

/** A table that has this share more or less rows is not another size. */
const SAME_SIZE = 0.02;

/** The bins by the ranges whose values are known; of others, single values stand alone and the rest is one group. */
export function groupBins(
  bins: readonly CountedBin[],
  known: readonly { readonly from: number; readonly to: number; readonly distinct: number }[],
  isAlone: (bin: CountedBin) => boolean,
): RepeatGroup[] {
  const ranges = [...known].sort((left, right) => left.from - right.from);
  const groups: { bins: CountedBin[]; distinct: number | null; range: number }[] = [];
  let next = 0;
  for (const bin of bins) {
    while ((ranges[next]?.to ?? Number.POSITIVE_INFINITY) <= bin.from) next += 1;
    const inside = ranges[next];
    const isKnown = inside !== undefined && inside.from < bin.to;
    const range = isKnown ? next : -1;
    const distinct = isKnown ? inside.distinct : isAlone(bin) ? 1 : null;
    const last = groups.at(-1);
    // A value that stands alone joins no group, and none joins it.
    const joins = last?.range === range && (isKnown || last.distinct === distinct) && (isKnown || distinct === null);
    if (joins) last.bins.push(bin);
    else groups.push({ bins: [bin], distinct, range });
  }
  return groups;
}

/** The bins with the same rows in each group, and the values in them. `room`: how many different values a bin has place for. */
export function spreadRepeats(
  groups: readonly RepeatGroup[],
  repeats: RepeatRows,
  room: (bin: CountedBin) => number,
): SpreadRepeats {
  const filled = groups.map(({ bins, distinct }) => ({ bins: bins.filter(({ count }) => count > 0), distinct }));
  const kept = filled.filter(({ bins }) => bins.length > 0);
  const rows = kept.map(({ bins }) => bins.reduce((sum, { count }) => sum + count, 0));
  const total = rows.reduce((sum, each) => sum + each, 0);
  const source = repeats.reduce((sum, [from, to, values]) => sum + middleOf(from, to) * values, 0);
  const ratio = Math.abs(total / source - 1) <= SAME_SIZE ? 1 : total / source;
  const rooms = kept.map(({ bins }) => bins.map((bin) => Math.max(1, Math.min(bin.count, Math.floor(room(bin))))));
  const wanted = fillDistinct(kept, rows, repeats, ratio);
  const dealt = dealDegrees(
    rows.map((each, at) => ({ rows: each / ratio, values: Math.min(wanted[at] ?? 1, Math.max(1, each / ratio)) })),
    repeats.map(([from, to, values]) => ({ from, to, values })),
  );
  const parts = kept.flatMap(({ bins }, at) => {
    const most = Math.min(
      (rooms[at] ?? []).reduce((sum, each) => sum + each, 0),
      rows[at] ?? 0,
    );
    const degrees = scaleDegrees(dealt[at] ?? [], ratio);
    return shareOut(bins, rooms[at] ?? [], wholeDegrees(degrees, rows[at] ?? 0, most));
  });
  return planParts(parts);
}

/** Values of the groups that say nothing: what the others leave, by their rows. */
function fillDistinct(groups: readonly RepeatGroup[], rows: readonly number[], repeats: RepeatRows, ratio: number): number[] {
  const all = repeats.reduce((sum, [, , values]) => sum + values, 0);
  const known = groups.reduce((sum, { distinct }) => sum + (distinct ?? 0), 0);
  const open = rows.map((each, at) => (groups[at]?.distinct === null ? each : 0));
  const shares = apportion(open, Math.max(0, Math.round(all - known)));
  return groups.map(({ distinct }, at) =>
    Math.max(1, Math.min(distinct ?? shares[at] ?? 0, (rows[at] ?? 0) / Math.min(1, ratio))),
  );
}

interface Part {
  readonly bin: CountedBin;
  readonly degrees: readonly Degrees[];
}

/** The values of a group over its bins, by their rows; bins without a value lose their rows to the others. */
function shareOut(bins: readonly CountedBin[], room: readonly number[], degrees: readonly Degrees[]): Part[] {
  const total = degrees.reduce((sum, { values }) => sum + values, 0);
  const left = withinRoom(
    bins.map(({ count }) => count),
    room,
    total,
  );
  const shares = bins.map((): Degrees[] => []);
  for (const { degree, values } of degrees) {
    const given = withinRoom(left, left, values);
    for (const [at, count] of given.entries()) {
      if (count === 0) continue;
      left[at] = (left[at] ?? 0) - count;
      shares[at]?.push({ degree, values: count });
    }
  }
  return bins.flatMap((bin, at) => {
    const own = shares[at] ?? [];
    const count = own.reduce((sum, each) => sum + each.degree * each.values, 0);
    return count === 0 ? [] : [{ bin: { ...bin, count }, degrees: own }];
  });
}

function planParts(parts: readonly Part[]): SpreadRepeats {
  const rank: number[] = [];
  const degree: number[] = [];
  const value: number[] = [];
  let nextRank = 0;
  let nextValue = 0;
  for (const each of parts.flatMap(({ degrees }) => degrees)) {
    if (degree.at(-1) !== each.degree) {
      rank.push(nextRank);
      degree.push(each.degree);
      value.push(nextValue);
    }
    nextRank += each.degree * each.values;
    nextValue += each.values;
  }
  const values = runningSums(parts.map(({ degrees }) => degrees.reduce((sum, each) => sum + each.values, 0)));
  return { bins: parts.map(({ bin }) => bin), repeats: { values, rank, degree, value } };
}
