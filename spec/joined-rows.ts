// How many rows the join of two kinds of children has: the product of both degrees, summed over parents. Coarse classes say it of most
// parents; of those in none, or in the open class of the largest, a pack tells the sum alone, in the steps of `sibling-pairs.ts`.
import { FIRST_CLASS, type PairAxis } from './pair-axis.ts';

export type OwnDegree = Extract<PairAxis, { kind: 'degree' }>;

/** The two axes where both count children of the row itself, by different references; null of others. */
export function twoDegrees(axes: readonly PairAxis[]): readonly [OwnDegree, OwnDegree] | null {
  const [first, second] = axes;
  if (axes.length !== 2 || first?.kind !== 'degree' || second?.kind !== 'degree') return null;
  if (first.via !== undefined || second.via !== undefined) return null;
  return first.child === second.child && String(first.columns) === String(second.columns) ? null : [first, second];
}

/** Whether the class is the one of the largest degrees, which has no upper end. */
export function isOpenClass({ cuts }: OwnDegree, value: number): boolean {
  return value >= FIRST_CLASS + cuts.length;
}

/** The cells of a pack's pair that say the degrees of their parents: `class class`. */
export function closedCells(
  [first, second]: readonly [OwnDegree, OwnDegree],
  cells: readonly (readonly number[])[],
): Set<string> {
  const closed = cells.filter(
    ([level, one = 0, two = 0]) => level === 0 && !isOpenClass(first, one) && !isOpenClass(second, two),
  );
  return new Set(closed.map(([, one, two]) => `${one} ${two}`));
}

/** Whether parents with children of both kinds may be in no cell that shows their degrees. `total`: parents of the pair. */
export function hasHidden(
  { cells, total }: { readonly cells: readonly (readonly number[])[]; readonly total: number },
  axes: readonly [OwnDegree, OwnDegree],
): boolean {
  const closed = closedCells(axes, cells);
  const isChildless = (classes: readonly number[]) => axes.some(({ cuts }, at) => cuts[0] === 1 && classes[at] === FIRST_CLASS);
  const shown = cells.filter(
    ([level, one = 0, two = 0]) => level === 0 && (closed.has(`${one} ${two}`) || isChildless([one, two])),
  );
  return shown.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), 0) < total;
}

/** The most rows that the join can have: all children of one kind by all of the other; null where the pack does not count both. */
export function mostJoinedRows(
  [first, second]: readonly [OwnDegree, OwnDegree],
  rowsOf: (table: string) => number | null | undefined,
): number | null {
  const [one, two] = [rowsOf(first.child), rowsOf(second.child)];
  return one == null || two == null ? null : one * two;
}
