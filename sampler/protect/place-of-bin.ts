// Where folding put the rows of a bin, found again from the released cells alone: the finest released cell around it. What was counted
// in a neighbour because it was too small to be seen is counted there for everything else as well, or a difference would show it.
import { type Binning, levelCount, parentBin, rangeOf } from '../../stats/binning.ts';

/** Position in `cells` of the cell that a bin of level 0 was counted in; null for one that went to `other`. Cells must not be empty. */
export function placeOfBin(
  binning: Binning,
  { cells, other }: { readonly cells: readonly (readonly number[])[]; readonly other: number },
): (bin: number) => number | null {
  const places = new Map(cells.map(([level, bin], place) => [`${level} ${bin}`, place]));
  const levels = levelCount(binning);
  const middles = cells.map(([level = 0, bin = 0]) => middleOf(binning, level, bin));
  return (fine) => {
    let bin = fine;
    for (let level = 0; level < levels; level += 1) {
      if (level > 0) bin = parentBin(binning, level - 1, bin);
      const place = places.get(`${level} ${bin}`);
      if (place !== undefined) return place;
    }
    return other > 0 ? null : nearest(middles, middleOf(binning, levels - 1, bin));
  };
}

function middleOf(binning: Binning, level: number, bin: number): number {
  const { from, to } = rangeOf(binning, level, bin);
  return (from + to) / 2;
}

/** The first of the nearest, as folding chooses. */
function nearest(middles: readonly number[], middle: number): number {
  return middles.reduce(
    (best, each, place) => (Math.abs(each - middle) < Math.abs((middles[best] ?? 0) - middle) ? place : best),
    0,
  );
}
