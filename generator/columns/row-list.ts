// Row numbers that are asked for together: a block of a table, or the parents of one. Work on whole lists is what makes the row path fast:
// each step is one loop over a typed array, and what several columns ask of the same list is made once.
import { BLOCK_ROWS } from '../../spec/plan.ts';

let stamps = 0;

/** Up to BLOCK_ROWS row numbers in any order; -1 stands for no row. */
export class RowList {
  readonly rows = new Float64Array(BLOCK_ROWS);
  count = 0;
  /** Whether a -1 is among them. */
  hasMissing = false;
  /** Another number whenever the list is written: what was made of a list holds as long as its stamp. */
  stamp = 0;

  /** To be called once `rows` are written. */
  seal(count: number): this {
    stamps += 1;
    this.stamp = stamps;
    this.count = count;
    this.hasMissing = false;
    const { rows } = this;
    for (let index = 0; index < count; index += 1) if ((rows[index] as number) < 0) this.hasMissing = true;
    return this;
  }

  /** The first `count` of some numbers. */
  setRows(rows: Float64Array, count: number): this {
    for (let index = 0; index < count; index += 1) this.rows[index] = rows[index] as number;
    return this.seal(count);
  }

  /** Rows [start, start + count). */
  setRange(start: number, count: number): this {
    const { rows } = this;
    for (let index = 0; index < count; index += 1) rows[index] = start + index;
    return this.seal(count);
  }

  /** The rows of another list; lists that others own are overwritten when they are asked again. */
  copy(list: RowList): this {
    this.rows.set(list.count === BLOCK_ROWS ? list.rows : list.rows.subarray(0, list.count));
    stamps += 1;
    this.stamp = stamps;
    this.count = list.count;
    this.hasMissing = list.hasMissing;
    return this;
  }
}

/** The rows of a list that are there, and where they stood. */
export class PresentRows {
  // Made when a row is missing first: most references have no such rows.
  private dense: RowList | null = null;
  private position = new Uint16Array(0);

  /** `list` itself where no row is missing. */
  of(list: RowList): RowList {
    if (!list.hasMissing) return list;
    if (this.dense === null) {
      this.dense = new RowList();
      this.position = new Uint16Array(BLOCK_ROWS);
    }
    const { dense, position } = this;
    let count = 0;
    for (let index = 0; index < list.count; index += 1) {
      const row = list.rows[index] as number;
      if (row < 0) continue;
      dense.rows[count] = row;
      position[count] = index;
      count += 1;
    }
    return dense.seal(count);
  }

  /** Values of the present rows, which stand at the front, to where the rows stood; `missing` for the others. Only after `of`. */
  spread(values: Float64Array, list: RowList, missing: number): void {
    const { dense, position } = this;
    if (!list.hasMissing || dense === null) return;
    let next = dense.count - 1;
    for (let index = list.count - 1; index >= 0; index -= 1) {
      const isPresent = next >= 0 && position[next] === index;
      values[index] = isPresent ? (values[next] as number) : missing;
      if (isPresent) next -= 1;
    }
  }
}
