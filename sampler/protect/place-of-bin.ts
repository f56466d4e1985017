// Where folding put the rows of a bin, found again from the released cells alone: the finest released cell around it.
import { type Binning, levelCount, parentBin } from '../../stats/binning.ts';

/** Position in `cells` of the cell that a bin of level 0 was counted in; null for one that is in no cell. */
export function placeOfBin(binning: Binning, cells: readonly (readonly number[])[]): (bin: number) => number | null {
  const places = new Map(cells.map(([level, bin], place) => [`${level} ${bin}`, place]));
  const levels = levelCount(binning);
  return (fine) => {
    let bin = fine;
    for (let level = 0; level < levels; level += 1) {
      if (level > 0) bin = parentBin(binning, level - 1, bin);
      const place = places.get(`${level} ${bin}`);
      if (place !== undefined) return place;
    }
    return null;
  };
}
