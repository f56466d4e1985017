// Times of day and intervals: the marginal of magnitudes in seconds. Where nearly all values are whole minutes or days, only those
// are made, as far as there are few enough of them to write down.
import type { BinnedCount } from '../../stats/nested-bins.ts';
import { type TIME_RESOLUTIONS as Resolutions, TIME_RESOLUTIONS } from '../axis.ts';
import type { ColumnSpec } from '../spec.ts';
import { binsOf, empirical, fitOrBins } from './fit-or-bins.ts';
import { nullFractionOf } from './null-fraction.ts';
import { axisOf, type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther } from './reason.ts';

type Resolution = (typeof Resolutions)[number];

const SECONDS_PER_DAY = 86_400;
const ASSUMED_INTERVAL = 3600;
const NEARLY_ALL = 0.99;
const MAX_SNAPPED_BINS = 2000;
const DECIMALS: Readonly<Record<Resolution, number>> = { day: 0, minute: 0, second: 0, millisecond: 3, microsecond: 6 };

/** Numbers of seconds; where nothing was released an assumption, and it says so. */
export function calibrateSeconds(source: ColumnSource): ColumnSpec {
  const marginal = findMarginal(source, 'number');
  const nullFraction = nullFractionOf(source);
  const measured = marginal === null ? null : axisOf(marginal, 'number');
  const bins = marginal === null ? [] : binsOf(marginal, limitsOf(source));
  if (marginal === null || measured === null || bins.length === 0) return assumeSeconds(source, nullFraction);
  const resolution = resolutionOf(source);
  const snapped = snapBins(bins, measured.decimals, resolution);
  const fitted =
    snapped === null
      ? fitOrBins(bins, measured.decimals)
      : { distribution: empirical(snapped), because: `empirical, whole ${resolution}s` };
  if (fitted === null) return assumeSeconds(source, nullFraction);
  return {
    kind: 'number',
    distribution: fitted.distribution,
    decimals: DECIMALS[resolution],
    nullFraction,
    ...because(`seconds: ${fitted.because}`, describeOther(marginal)),
  };
}

function assumeSeconds({ column }: ColumnSource, nullFraction: number): ColumnSpec {
  const max = column.baseType === 'interval' ? ASSUMED_INTERVAL : SECONDS_PER_DAY - 1;
  return {
    kind: 'number',
    distribution: { family: 'uniform', min: 0, max },
    decimals: 0,
    nullFraction,
    ...because('seconds: no count was released: assumed'),
  };
}

function limitsOf({ column }: ColumnSource) {
  const most = Number.MAX_SAFE_INTEGER;
  return column.baseType === 'interval' ? { min: -most, max: most } : { min: 0, max: SECONDS_PER_DAY * 1_000_000 - 1 };
}

/** The coarsest class that nearly all rows keep; seconds where nothing was released. */
function resolutionOf(source: ColumnSource): Resolution {
  const marginal = findMarginal(source, 'resolution');
  if (marginal === null || marginal.cells.length === 0) return 'second';
  const counts = TIME_RESOLUTIONS.map((_, bin) => marginal.cells.find((cell) => cell[1] === bin)?.at(-1) ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [at, resolution] of TIME_RESOLUTIONS.entries()) {
    seen += counts[at] ?? 0;
    if (seen >= NEARLY_ALL * total) return resolution;
  }
  return 'microsecond';
}

/** Each bin's weight on the multiples inside it, in seconds; null where values are finer, or where there were too many. */
function snapBins(bins: readonly BinnedCount[], decimals: number, resolution: Resolution): BinnedCount[] | null {
  const step = resolution === 'minute' ? 60 : resolution === 'day' ? SECONDS_PER_DAY : null;
  if (step === null) return null;
  const unit = step * 10 ** decimals;
  const snapped: BinnedCount[] = [];
  for (const { from, to, count } of bins) {
    const first = Math.ceil(from / unit);
    const multiples = Math.max(0, Math.ceil(to / unit) - first);
    if (snapped.length + multiples > MAX_SNAPPED_BINS) return null;
    for (let at = 0; at < multiples; at += 1)
      snapped.push({ from: (first + at) * step, to: (first + at) * step + 1, count: count / multiples });
  }
  return snapped.length === 0 ? null : snapped;
}
