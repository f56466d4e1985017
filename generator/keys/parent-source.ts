// What every way to a parent has in common: the parents of one row and of many, and where there is a curve, the way back to the children.
import { PresentRows, RowList } from '../columns/row-list.ts';
import { SmallTable, type TableRoom } from './small-table.ts';

/** Parent rows by row. */
export abstract class ParentSource {
  private readonly made = new RowList();
  private readonly present = new PresentRows();
  private madeOf = -1;
  private table: SmallTable | null = null;

  /** To be told once: how many rows the children's table has, and what room there is for look-ups. */
  setRows(rows: number, room: TableRoom): this {
    this.table = new SmallTable(rows, 1, room, (row, at, parents) => {
      parents[at] = this.parentOf(row);
    });
    return this;
  }

  /** The parent's row number, or -1 for NULL. */
  abstract parentOf(row: number): number;

  /** `parentOf`, by a look-up where there is one. */
  knownParentOf(row: number): number {
    const known = this.table?.known ?? null;
    return known === null ? this.parentOf(row) : (known[row] as number);
  }

  /**
   * The parents of a list of rows; rows that are missing have none. Kept, since several columns of a table ask for the same, but only until
   * another list is asked for: hold a copy of it across other calls.
   */
  parentsOf(list: RowList): RowList {
    const { made, present } = this;
    if (list.stamp === this.madeOf) return made;
    const rows = present.of(list);
    const known = this.table?.ask(rows.count) ?? null;
    if (known === null) this.fillParents(rows, made.rows);
    else for (let index = 0; index < rows.count; index += 1) made.rows[index] = known[rows.rows[index] as number] as number;
    present.spread(made.rows, list, -1);
    this.madeOf = list.stamp;
    return made.seal(list.count);
  }

  /** Parents of a list without missing rows. */
  protected fillParents({ count, rows }: RowList, parents: Float64Array): void {
    for (let index = 0; index < count; index += 1) parents[index] = this.parentOf(rows[index] as number);
  }
}

/** A parent source that also knows the way back: how many children a parent has and which rows they are. */
export abstract class CurveSource extends ParentSource {
  abstract degreeOf(parent: number): number;
  /** First child number of the parent in curve order; its children have the numbers from there on. */
  abstract firstChildOf(parent: number): number;
  /** The row of a child number. */
  abstract rowOfChild(child: number): number;
  /** The row's place among the children of its parent, from 0 on; rows without a parent are numbered among themselves. */
  abstract ordinalOf(row: number): number;

  /** `degreeOf` and `firstChildOf` of a list without missing parents. */
  fillFamilies({ count, rows }: RowList, degrees: Float64Array, firsts: Float64Array): void {
    for (let index = 0; index < count; index += 1) {
      const parent = rows[index] as number;
      degrees[index] = this.degreeOf(parent);
      firsts[index] = this.firstChildOf(parent);
    }
  }

  /** `rowOfChild` of the first `count` children, in their place. */
  toRows(children: Float64Array, count: number): void {
    for (let index = 0; index < count; index += 1) children[index] = this.rowOfChild(children[index] as number);
  }
}
