// Every cell must be a bin that its axis has, once, in order: a bin number off the ladder is a value and not a bin, and the
// order of the cells could carry the order of the rows. The cuts of coarse axes must be edges of bins of the fine ones for the same
// reason: a cut anywhere else is a value.
import { z } from 'zod';
import { axisSchema, binningOf } from '../../../spec/axis.ts';
import { stepOfPairs } from '../../../spec/sibling-pairs.ts';
import { type Binning, binOf, levelCount, rangeOf } from '../../../stats/binning.ts';
import type { Check, Finding } from '../check.ts';

/** As much of a marginal as is needed here; whatever else is wrong with it is the schema's finding. */
const marginalShape = z.object({ axes: z.array(axisSchema), cells: z.array(z.unknown()), siblingPairs: z.unknown().optional() });
const pairShape = z.object({ axes: z.array(z.unknown()) });
const packShape = z.object({
  marginals: z.array(z.unknown()),
  pairs: z.object({ marginals: z.array(z.unknown()) }).optional(),
});
/** A coarse axis whose cuts follow from a column; those of degrees and lags are fixed numbers. */
const cutShape = z.object({ kind: z.enum(['number', 'length']), column: z.string(), cuts: z.array(z.unknown()) });

export const bins: Check = {
  name: 'All bins lie on their axes',
  run: ({ value }) => {
    const pack = packShape.safeParse(value);
    const marginals = pack.data?.marginals ?? [];
    const pairs = pack.data?.pairs?.marginals ?? [];
    return [
      ...marginals.flatMap((marginal, index) => checkMarginal(marginal, `marginals.${index}`)),
      ...pairs.flatMap((pair, index) => checkCuts(pair, marginals, `pairs.marginals.${index}`)),
    ];
  },
};

/** Cuts that are no edge of a bin of any fine axis of a column of that name and kind. */
function checkCuts(value: unknown, marginals: readonly unknown[], path: string): Finding[] {
  const axes = pairShape.safeParse(value).data?.axes ?? [];
  return axes.flatMap((axis, at) => {
    const coarse = cutShape.safeParse(axis);
    if (!coarse.success) return [];
    const { column, cuts, kind } = coarse.data;
    const fine = marginals.flatMap((marginal) => marginalShape.safeParse(marginal).data?.axes ?? []);
    const binnings = fine.flatMap((each) => (each.kind === kind && each.column === column ? [binningOf(each)] : []));
    return cuts.flatMap((cut, index) =>
      binnings.some((binning) => isEdge(binning, cut))
        ? []
        : [{ path: `${path}.axes.${at}.cuts.${index}`, reason: 'it is no edge of a bin of the column' }],
    );
  });
}

function isEdge(binning: Binning, cut: unknown): boolean {
  return typeof cut === 'number' && Number.isSafeInteger(cut) && rangeOf(binning, 0, binOf(binning, 0, cut)).from === cut;
}

function checkMarginal(value: unknown, path: string): Finding[] {
  const marginal = marginalShape.safeParse(value);
  if (!marginal.success) return [];
  const binnings = marginal.data.axes.map(binningOf);
  const cells = marginal.data.cells.map(toNumbers);
  const faults = cells.flatMap((cell, index) => {
    const reason = isOnAxes(cell, binnings) ? orderFault(cells[index - 1], cell) : 'it is no bin of its axis';
    return reason === null ? [] : [{ path: `${path}.cells.${index}`, reason }];
  });
  return isStep(marginal.data.siblingPairs)
    ? faults
    : [...faults, { path: `${path}.siblingPairs`, reason: 'it is not the lower end of a step' }];
}

/** Absent, or rounded as the sampler does it: an exact number of pairs would say more. */
function isStep(pairs: unknown): boolean {
  return pairs === undefined || (typeof pairs === 'number' && Number.isSafeInteger(pairs) && stepOfPairs(pairs) === pairs);
}

/** What is no list of whole numbers becomes an empty cell, which lies on no axis. */
function toNumbers(cell: unknown): number[] {
  return Array.isArray(cell) && cell.every(Number.isSafeInteger) ? cell : [];
}

function isOnAxes(cell: readonly number[], binnings: readonly Binning[]): boolean {
  const [level = -1, ...rest] = cell;
  return (
    level >= 0 &&
    level < Math.max(...binnings.map(levelCount)) &&
    rest.length === binnings.length + 1 &&
    binnings.every((binning, axis) => isBin(binning, Math.min(level, levelCount(binning) - 1), rest[axis] ?? Number.NaN))
  );
}

/** The farthest hours that a calendar date can name. */
const MAX_HOUR = 2.4e9;

function isBin(binning: Binning, level: number, bin: number): boolean {
  switch (binning.kind) {
    case 'magnitude':
      return Math.abs(bin) <= binOf(binning, level, Number.MAX_SAFE_INTEGER);
    case 'count':
      return bin >= 0 && bin <= binOf(binning, level, Number.MAX_SAFE_INTEGER);
    case 'hour':
      return bin >= binOf(binning, level, -MAX_HOUR) && bin <= binOf(binning, level, MAX_HOUR);
    case 'cyclic':
      return bin >= 0 && bin < binning.size;
  }
}

/** Compares level and bins, not the count at the end. */
function orderFault(before: readonly number[] | undefined, cell: readonly number[]): string | null {
  for (let part = 0; before !== undefined && part < cell.length - 1; part++) {
    const step = (cell[part] ?? 0) - (before[part] ?? 0);
    if (step !== 0) return step > 0 ? null : 'cells are not sorted by level and bin';
  }
  return before === undefined ? null : 'the bin occurs twice';
}
