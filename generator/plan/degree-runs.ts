// Parents by degree, as runs: so many parents with so many children each. A list of them stands for millions of parents.

/** `count` parents with `degree` children each. */
export interface DegreeRun {
  readonly count: number;
  readonly degree: number;
}

/** Sum of count times degree. */
export function totalChildren(runs: readonly DegreeRun[]): number {
  return runs.reduce((sum, run) => sum + run.count * run.degree, 0);
}

/** Neighbours of one degree as one run; runs without parents are left out. */
export function joinRuns(runs: readonly DegreeRun[]): DegreeRun[] {
  const joined: DegreeRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (run.count === 0) continue;
    if (last !== undefined && last.degree === run.degree)
      joined[joined.length - 1] = { count: last.count + run.count, degree: run.degree };
    else joined.push(run);
  }
  return joined;
}

/** By ascending degree, without those that have no parents. */
export function sortRuns(runs: readonly DegreeRun[]): DegreeRun[] {
  return runs.filter((run) => run.count > 0).sort((left, right) => left.degree - right.degree);
}

/** The runs of the first `rank` parents, and those of the others. */
export function splitAt(runs: readonly DegreeRun[], rank: number): { below: DegreeRun[]; above: DegreeRun[] } {
  const below: DegreeRun[] = [];
  const above: DegreeRun[] = [];
  let seen = 0;
  for (const run of runs) {
    const inside = Math.max(0, Math.min(run.count, rank - seen));
    if (inside > 0) below.push({ count: inside, degree: run.degree });
    if (run.count > inside) above.push({ count: run.count - inside, degree: run.degree });
    seen += run.count;
  }
  return { below, above };
}

/** Degrees of one bin [from, to): its parents spread evenly over the whole numbers in it, ascending. */
export function spreadBin(from: number, to: number, count: number): DegreeRun[] {
  const width = to - from;
  if (width === 1) return [{ count, degree: from }];
  const steps = Math.min(width, count, 64);
  const runs: DegreeRun[] = [];
  let given = 0;
  for (let step = 0; step < steps; step += 1) {
    const upTo = Math.round((count * (step + 1)) / steps);
    runs.push({ count: upTo - given, degree: from + Math.floor(((step + 0.5) * width) / steps) });
    given = upTo;
  }
  return runs;
}
