// From ranks to places: a population has at most one member for each row, so a place stands for one rank or for a run of them.

/** Ranks below upTo (and not below the run before) have the class. */
export interface RankRun {
  readonly upTo: number;
  readonly classOf: number;
}

/** The rank in the middle of a place, of `rows` ranks in `size` places. */
export function middleRank(place: number, size: number, rows: number): number {
  return Math.min(rows - 1, Math.floor(((2 * place + 1) * rows) / (2 * size)));
}

/** The class of each place. `runs` ascend and cover all ranks. */
export function classesOfPlaces(runs: readonly RankRun[], size: number, rows: number): Uint16Array {
  const classes = new Uint16Array(size);
  let run = 0;
  for (let place = 0; place < size; place += 1) {
    const rank = middleRank(place, size, rows);
    while (run < runs.length - 1 && rank >= (runs[run]?.upTo ?? 0)) run += 1;
    classes[place] = runs[run]?.classOf ?? 0;
  }
  return classes;
}
