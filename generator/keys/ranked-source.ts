// Parents by rank: an exact curve says which rank owns a child; which row is which child, and which row has which rank, are bijections of
// their own (child-numbers.ts, parent-ranks.ts).
import { BLOCK_ROWS, type PlanPairs, type PlanReference } from '../../spec/plan.ts';
import { PresentRows, RowList } from '../columns/row-list.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { type ChildNumbers, childNumbers } from './child-numbers.ts';
import { CurveLookup } from './curve-lookup.ts';
import { type PairPositions, PairsLookup } from './pairs-lookup.ts';
import { type ParentRanks, parentRanks } from './parent-ranks.ts';
import { CurveSource, ParentSource } from './parent-source.ts';
import { SmallTable, TableRoom } from './small-table.ts';

/** Row -> child number -> rank of the parent -> parent row. */
export class RankedSource extends CurveSource implements PairPositions {
  private readonly curve: CurveLookup;
  private readonly numbers: ChildNumbers;
  private readonly parents: ParentRanks;
  private readonly nulls: number;
  private readonly children = new RowList();
  private readonly presentChildren = new PresentRows();
  private readonly ranks = new Float64Array(BLOCK_ROWS);
  private readonly known = new Float64Array(BLOCK_ROWS);
  /** Degree and first child of each parent. */
  private readonly families: SmallTable;

  constructor(table: TableRows, reference: PlanReference, parents: TableRows, room = new TableRoom()) {
    super();
    this.curve = new CurveLookup(reference.curve as NonNullable<PlanReference['curve']>);
    this.parents = parentRanks(reference, parents);
    this.numbers = childNumbers(reference, table, this.parents, this.curve);
    this.nulls = reference.nulls;
    this.families = new SmallTable(parents.rows, 2, room, (parent, at, numbers) => {
      numbers[at] = this.degreeOf(parent);
      numbers[at + 1] = this.firstChildOf(parent);
    });
  }

  /** The child number of a row; below 0 for one without a parent. */
  childOf(row: number): number {
    return this.numbers.childOf(row);
  }

  /** The same of a list without missing rows. */
  fillChildren(list: RowList, children: Float64Array): void {
    this.numbers.fill(list, children);
  }

  parentOf(row: number): number {
    const child = this.numbers.childOf(row);
    return child < 0 ? -1 : this.parents.rowOf(this.curve.rankOfChild(child));
  }

  /** Another parent with a key, the next in rank. */
  parentAfter(parent: number): number {
    return this.parents.after(parent);
  }

  degreeOf(parent: number): number {
    const rank = this.parents.rankOf(parent);
    return rank < 0 ? 0 : this.curve.degreeOfRank(rank);
  }

  firstChildOf(parent: number): number {
    const rank = this.parents.rankOf(parent);
    return rank < 0 ? 0 : this.curve.firstChildOfRank(rank);
  }

  rowOfChild(child: number): number {
    return this.numbers.rowOfChild(child);
  }

  protected override fillParents(list: RowList, parents: Float64Array): void {
    const { count } = list;
    if (this.numbers.fillParents?.(list, parents) === true) return;
    this.numbers.fill(list, parents);
    if (this.nulls === 0) {
      this.curve.toRanks(parents, count);
      this.parents.toRows(parents, count);
      return;
    }
    const children = this.presentChildren.of(this.children.setRows(parents, count));
    const dense = children.rows;
    this.curve.toRanks(dense, children.count);
    this.parents.toRows(dense, children.count);
    for (let index = 0; index < children.count; index += 1) parents[index] = dense[index] as number;
    this.presentChildren.spread(parents, this.children, -1);
  }

  override fillFamilies(list: RowList, degrees: Float64Array, firsts: Float64Array): void {
    const { count, rows } = list;
    const known = this.families.ask(count);
    if (known !== null) {
      for (let index = 0; index < count; index += 1) {
        const at = 2 * (rows[index] as number);
        degrees[index] = known[at] as number;
        firsts[index] = known[at + 1] as number;
      }
      return;
    }
    this.parents.fill(list, this.ranks);
    for (let index = 0; index < count; index += 1) this.known[index] = Math.max(0, this.ranks[index] as number);
    this.curve.fillFamilies(this.known, count, degrees, firsts);
    for (let index = 0; index < count; index += 1) {
      if ((this.ranks[index] as number) >= 0) continue;
      degrees[index] = 0;
      firsts[index] = 0;
    }
  }

  override toRows(children: Float64Array, count: number): void {
    this.numbers.toRows(children, count);
  }

  ordinalOf(row: number): number {
    const child = this.numbers.childOf(row);
    return child < 0 ? child + this.nulls : child - this.curve.firstChildOfRank(this.curve.rankOfChild(child));
  }
}

/** The side of distinct pairs that does not own the runs. */
export class PairSource extends ParentSource {
  private readonly pairs: PairsLookup;
  private readonly positions: PairPositions | null;
  private readonly parents: ParentRanks;

  constructor(pairs: PlanPairs, positions: PairPositions | null, reference: PlanReference, parents: TableRows) {
    super();
    this.pairs = new PairsLookup(pairs);
    this.positions = positions;
    this.parents = parentRanks(reference, parents);
  }

  parentOf(row: number): number {
    return this.parents.rowOf(this.pairs.otherRank(this.positions === null ? row : this.positions.childOf(row)));
  }

  protected override fillParents(list: RowList, parents: Float64Array): void {
    const { count, rows } = list;
    if (this.positions === null) for (let index = 0; index < count; index += 1) parents[index] = rows[index] as number;
    else this.positions.fillChildren(list, parents);
    for (let index = 0; index < count; index += 1) parents[index] = this.pairs.otherRank(parents[index] as number);
    this.parents.toRows(parents, count);
  }
}
