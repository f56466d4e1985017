// From a released one-axis marginal to a coarse axis of about 16 classes. Only what was folded and will be published is looked at, so
// where a cut lies tells nothing that the pack does not tell anyway. Degrees and lags have fixed cuts.
import { type Axis, binningOf } from '../../../spec/axis.ts';
import type { Marginal } from '../../../spec/pack.ts';
import type { PairAxis, Via } from '../../../spec/pair-axis.ts';
import { type BinnedCount, flattenCells } from '../../../stats/nested-bins.ts';

const CLASSES = 16;
const MAX_LABELS = 14;
const HOURS_PER_DAY = 24;
/** So much of the rows at either end of a time column does not stretch the slices. */
const TIME_TAIL = 0.005;
/** Two to this many seconds is 34 years. */
const MAX_LAG_BITS = 30;

/** The coarse axis of a column; null where the marginal released nothing to cut. */
export function coarseAxis(axis: Axis, marginal: Marginal | undefined, via: Via | undefined): PairAxis | null {
  const where = via === undefined ? {} : { via };
  if (axis.kind === 'presence') return { kind: 'presence', column: axis.column, ...where };
  if (marginal === undefined || marginal.cells.length === 0) return null;
  const bins = () => flattenCells(binningOf(axis), marginal.cells);
  switch (axis.kind) {
    case 'number':
      return { kind: 'number', column: axis.column, decimals: axis.decimals, cuts: equalShares(bins()), ...where };
    case 'length':
      return { kind: 'length', column: axis.column, of: axis.of, cuts: equalShares(bins()), ...where };
    case 'time':
      return { kind: 'time', column: axis.column, cuts: calendarSlices(bins()), ...where };
    case 'category':
      return { kind: 'category', column: axis.column, labels: largestLabels(marginal), ...where };
    default:
      return null;
  }
}

/** Cuts of a degree axis: 0, 1, 2, 3-4, 5-8, ...; in half octaves 0, 1, 2, 3, 4, 5-6, 7-8, ... up to the released ones. */
export function degreeCuts(marginal: Marginal | undefined, step: 'octave' | 'halfOctave'): number[] {
  const bins = marginal === undefined ? [] : flattenCells(binningOf(marginal.axes[0] ?? DEGREE), marginal.cells);
  const last = bins.at(-1)?.from ?? 0;
  const cuts = [1, 2];
  for (let octave = 2; octave <= 2 ** 40; octave *= 2) {
    cuts.push(octave + 1);
    if (step === 'halfOctave' && octave > 1) cuts.push(octave + octave / 2 + 1);
  }
  return [...new Set(cuts)].sort((left, right) => left - right).filter((cut) => cut <= Math.max(1, last));
}

const DEGREE: Axis = { kind: 'degree', child: '-', columns: ['-'], subBits: 7 };

/** Cuts of a lag: 0 alone, then octaves of seconds to both sides. */
export function lagCuts(): number[] {
  const octaves = Array.from({ length: MAX_LAG_BITS }, (_, bits) => 2 ** bits);
  return [...octaves.map((seconds) => 1 - seconds), ...octaves].sort((left, right) => left - right);
}

/** Cuts between released bins such that each class has about the same share; a value that has a share alone stands alone. */
function equalShares(bins: readonly BinnedCount[]): number[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const cuts: number[] = [];
  let inClass = 0;
  let left = total;
  let share = total / CLASSES;
  for (const [at, bin] of bins.entries()) {
    const isHeavy = bin.count >= share;
    if (at > 0 && inClass > 0 && (isHeavy || inClass + bin.count / 2 >= share)) {
      cuts.push(bin.from);
      left -= inClass;
      inClass = 0;
      share = Math.max(total / (2 * CLASSES), left / Math.max(1, CLASSES - cuts.length));
    }
    inClass += bin.count;
  }
  return cuts.slice(0, 2 * CLASSES);
}

/** Cuts at midnights, equal steps from the first to the last released bin, without the thin ends. */
function calendarSlices(bins: readonly BinnedCount[]): number[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const from = valueAt(bins, total * TIME_TAIL, 'from');
  const to = valueAt(bins, total * (1 - TIME_TAIL), 'to');
  const unit = to - from >= CLASSES * HOURS_PER_DAY ? HOURS_PER_DAY : 1;
  const cuts = Array.from({ length: CLASSES - 1 }, (_, at) => {
    const cut = from + ((to - from) * (at + 1)) / CLASSES;
    return Math.round(cut / unit) * unit;
  });
  return [...new Set(cuts)];
}

/** The edge of the bin in which the running count passes `count`. */
function valueAt(bins: readonly BinnedCount[], count: number, edge: 'from' | 'to'): number {
  let sum = 0;
  for (const bin of bins) {
    sum += bin.count;
    if (sum >= count) return bin[edge];
  }
  return bins.at(-1)?.[edge] ?? 0;
}

function largestLabels({ cells }: Marginal): number[] {
  return [...cells]
    .sort((left, right) => (right[2] ?? 0) - (left[2] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0))
    .slice(0, MAX_LABELS)
    .map(([, bin = 0]) => bin);
}
