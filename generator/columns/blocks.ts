// Where a column's values of one block stand before they are encoded: numbers in a typed array, everything else as bytes
// behind each other. Made once per column and reused for every block.
import { BLOCK_ROWS } from '../../spec/plan.ts';
import type { RowList } from './row-list.ts';

/** Numbers of a block; NaN is NULL. Units are the column's own: 10^-decimals, microseconds since 2000, days since 2000. */
export class NumberBlock {
  readonly values = new Float64Array(BLOCK_ROWS);
}

const SHORT = 64;

/** Byte values of a block, row i in data[offsets[i], offsets[i + 1]). */
export class BytesBlock {
  data: Buffer;
  view: DataView;
  /** Texts that values are cut from, at the start of `data`: a copy inside one buffer costs half of one between two. */
  readonly pool: Buffer | null;
  readonly offsets = new Uint32Array(BLOCK_ROWS + 1);
  readonly isNull = new Uint8Array(BLOCK_ROWS);
  used: number;

  constructor(pool: Buffer | null = null) {
    this.pool = pool;
    this.used = pool?.length ?? 0;
    this.data = Buffer.allocUnsafeSlow(this.used + BLOCK_ROWS * 16);
    if (pool !== null) this.data.set(pool);
    this.view = new DataView(this.data.buffer, this.data.byteOffset, this.data.length);
  }

  /** To be called before the first value. */
  clear(): void {
    this.used = this.pool?.length ?? 0;
  }

  /** Makes room for `more` bytes after `used`. */
  reserve(more: number): void {
    if (this.used + more <= this.data.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.data.length * 2, this.used + more));
    this.data.copy(larger, 0, 0, this.used);
    this.data = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }

  /** Appends a copy of the bytes. */
  push(bytes: Uint8Array): void {
    const { length } = bytes;
    this.reserve(length);
    const { data, used } = this;
    // Most are short: a loop costs less than a call out of the engine.
    if (length > SHORT) data.set(bytes, used);
    else for (let at = 0; at < length; at += 1) data[used + at] = bytes[at] as number;
    this.used = used + length;
  }
}

/** A column of numbers. */
export interface NumberKernel {
  readonly kind: 'number';
  /** The value of any row; NaN for NULL. */
  at(row: number): number;
  /** The values of a list without missing rows, the same as row by row; a loop over `at` where a kernel has none. */
  fill?(list: RowList, values: Float64Array): void;
}

/** A column of bytes. */
export interface BytesKernel {
  readonly kind: 'bytes';
  /** What values are cut from, for their block to hold. */
  readonly pool?: Buffer | undefined;
  /** Of texts that are nothing but a cut: the same as `append` makes. */
  readonly cuts?: CutKernel;
  /** Appends the value of any row to the block; false for NULL (nothing appended). */
  append(row: number, block: BytesBlock): boolean;
  /** Writes the values of a list without missing rows into the block from its start on; a loop over `append` where a kernel has none. */
  fill?(list: RowList, block: BytesBlock): void;
}

/** How texts are cut from the pool, without the texts. */
export interface CutKernel {
  /** Bytes of the longest text. */
  readonly longest: number;
  /** Of a list without missing rows: the bytes of each text, below 0 for NULL, and the place in the pool from where on a word is looked for. */
  fill(list: RowList, sizes: Int32Array, starts: Int32Array): void;
}

export type ColumnKernel = NumberKernel | BytesKernel;

/** Values of a list without missing rows. */
export function fillNumbers(kernel: NumberKernel, list: RowList, values: Float64Array): void {
  if (kernel.fill !== undefined) {
    kernel.fill(list, values);
    return;
  }
  const { count, rows } = list;
  for (let index = 0; index < count; index += 1) values[index] = kernel.at(rows[index] as number);
}

/** Values of a list without missing rows, from the block's start on. */
export function fillBytes(kernel: BytesKernel, list: RowList, block: BytesBlock): void {
  block.clear();
  if (kernel.fill !== undefined) {
    kernel.fill(list, block);
    return;
  }
  const { count, rows } = list;
  for (let index = 0; index < count; index += 1) {
    block.offsets[index] = block.used;
    block.isNull[index] = kernel.append(rows[index] as number, block) ? 0 : 1;
  }
  block.offsets[count] = block.used;
}
