// Row-path side of a tree: the parent of a row of the same table. Levels are ranges of ranks and a parent is always one level up,
// so there is no circle and every row reaches a root, without any row being remembered.
import { ShapecastError } from '../../core/errors.ts';
import type { PlanKey, PlanReference, PlanTree } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { Permutation } from '../random/permutation.ts';
import { CurveLookup, lastAtMost } from './curve-lookup.ts';
import { type ParentRanks, ProfiledParentRanks } from './parent-ranks.ts';
import { CurveSource } from './parent-source.ts';

/** One level: its rows by rank, their children, and which of them has which place on the curve. */
interface Level {
  readonly curve: CurveLookup;
  readonly parents: Permutation;
}

/** Which row has which rank. */
type TreeOrder = Pick<ParentRanks, 'rankOf' | 'rowOf'>;

/** By profile where the plan says so, else by a keyed permutation; null where ranks are row numbers. */
function orderOf(table: TableRows, { parentProfiles, ranks }: PlanReference): TreeOrder | null {
  if (parentProfiles !== undefined) return new ProfiledParentRanks(parentProfiles, table);
  if (ranks.order === 'row') return null;
  const permutation = new Permutation({ size: table.rows, key: ranks.key });
  return { rankOf: (row) => permutation.forward(row), rowOf: (rank) => permutation.inverse(rank) };
}

/** Row -> rank -> level -> place on the curve of the level above -> rank of the parent -> parent row. */
export class TreeSource extends CurveSource {
  private readonly tree: PlanTree;
  private readonly start: Float64Array;
  private readonly ranks: TreeOrder | null;
  private readonly key: PlanKey;
  private readonly levels: (Level | undefined)[] = [];

  constructor(table: TableRows, reference: PlanReference, tree: PlanTree) {
    super();
    if (reference.ranks.order === 'profile') throw new ShapecastError('BUG', { what: 'the levels of a tree go by profile' });
    this.tree = tree;
    this.start = Float64Array.from(tree.start);
    this.ranks = orderOf(table, reference);
    this.key = reference.parentKey;
  }

  /** The parent's row; of a root -1 for NULL, or the row itself. */
  parentOf(row: number): number {
    const rank = this.rankOf(row);
    const at = lastAtMost(this.start, rank);
    if (at === 0) return this.tree.rootsPointAtThemselves ? row : -1;
    const { curve, parents } = this.level(at - 1);
    const place = curve.rankOfChild(rank - (this.start[at] as number));
    return this.rowOf((this.start[at - 1] as number) + parents.forward(place));
  }

  /** Rows that point at this one, itself included where a root points at itself. */
  degreeOf(parent: number): number {
    const { at, place } = this.placeOf(parent);
    return this.level(at).curve.degreeOfRank(place) + this.ownChildren(at);
  }

  /** Rank of the first child other than the row itself; the others follow. Ranks are row numbers where the order is `row`. */
  firstChildOf(parent: number): number {
    const { at, place } = this.placeOf(parent);
    return (this.start[at + 1] as number) + this.level(at).curve.firstChildOfRank(place);
  }

  /** The row of child `index` of the parent, 0 <= index < degreeOf(parent); a root that points at itself comes first. */
  childAt(parent: number, index: number): number {
    const own = this.ownChildren(lastAtMost(this.start, this.rankOf(parent)));
    return index < own ? parent : this.rowOf(this.firstChildOf(parent) + index - own);
  }

  /** Child numbers are ranks. */
  rowOfChild(child: number): number {
    return this.rowOf(child);
  }

  /** Place among the children of the parent; roots are numbered among themselves, one that points at itself is its own first child. */
  ordinalOf(row: number): number {
    const rank = this.rankOf(row);
    const at = lastAtMost(this.start, rank);
    if (at === 0) return this.tree.rootsPointAtThemselves ? 0 : rank;
    const { curve } = this.level(at - 1);
    const child = rank - (this.start[at] as number);
    return child - curve.firstChildOfRank(curve.rankOfChild(child)) + this.ownChildren(at - 1);
  }

  private ownChildren(at: number): number {
    return at === 0 && this.tree.rootsPointAtThemselves ? 1 : 0;
  }

  private placeOf(row: number): { at: number; place: number } {
    const rank = this.rankOf(row);
    const at = lastAtMost(this.start, rank);
    return { at, place: this.level(at).parents.inverse(rank - (this.start[at] as number)) };
  }

  /** Each level has a permutation of its own: else the children of busy parents would be busy parents again. */
  private level(at: number): Level {
    const known = this.levels[at];
    if (known !== undefined) return known;
    const size = (this.start[at + 1] as number) - (this.start[at] as number);
    const key: PlanKey = [(this.key[0] + Math.imul(at, 0x9e3779b1)) | 0, this.key[1] ^ at];
    const made = {
      curve: new CurveLookup(this.tree.curves[at] as PlanTree['curves'][number]),
      parents: new Permutation({ size, key }),
    };
    this.levels[at] = made;
    return made;
  }

  private rankOf(row: number): number {
    return this.ranks === null ? row : this.ranks.rankOf(row);
  }

  private rowOf(rank: number): number {
    return this.ranks === null ? rank : this.ranks.rowOf(rank);
  }
}
