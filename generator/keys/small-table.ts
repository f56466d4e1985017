// What follows from the row of a small table, kept by row: a large table asks for the same few parents all the time, and a look-up costs less
// than the way to them. Made from the plan like everything else, by single cells and only once it has been asked for as often as there are rows.

/** Rows that a table may have: what is kept of them should stay in the near caches. */
const MOST_ROWS = 1 << 16;

/** Numbers by row, `width` of them each. */
export class SmallTable {
  private readonly rows: number;
  private readonly width: number;
  private readonly fill: (row: number, at: number, numbers: Float64Array) => void;
  private asked = 0;
  private made: Float64Array | null = null;

  /** `fill` writes a row's numbers from `at` on. */
  constructor(rows: number, width: number, fill: (row: number, at: number, numbers: Float64Array) => void) {
    this.rows = rows;
    this.width = width;
    this.fill = fill;
  }

  /** The numbers where they are made already. */
  get known(): Float64Array | null {
    return this.made;
  }

  /** The numbers of row r from r * width on; null while it does not pay, and for large tables. `count`: of rows that are asked for now. */
  ask(count: number): Float64Array | null {
    if (this.made !== null || this.rows > MOST_ROWS) return this.made;
    this.asked += count;
    if (this.asked < this.rows) return null;
    const numbers = new Float64Array(this.rows * this.width);
    for (let row = 0; row < this.rows; row += 1) this.fill(row, row * this.width, numbers);
    this.made = numbers;
    return numbers;
  }
}
