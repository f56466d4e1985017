// What the runs of one measurement come to: their median and the interval from the lowest to the highest run.

export interface Figure {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** NaN where there is no value, or one that is no number: such a figure meets no limit. */
export function figureOf(values: readonly number[]): Figure {
  if (values.length === 0 || values.some(Number.isNaN)) return { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN };
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return { median: (lower + upper) / 2, lowest: sorted[0] ?? Number.NaN, highest: sorted.at(-1) ?? Number.NaN };
}

/** The ratio inside each run: what slows a run down slows both its sides. */
export function ratiosOf(dividends: readonly number[], divisors: readonly number[]): number[] {
  return dividends.map((dividend, run) => dividend / (divisors[run] ?? Number.NaN));
}

interface Cost {
  readonly rows: number;
  readonly processorSeconds: number;
}

/** Processor nanoseconds of each row that the larger runs have more than the smaller: without what a run costs at any size. */
export function costsOfMore(smaller: readonly Cost[], larger: readonly Cost[]): number[] {
  return larger.map(({ processorSeconds, rows }, run) => {
    const { processorSeconds: seconds = Number.NaN, rows: fewer = Number.NaN } = smaller[run] ?? {};
    return (1e9 * (processorSeconds - seconds)) / (rows - fewer);
  });
}
