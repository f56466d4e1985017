// A tree as an order of its table's rows: which row has which rank of the tree. A rank has its depth and its number of children by formula,
// so the fit can give the rows with many answers the ranks that have many. Only where each profile is a row: ranks of one level
// have their degrees by chance, so no run of them has a degree of its own.
import { FIRST_CLASS, NULL_CLASS } from '../../../spec/pair-axis.ts';
import type { PlanReference } from '../../../spec/plan.ts';
import { TreeSource } from '../../keys/tree-source.ts';

export interface TreeRanks {
  /** Children by rank. */
  readonly degrees: Float64Array;
  /** Ranks without a parent are those below it. */
  readonly roots: number;
}

/** Whether rows of a reference may have their ranks in a tree by profile. */
export function isProfiledTree(reference: PlanReference | undefined, isFine: boolean): boolean {
  return isFine && reference !== undefined && reference.tree !== null && reference.ranks.order === 'shuffled';
}

/** What the ranks of a tree of so many rows have. */
export function treeRanks(reference: PlanReference, rows: number): TreeRanks | null {
  const { tree } = reference;
  if (tree === null) return null;
  const source = new TreeSource({ rows }, { ...reference, ranks: { ...reference.ranks, order: 'row' } }, tree);
  return {
    degrees: Float64Array.from({ length: rows }, (_, rank) => source.degreeOf(rank)),
    roots: tree.rootsPointAtThemselves ? 0 : (tree.start[1] ?? 0),
  };
}

/** Whether each rank has a parent, as classes. */
export function presenceOfRanks({ degrees, roots }: TreeRanks): Uint16Array {
  return Uint16Array.from(degrees, (_, rank) => (rank < roots ? NULL_CLASS : FIRST_CLASS));
}
