// What follows from the row of a small table, kept by row: a large table asks for the same few parents all the time, and a look-up costs less
// than the way to them. Made from the plan like everything else, by single cells and only once it has been asked for more than two passes over it.

/** Rows that a table may have: what is kept of them should stay in the near caches. */
const MOST_ROWS = 1 << 16;
/** As often as each row must have been asked for: one pass or two do not pay for a third by single cells. */
const LEAST_PASSES = 2;
/** All small tables of one plan in one thread. */
const MOST_BYTES = 64 << 20;

/** What is left for small tables; those that come first have it. */
export class TableRoom {
  private left: number;

  constructor(bytes = MOST_BYTES) {
    this.left = bytes;
  }

  /** Whether there was room for so many bytes, which are taken then. */
  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }
}

/** Numbers by row, `width` of them each. */
export class SmallTable {
  private readonly rows: number;
  private readonly width: number;
  private readonly fill: (row: number, at: number, numbers: Float64Array) => void;
  private readonly room: TableRoom;
  private asked = 0;
  private mayMake = true;
  private made: Float64Array | null = null;

  /** `fill` writes a row's numbers from `at` on. */
  constructor(rows: number, width: number, room: TableRoom, fill: (row: number, at: number, numbers: Float64Array) => void) {
    this.room = room;
    this.mayMake = rows <= MOST_ROWS;
    this.rows = rows;
    this.width = width;
    this.fill = fill;
  }

  /** The numbers where they are made already. */
  get known(): Float64Array | null {
    return this.made;
  }

  /** The numbers of row r from r * width on; null while it does not pay, for large tables, and where there is no room. `count`: of rows that are asked for now. */
  ask(count: number): Float64Array | null {
    if (this.made !== null || !this.mayMake) return this.made;
    this.asked += count;
    if (this.asked <= LEAST_PASSES * this.rows) return null;
    this.mayMake = this.room.take(8 * this.rows * this.width);
    if (!this.mayMake) return null;
    const numbers = new Float64Array(this.rows * this.width);
    for (let row = 0; row < this.rows; row += 1) this.fill(row, row * this.width, numbers);
    this.made = numbers;
    return numbers;
  }
}
