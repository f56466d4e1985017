// The bins of numbers, times and texts with their values where those repeat; without `repeats` in the spec the bins as they are.
import type { PlanHistogram, PlanRepeats } from '../../spec/plan.ts';
import type { Repeats } from '../../spec/repeats.ts';
import type { TimeRepeats } from '../../spec/spec.ts';
import { type CountedBin, planHistogram } from './histogram.ts';
import { groupBins, spreadRepeats } from './repeats.ts';
import { parseHour } from './window.ts';

const US_PER_HOUR = 3_600_000_000;

export interface RepeatedBins {
  readonly histogram: PlanHistogram;
  readonly repeats?: PlanRepeats;
}

/** Whole numbers of 10^-decimals: a bin has place for as many as it is wide. */
export function repeatNumbers(bins: readonly CountedBin[], repeats: Repeats | undefined, decimals: number): RepeatedBins {
  const scale = 10 ** decimals;
  const known = (repeats?.values ?? []).map(([from, to, distinct]) => ({
    from: Math.round(from * scale),
    to: Math.round(to * scale),
    distinct,
  }));
  return repeatBins(bins, repeats?.rows, known, ({ from, to }) => to - from);
}

/** Hours or days, each with places `unitUs` apart. */
export function repeatTimes(bins: readonly CountedBin[], repeats: TimeRepeats | undefined, unitUs: number): RepeatedBins {
  const known = (repeats?.values ?? []).map(([from, to, distinct]) => ({ from: parseHour(from), to: parseHour(to), distinct }));
  return repeatBins(bins, repeats?.rows, known, ({ from, to }) => Math.floor(((to - from) * US_PER_HOUR) / unitUs));
}

/** Lengths: so many different texts are there of a length. */
export function repeatTexts(bins: readonly CountedBin[], repeats: Repeats | undefined): RepeatedBins {
  const known = (repeats?.values ?? []).map(([from, to, distinct]) => ({ from, to, distinct }));
  return repeatBins(bins, repeats?.rows, known, ({ to }) => 36 ** Math.min(10, to - 1));
}

/** Values without an order, of which `total` rows have one. */
export function repeatRows(total: number, repeats: Repeats | undefined): PlanRepeats | undefined {
  if (repeats === undefined || total === 0) return undefined;
  const bins = [{ from: 0, to: 1, count: total }];
  return spreadRepeats([{ bins, distinct: null }], repeats.rows, () => Number.POSITIVE_INFINITY).repeats;
}

function repeatBins(
  bins: readonly CountedBin[],
  rows: Repeats['rows'] | undefined,
  known: readonly { readonly from: number; readonly to: number; readonly distinct: number }[],
  room: (bin: CountedBin) => number,
): RepeatedBins {
  const isSingle = (bin: CountedBin) => room(bin) <= 1;
  if (rows === undefined || (known.length === 0 && bins.every(isSingle))) return { histogram: planHistogram(bins) };
  const spread = spreadRepeats(groupBins(bins, known, isSingle), rows, room);
  return { histogram: planHistogram(spread.bins), repeats: spread.repeats };
}
