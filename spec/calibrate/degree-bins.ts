// Degrees as they must have been before they were folded: the holes between released bins filled from their neighbours, the insides of
// wide bins bent as a power law is, and what is left above the last bin as a tail. Counts are production's; the total number of
// children, known exactly, decides what they leave open.
import type { Binning } from '../../stats/binning.ts';
import { fitTail, poisson } from '../../stats/fit-tail.ts';
import type { TailShape } from '../../stats/heavy-tail.ts';
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { fillHoles, shareOut } from './degree-holes.ts';
import { densityOf, middleOf, pairsOf, sumOf, varianceOf } from './degree-sums.ts';

/** What was released about the children of parents. */
export interface ReleasedDegrees {
  readonly binning: Binning;
  readonly cells: readonly (readonly number[])[];
  /** Parents in no released cell. */
  readonly other: number;
  /** Children of all parents together; exact. */
  readonly children: number;
  /** A bin with fewer parents than this was not released, or is worth nothing because of noise. */
  readonly threshold: number;
  /** Standard deviation of the noise on every count; 0 for none. */
  readonly deviation: number;
  /** Fewer than this many parents may have been counted in the cell next to theirs. */
  readonly k: number;
  /** Pairs of children of one parent, over the parents in no released cell; nearly. Unknown where absent. */
  readonly siblingPairs?: number | undefined;
}

export interface DegreeShape {
  /** Disjoint and rising, counts not whole. */
  readonly bins: readonly BinnedCount[];
  readonly tail: (TailShape & { readonly parents: number; readonly children: number }) | null;
}

/** Numbers of parents above the edge that are tried. */
const MOST_TRIES = 16;

export function shapeDegrees(released: ReleasedDegrees): DegreeShape {
  const parts = flattenCells(released.binning, released.cells).filter((bin) => bin.count > 0);
  if (released.k <= 1) return { bins: parts, tail: null };
  if (parts.length === 0) return released.other === 0 ? { bins: [], tail: null } : withoutCells(released);
  const candidates = released.other > 0 ? splitOther(released, parts) : splitLast(released, parts);
  const judged = candidates.flatMap((candidate) => judge(released, parts, candidate) ?? []);
  if (judged.length === 0) return { bins: meetSum(parts, released.children), tail: null };
  return judged.reduce((best, each) => (each.likelihood > best.likelihood ? each : best)).shape;
}

/** No cell at all: zeros are at most what one cell may hide, the rest has children on no scale in particular. */
function withoutCells({ children, deviation, other, siblingPairs, threshold }: ReleasedDegrees): DegreeShape {
  const zeros = Math.max(1, Math.min(Math.floor(threshold / 2), Math.floor(other / 3)));
  const parents = other - zeros;
  const left = Math.round(children);
  if (left < 2 * parents) return { bins: [], tail: null };
  const squares = siblingPairs === undefined ? undefined : 2 * siblingPairs + left;
  const { shape } = fitTail({ from: 1, members: parents, sum: left, squares, threshold, deviation, below: [] });
  return { bins: [{ from: 0, to: 1, count: zeros }], tail: { ...shape, parents, children: left } };
}

/** One way in which the parents whose degree is not known may lie: in the holes, and above the last bin. */
interface Candidate {
  readonly bins: readonly BinnedCount[];
  readonly above: number;
  /** Log likelihood of the holes. */
  readonly likelihood: number;
}

function judge(released: ReleasedDegrees, parts: readonly BinnedCount[], candidate: Candidate) {
  const { children, deviation, threshold } = released;
  const { bins, above, likelihood } = candidate;
  const edge = parts.at(-1)?.to ?? 0;
  const bent = bendBins(bins, 0);
  const left = Math.round(children - sumOf(bent));
  if (above === 0) {
    const misfit = left ** 2 / (2 * Math.max(1, varianceOf(bins)));
    const foretold = fitTail({ from: edge, members: 1e-3, sum: 1e-3 * edge * 1.5, threshold, deviation, below: bins });
    return { likelihood: likelihood - misfit + foretold.likelihood, shape: { bins: meetSum(bins, children), tail: null } };
  }
  const fits = sumsAbove(released, parts, bins, { left, above })
    .filter(({ sum }) => sum >= above * edge && sum > 0)
    .map(({ times, sum }) => {
      const squares = squaresAbove(released, parts, bins, sum);
      const fit = fitTail({ from: edge, members: above, sum, squares, threshold, deviation, below: bins });
      return { ...fit, sum, likelihood: fit.likelihood - times ** 2 / 2 };
    });
  if (fits.length === 0) return null;
  const fit = fits.reduce((best, each) => (each.likelihood > best.likelihood ? each : best));
  const tail = { ...fit.shape, parents: above, children: fit.sum };
  const body = fit.sum === left ? bent : meetSum(bins, children - fit.sum);
  return { likelihood: likelihood + fit.likelihood, shape: { bins: body, tail } };
}

/** Sums that the parents above the last bin may have, and how many deviations each is from what the bins leave. */
function sumsAbove(
  released: ReleasedDegrees,
  parts: readonly BinnedCount[],
  bins: readonly BinnedCount[],
  { above, left }: { readonly left: number; readonly above: number },
) {
  const { deviation, siblingPairs } = released;
  // Noise on the body is noise on what it leaves to the tail: once, and within its own size, the tail's shape may say otherwise.
  if (deviation > 0) {
    const doubt = deviation * Math.sqrt(bins.reduce((sum, bin) => sum + middleOf(bin) ** 2, 0));
    return DOUBTS.map((times) => ({ times, sum: Math.round(left + times * doubt) }));
  }
  if (siblingPairs === undefined) return [{ times: 0, sum: left }];
  // Where wide bins leave the sum open, the squares may say otherwise; and so many children as these allow it has at most.
  const doubt = Math.sqrt(bins.reduce((sum, { count, from, to }) => sum + (count * (to - from - 1) ** 2) / 12, 0));
  const pairs = Math.max(0, siblingPairs - pairsOf(bins) + pairsOf(parts));
  const most = (above + Math.sqrt(above * above + 8 * above * pairs)) / 2;
  return WIDE_DOUBTS.map((times) => ({ times, sum: Math.round(Math.min(most, left + times * doubt)) }));
}

/** Sum of the squares that is left to the parents above the last bin, by the pairs of siblings that no released cell holds. */
function squaresAbove(
  { siblingPairs }: ReleasedDegrees,
  parts: readonly BinnedCount[],
  bins: readonly BinnedCount[],
  sum: number,
): number | undefined {
  return siblingPairs === undefined ? undefined : 2 * (siblingPairs - pairsOf(bins) + pairsOf(parts)) + sum;
}

/** How far a sum may be from what noisy counts leave, in deviations. */
const WIDE_DOUBTS = [0, -0.5, 0.5, -1, 1];
const DOUBTS = [0, -0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2];

/** The parents in no cell: some in the holes, some above, by turns. */
function splitOther(released: ReleasedDegrees, parts: readonly BinnedCount[]): Candidate[] {
  const { other, threshold } = released;
  const holes = fillHoles(released, parts);
  const zero = holes.find((hole) => hole.from === 0);
  const inner = holes.filter((hole) => hole !== zero);
  const expected = inner.reduce((sum, hole) => sum + hole.count, 0);
  const room = inner.length * (threshold - 1);
  const zeroRoom = zero === undefined ? 0 : threshold - 1;
  const least = Math.max(0, other - room - zeroRoom);
  return spread(least, other).map((above): Candidate => {
    const rest = other - above;
    const zeros = Math.min(zeroRoom, Math.max(rest - expected, 0));
    const filled = shareOut(inner, rest - zeros, threshold);
    const bins = [...parts, ...filled, ...(zero === undefined ? [] : [{ ...zero, count: zeros }])];
    return { bins: bins.filter((bin) => bin.count > 0).sort(byStart), above, likelihood: poisson(rest - zeros, expected) };
  });
}

/** Fewer than k parents in no cell were counted in the one next to theirs: some of the last one's, or of the first one's. */
function splitLast({ children, k }: ReleasedDegrees, parts: readonly BinnedCount[]): Candidate[] {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const excess = children - sumOf(parts);
  const isFixed = parts.every((part) => part.to - part.from === 1);
  const lacking = Math.min(k - 1, Math.round(-excess), Math.floor(first.count));
  if (isFixed && lacking > 0 && first.from > 0)
    return [
      {
        bins: [
          { from: first.from - 1, to: first.from, count: lacking },
          ...parts.with(0, { ...first, count: first.count - lacking }),
        ],
        above: 0,
        likelihood: 0,
      },
    ];
  const most = Math.min(k - 1, Math.floor(last.count) - 1);
  // Beside nothing but parents without children no number is likelier than another.
  const tries =
    last.from === 0 && excess > 0 ? [Math.max(1, Math.min(most, Math.floor(k / 2), Math.round(excess)))] : spread(0, most);
  return tries.map((above) => ({
    bins: parts.with(-1, { ...last, count: last.count - above }),
    above,
    likelihood: 0,
  }));
}

/** Whole numbers from least to most, both included. */
function spread(least: number, most: number): number[] {
  const steps = Math.max(0, Math.min(MOST_TRIES, most - least));
  const all = Array.from({ length: steps + 1 }, (_, step) =>
    steps === 0 ? least : Math.round(least + ((most - least) * step) / steps),
  );
  return [...new Set(all)];
}

const MAX_PIECES = 8;
const MOST_TILT = 4;
const TILT_ROUNDS = 40;

/** The bins bent such that their children sum to the wanted number, as far as their insides allow. */
function meetSum(parts: readonly BinnedCount[], children: number): BinnedCount[] {
  let low = -MOST_TILT;
  let high = MOST_TILT;
  for (let round = 0; round < TILT_ROUNDS; round += 1) {
    const middle = (low + high) / 2;
    if (sumOf(bendBins(parts, middle)) < children) low = middle;
    else high = middle;
  }
  return bendBins(parts, low);
}

/** Wide bins in pieces whose densities follow a power law through the neighbours, tilted by exp(tilt x) over the bin. */
function bendBins(parts: readonly BinnedCount[], tilt: number): BinnedCount[] {
  return parts.flatMap((bin, index) => {
    const width = bin.to - bin.from;
    if (width < 2 || bin.count <= 0) return [bin];
    const slope = slopeAt(parts, index);
    const pieces = cut(bin, Math.min(MAX_PIECES, width));
    const weights = pieces.map(
      (piece) =>
        (piece.to - piece.from) * middleOf(piece) ** -slope * Math.exp((tilt * (middleOf(piece) - middleOf(bin))) / width),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return pieces.map((piece, at) => ({ ...piece, count: (bin.count * (weights[at] ?? 0)) / total }));
  });
}

function cut({ from, to }: BinnedCount, pieces: number): BinnedCount[] {
  const edges = Array.from({ length: pieces + 1 }, (_, index) => from + Math.round(((to - from) * index) / pieces));
  return edges.slice(1).map((end, index) => ({ from: edges[index] ?? from, to: end, count: 0 }));
}

const STEEPEST = 5;

/** How fast the density falls around a bin: minus the slope of its logarithm over that of the degree; 0 at a peak or dip. */
function slopeAt(parts: readonly BinnedCount[], index: number): number {
  const bin = parts[index];
  if (bin === undefined) return 0;
  const slopeTo = (other: BinnedCount | undefined) =>
    other === undefined || other.from === 0
      ? null
      : -(Math.log(densityOf(bin)) - Math.log(densityOf(other))) / (Math.log(middleOf(bin)) - Math.log(middleOf(other)));
  const [left, right] = [slopeTo(parts[index - 1]), slopeTo(parts[index + 1])];
  if (left === null || right === null) return Math.min(STEEPEST, Math.max(-STEEPEST, left ?? right ?? 0));
  if (left * right <= 0) return 0;
  const mean = (left + right) / 2;
  return Math.sign(mean) * Math.min(Math.abs(mean), 2 * Math.abs(left), 2 * Math.abs(right), STEEPEST);
}

function byStart(left: BinnedCount, right: BinnedCount): number {
  return left.from - right.from;
}
