// Where a column's values of one block stand before they are encoded: numbers in a typed array, everything else as bytes
// behind each other. Made once per column and reused for every block.
import { BLOCK_ROWS } from '../../spec/plan.ts';

/** Numbers of a block; NaN is NULL. Units are the column's own: 10^-decimals, microseconds since 2000, days since 2000. */
export class NumberBlock {
  readonly values = new Float64Array(BLOCK_ROWS);
}

/** Byte values of a block, row i in data[offsets[i], offsets[i + 1]). */
export class BytesBlock {
  data = Buffer.allocUnsafeSlow(BLOCK_ROWS * 16);
  readonly offsets = new Uint32Array(BLOCK_ROWS + 1);
  readonly isNull = new Uint8Array(BLOCK_ROWS);
  used = 0;

  /** Makes room for `more` bytes after `used`. */
  reserve(more: number): void {
    if (this.used + more <= this.data.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.data.length * 2, this.used + more));
    this.data.copy(larger, 0, 0, this.used);
    this.data = larger;
  }

  /** Appends a copy of the bytes. */
  push(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.data.set(bytes, this.used);
    this.used += bytes.length;
  }
}

/** A column of numbers. */
export interface NumberKernel {
  readonly kind: 'number';
  /** The value of any row; NaN for NULL. */
  at(row: number): number;
}

/** A column of bytes. */
export interface BytesKernel {
  readonly kind: 'bytes';
  /** Appends the value of any row to the block; false for NULL (nothing appended). */
  append(row: number, block: BytesBlock): boolean;
}

export type ColumnKernel = NumberKernel | BytesKernel;

/** Fills a block with rows [start, start + count). */
export function fillNumbers(kernel: NumberKernel, block: NumberBlock, start: number, count: number): void {
  const { values } = block;
  for (let index = 0; index < count; index += 1) values[index] = kernel.at(start + index);
}

/** Fills a block with rows [start, start + count). */
export function fillBytes(kernel: BytesKernel, block: BytesBlock, start: number, count: number): void {
  block.used = 0;
  for (let index = 0; index < count; index += 1) {
    block.offsets[index] = block.used;
    block.isNull[index] = kernel.append(start + index, block) ? 0 : 1;
  }
  block.offsets[count] = block.used;
}
