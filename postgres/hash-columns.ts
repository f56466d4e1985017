// Content hashes of a block's rows, column by column (content-hash.ts says what they are and does the same value by value): one loop per
// column, with all that depends only on the column's seed worked out before it.
import { BLOCK_ROWS } from '../spec/plan.ts';
import { hashBytes, hashed, hashNull, hashWords, INITIAL, seededState } from './content-hash.ts';

/** The hashes of the rows of a block, each the exclusive or of its columns' so far. */
export class RowHashes {
  readonly high = new Int32Array(BLOCK_ROWS);
  readonly low = new Int32Array(BLOCK_ROWS);

  /** Before the first column. */
  clear(): void {
    this.high.fill(0);
    this.low.fill(0);
  }

  /** hashint8extended of whole numbers up to 2^53 in size, times `factor`; NaN is NULL. */
  addWholes(values: Float64Array, count: number, seed: number, factor: number): void {
    const { high, low } = this;
    const [startA, startB, startC] = seededState(seed);
    hashNull(seed);
    const nullHigh = hashed.high | 0;
    const nullLow = hashed.low | 0;
    for (let index = 0; index < count; index += 1) {
      const value = (values[index] as number) * factor;
      if (Number.isNaN(value)) {
        high[index] = (high[index] as number) ^ nullHigh;
        low[index] = (low[index] as number) ^ nullLow;
        continue;
      }
      const upper = Math.floor(value * TWO_POW_MINUS_32);
      const lower = (value - upper * TWO_POW_32) | 0;
      const word = upper | 0;
      let a = (startA + (word >= 0 ? lower ^ word : lower ^ ~word)) | 0;
      let b = startB;
      let c = startC;
      c = (c ^ b) - ((b << 14) | (b >>> 18));
      a = (a ^ c) - ((c << 11) | (c >>> 21));
      b = (b ^ a) - ((a << 25) | (a >>> 7));
      c = (c ^ b) - ((b << 16) | (b >>> 16));
      a = (a ^ c) - ((c << 4) | (c >>> 28));
      b = (b ^ a) - ((a << 14) | (a >>> 18));
      c = (c ^ b) - ((b << 24) | (b >>> 8));
      high[index] = (high[index] as number) ^ b;
      low[index] = (low[index] as number) ^ c;
    }
  }

  /** hash_bytes_extended of data[offsets[i], offsets[i + 1]). */
  addBytes(data: DataView, offsets: Uint32Array, isNull: Uint8Array, count: number, seed: number): void {
    for (let index = 0; index < count; index += 1) {
      if (isNull[index] === 1) hashNull(seed);
      else hashBytes(data, offsets[index] as number, offsets[index + 1] as number, seed);
      this.addLast(index);
    }
  }

  /** What content-hash.ts hashed last, for a row. */
  addLast(index: number): void {
    this.high[index] = (this.high[index] as number) ^ hashed.high;
    this.low[index] = (this.low[index] as number) ^ hashed.low;
  }

  /** Leaves the hash of one row, all its columns together, in `hashed`. */
  finishRow(index: number): void {
    hashWords(this.high[index] as number, this.low[index] as number, 0);
  }

  /**
   * Finishes the hashes of rows [0, count): adds them to a sum in two halves, and writes the low and the high half of each to `words` from
   * row `from` on.
   */
  addTo(sum: HashSum, count: number, words: Int32Array, from: number): void {
    const { high, low } = this;
    let sumHigh = 0;
    let sumLow = 0;
    for (let index = 0; index < count; index += 1) {
      const word = high[index] as number;
      const lower = low[index] as number;
      let a = (INITIAL + 4 + (word >= 0 ? lower ^ word : lower ^ ~word)) | 0;
      let b = (INITIAL + 4) | 0;
      let c = b;
      c = (c ^ b) - ((b << 14) | (b >>> 18));
      a = (a ^ c) - ((c << 11) | (c >>> 21));
      b = (b ^ a) - ((a << 25) | (a >>> 7));
      c = (c ^ b) - ((b << 16) | (b >>> 16));
      a = (a ^ c) - ((c << 4) | (c >>> 28));
      b = (b ^ a) - ((a << 14) | (a >>> 18));
      c = (c ^ b) - ((b << 24) | (b >>> 8));
      sumHigh += b >>> 0;
      sumLow += c >>> 0;
      words[2 * (from + index)] = c;
      words[2 * (from + index) + 1] = b;
    }
    sum.high += sumHigh;
    sum.low += sumLow;
  }
}

const TWO_POW_32 = 4294967296;
const TWO_POW_MINUS_32 = 1 / TWO_POW_32;

/** Running sum of row hashes in two halves; exact while fewer than 2^21 rows were added. */
export interface HashSum {
  high: number;
  low: number;
}
