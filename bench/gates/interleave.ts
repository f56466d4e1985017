// Runs of several kinds in turn, every other round backwards, so that what drifts on the machine falls on all kinds alike.

export interface Kind<Result> {
  readonly name: string;
  readonly run: () => Promise<Result>;
  /** For the line of progress. */
  readonly seconds: (result: Result) => number;
}

/** The results of each kind, in the order of the kinds and then of the runs. */
export async function interleave<Result>(
  what: string,
  runs: number,
  kinds: readonly Kind<Result>[],
  tell: (line: string) => void,
): Promise<Result[][]> {
  const results: Result[][] = kinds.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    const order = run % 2 === 0 ? kinds : [...kinds].reverse();
    for (const kind of order) results[kinds.indexOf(kind)]?.push(await kind.run());
    const said = kinds.map((kind, at) => `${kind.name} ${kind.seconds(results[at]?.[run] as Result).toFixed(2)} s`);
    tell(`${what}, run ${run + 1} of ${runs}: ${said.join(', ')}`);
  }
  return results;
}
