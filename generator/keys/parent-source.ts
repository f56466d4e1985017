// What every way to a parent has in common: the parent of a row, and where there is a curve, the way back to the children.

/** Parent rows by row. */
export interface ParentSource {
  /** The parent's row number, or -1 for NULL. */
  parentOf(row: number): number;
}

/** A parent source that also knows the way back: how many children a parent has and which rows they are. */
export interface CurveSource extends ParentSource {
  degreeOf(parent: number): number;
  /** First child number of the parent in curve order; its children have the numbers from there on. */
  firstChildOf(parent: number): number;
  /** The row of a child number. */
  rowOfChild(child: number): number;
  /** The row's place among the children of its parent, from 0 on; rows without a parent are numbered among themselves. */
  ordinalOf(row: number): number;
}
