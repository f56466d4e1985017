// A wide bin with a flat inside makes steps where production has a slope. Here a bin is split into a few narrower ones whose
// densities lie on a line through it, as steep as the neighbours allow: the piecewise-linear reconstruction with the
// monotonised central limiter of van Leer (J. Comput. Phys. 23, 1977). Totals are kept and no new peak appears.
import type { BinnedCount } from './nested-bins.ts';

const MAX_PIECES = 8;
/** A slope that changes the density by less than this share of it over the bin is not worth more bins. */
const MIN_CHANGE = 0.1;
/** Nor is one that chance makes: this many standard deviations of the bin's own count. */
const NOISE_DEVIATIONS = 2;

/**
 * The bins with the wide ones split into at most 8 pieces with edges on whole multiples of `unit`; counts become fractional and
 * sum to the same total bin by bin. Bins must be disjoint and rising; outside them the density counts as zero.
 */
export function smoothBins(bins: readonly BinnedCount[], unit = 1): BinnedCount[] {
  return bins.flatMap((bin, index) => {
    const steps = Math.floor((bin.to - bin.from) / unit + 1e-9);
    if (steps < 2 || bin.count <= 0) return [bin];
    const slope = slopeOf(bin, neighbour(bin, bins[index - 1], -1), neighbour(bin, bins[index + 1], 1));
    const change = (Math.abs(slope) * (bin.to - bin.from)) / densityOf(bin);
    if (change < Math.max(MIN_CHANGE, NOISE_DEVIATIONS / Math.sqrt(bin.count))) return [bin];
    const pieces = Math.min(steps, MAX_PIECES, Math.max(2, Math.ceil(change * MAX_PIECES)));
    return splitBin(bin, slope, unit, pieces);
  });
}

/** Centre and density of the bin beside, or of an empty one of the same width where nothing adjoins. */
function neighbour(bin: BinnedCount, beside: BinnedCount | undefined, side: -1 | 1): { centre: number; density: number } {
  const touches = beside !== undefined && (side === 1 ? beside.from === bin.to : beside.to === bin.from);
  return touches
    ? { centre: centreOf(beside), density: densityOf(beside) }
    : { centre: centreOf(bin) + side * (bin.to - bin.from), density: 0 };
}

function centreOf(bin: BinnedCount): number {
  return (bin.from + bin.to) / 2;
}

function densityOf(bin: BinnedCount): number {
  return bin.count / (bin.to - bin.from);
}

type Point = ReturnType<typeof neighbour>;

/** Change of density per unit of value; zero at a peak or a dip. */
function slopeOf(bin: BinnedCount, left: Point, right: Point): number {
  const density = densityOf(bin);
  const centre = centreOf(bin);
  const half = (bin.to - bin.from) / 2;
  const central = (right.density - left.density) / (right.centre - left.centre);
  const toLeft = (density - left.density) / (centre - left.centre);
  const toRight = (right.density - density) / (right.centre - centre);
  if (toLeft * toRight <= 0) return 0;
  // Neither end of the line may pass the neighbour's density, nor zero.
  const most = Math.min(Math.abs(density - left.density), Math.abs(right.density - density), density) / half;
  return Math.sign(central) * Math.min(Math.abs(central), 2 * Math.abs(toLeft), 2 * Math.abs(toRight), most);
}

function splitBin(bin: BinnedCount, slope: number, unit: number, pieces: number): BinnedCount[] {
  const width = bin.to - bin.from;
  const edges = Array.from({ length: pieces + 1 }, (_, piece) =>
    piece === pieces ? bin.to : bin.from + Math.round((width * piece) / pieces / unit) * unit,
  );
  const density = densityOf(bin);
  const centre = centreOf(bin);
  const split: BinnedCount[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const from = edges[piece] ?? bin.from;
    const to = edges[piece + 1] ?? bin.to;
    split.push({ from, to, count: Math.max(0, (to - from) * (density + slope * ((from + to) / 2 - centre))) });
  }
  return split;
}
