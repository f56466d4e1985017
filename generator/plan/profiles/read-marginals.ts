// The marginals of a table of the spec, from text to counts.
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { readCells } from '../../../spec/pair-cells.ts';
import type { SpecMarginal, TableSpec } from '../../../spec/spec.ts';

/** A marginal of the spec, read. */
export interface Read {
  readonly axes: readonly PairAxis[];
  /** Classes of the first axis times classes of the second. */
  readonly cells: Float64Array;
  /** 0, or a number that cells share which were counted together. */
  readonly blocks: Int32Array;
  readonly other: number;
  /** As the spec says; null where it does not. */
  readonly ascending: number | null;
  /** Of two degrees; null where the spec does not say it. */
  readonly joinedTimesChance: number | null;
}

/** All of them, in the order of the spec. */
export function readMarginals({ axes = {}, marginals = [] }: TableSpec): Read[] {
  return marginals.map((marginal: SpecMarginal) => {
    const own = marginal.axes.flatMap((name) => axes[name] ?? []);
    const { blocks, counts } = readCells(marginal.cells, own);
    const { ascending = null, joinedTimesChance = null, other } = marginal;
    return { axes: own, cells: counts, blocks, other, ascending, joinedTimesChance };
  });
}
