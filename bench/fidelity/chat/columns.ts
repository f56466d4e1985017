// Millions of rows as typed arrays that grow, since objects would not fit.

export class Int32Column {
  length = 0;
  private cells = new Int32Array(1 << 16);

  push(value: number): void {
    if (this.length === this.cells.length) this.cells = grow(this.cells, new Int32Array(this.length * 2));
    this.cells[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.cells[index] ?? 0;
  }
}

export class TimeColumn {
  length = 0;
  private cells = new Float64Array(1 << 16);

  push(value: number): void {
    if (this.length === this.cells.length) this.cells = grow(this.cells, new Float64Array(this.length * 2));
    this.cells[this.length] = Math.floor(value);
    this.length += 1;
  }

  at(index: number): number {
    return this.cells[index] ?? 0;
  }

  /** Indexes in the order of time; of the same time, in the order of pushing. */
  order(): Uint32Array {
    const { cells } = this;
    return Uint32Array.from({ length: this.length }, (_, index) => index).sort(
      (one, other) => (cells[one] ?? 0) - (cells[other] ?? 0) || one - other,
    );
  }
}

function grow<Cells extends Int32Array | Float64Array>(old: Cells, larger: Cells): Cells {
  larger.set(old);
  return larger;
}
