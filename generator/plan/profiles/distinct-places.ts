// Distinct pairs where rows follow both of their parents: the fit gives each row a place on either line and knows nothing of pairs, so now and
// then two rows have the same two parents. One of them changes its place with a row near by on the other side's line, whose parents are alike.

/** Places that are tried, for each row on the average; a table that nearly has all pairs would need more. */
const TRIES = 400;

export interface PairedPlaces {
  /** The parent that owns the runs, by row. */
  readonly runs: Int32Array;
  /** The other side's parent, by place on its line. */
  readonly others: Int32Array;
  /** The place of each row on that line. */
  readonly places: Int32Array;
}

/** Places such that no two rows have the same two parents; null where none were found. */
export function distinctPlaces(given: PairedPlaces): Int32Array | null {
  const swaps = new PairSwaps(given);
  const { places } = swaps;
  for (let row = 0; row < places.length; row += 1) {
    if (swaps.isRepeated(row) && !swaps.moveAway(row)) return null;
  }
  return places;
}

class PairSwaps {
  readonly places: Int32Array;
  private readonly given: PairedPlaces;
  private readonly rowAt: Int32Array;
  private readonly counts = new Map<number, number>();
  private readonly width: number;
  private triesLeft: number;

  constructor(given: PairedPlaces) {
    const { others, places } = given;
    this.given = given;
    this.places = Int32Array.from(places);
    this.rowAt = new Int32Array(places.length);
    for (const [row, place] of places.entries()) this.rowAt[place] = row;
    this.width = 1 + others.reduce((most, other) => Math.max(most, other), 0);
    this.triesLeft = TRIES * places.length;
    for (const [row, place] of places.entries()) this.count(this.pairOf(row, place), 1);
  }

  isRepeated(row: number): boolean {
    return this.times(row, this.places[row] as number) > 1;
  }

  /** Swaps the row's place for the nearest one with which both rows have pairs of their own; false where there is none. */
  moveAway(row: number): boolean {
    const own = this.places[row] as number;
    const size = this.places.length;
    for (let apart = 1; apart < size; apart += 1) {
      for (const place of [own - apart, own + apart]) {
        if (place < 0 || place >= size) continue;
        this.triesLeft -= 1;
        if (this.triesLeft < 0) return false;
        if (this.canSwap(row, place)) {
          this.swap(row, place);
          return true;
        }
      }
    }
    return false;
  }

  private canSwap(row: number, place: number): boolean {
    const { others, runs } = this.given;
    const [own, partner] = [this.places[row] as number, this.rowAt[place] as number];
    if (runs[row] === runs[partner] || others[own] === others[place]) return false;
    return this.times(row, place) === 0 && this.times(partner, own) === 0;
  }

  private swap(row: number, place: number): void {
    const [own, partner] = [this.places[row] as number, this.rowAt[place] as number];
    this.count(this.pairOf(row, own), -1);
    this.count(this.pairOf(partner, place), -1);
    this.count(this.pairOf(row, place), 1);
    this.count(this.pairOf(partner, own), 1);
    this.places[row] = place;
    this.places[partner] = own;
    this.rowAt[place] = row;
    this.rowAt[own] = partner;
  }

  private times(row: number, place: number): number {
    return this.counts.get(this.pairOf(row, place)) ?? 0;
  }

  private count(pair: number, by: number): void {
    this.counts.set(pair, (this.counts.get(pair) ?? 0) + by);
  }

  private pairOf(row: number, place: number): number {
    return (this.given.runs[row] as number) * this.width + (this.given.others[place] as number);
  }
}
