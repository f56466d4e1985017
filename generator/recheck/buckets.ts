// Row hashes gathered by their first bits: rows and sums of two sides that agree bucket by bucket are the same rows, and those that do
// not say which few rows to look at. Sums are kept in two 32-bit halves, so that adding a row makes no object.

/** Rows of a bucket, about. */
const ROWS_PER_BUCKET = 256;
const MAX_BITS = 20;
const WORD = 4294967296;

/** How many bits of the hash make buckets for a table of so many rows. */
export function bucketBits(rows: number): number {
  let bits = 0;
  while (bits < MAX_BITS && ROWS_PER_BUCKET * 2 ** bits < rows) bits += 1;
  return bits;
}

/** SQL text of the bucket of a row hash. */
export function bucketSql(hash: string, bits: number): string {
  return bits === 0 ? '0' : `((${hash} >> ${64 - bits}) & ${2 ** bits - 1})`;
}

/** Rows and hash sums by bucket. */
export class Buckets {
  readonly bits: number;
  readonly rows: Float64Array;
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;

  constructor(bits: number) {
    this.bits = bits;
    this.rows = new Float64Array(2 ** bits);
    this.high = new Uint32Array(2 ** bits);
    this.low = new Uint32Array(2 ** bits);
  }

  /** The bucket of a hash by its upper word. */
  bucketOf(high: number): number {
    return this.bits === 0 ? 0 : high >>> (32 - this.bits);
  }

  /** Adds rows whose hashes have this sum, in two words. */
  add(bucket: number, rows: number, high: number, low: number): void {
    const sum = (this.low[bucket] as number) + low;
    this.rows[bucket] = (this.rows[bucket] as number) + rows;
    this.low[bucket] = sum;
    this.high[bucket] = (this.high[bucket] as number) + high + (sum >= WORD ? 1 : 0);
  }

  /** Adds rows whose hashes have this sum of any size. */
  addSum(bucket: number, rows: number, sum: bigint): void {
    const wrapped = BigInt.asUintN(64, sum);
    this.add(bucket, rows, Number(wrapped >> 32n), Number(wrapped & 0xffffffffn));
  }

  /** The sum of all hashes modulo 2^64. */
  total(): bigint {
    let total = 0n;
    for (let bucket = 0; bucket < this.rows.length; bucket += 1) total += this.sumOf(bucket);
    return total;
  }

  /** Buckets in which the two sides are not the same. */
  differing(other: Buckets): number[] {
    return [...this.rows.keys()].filter(
      (bucket) => this.rows[bucket] !== other.rows[bucket] || this.sumOf(bucket) !== other.sumOf(bucket),
    );
  }

  private sumOf(bucket: number): bigint {
    return (BigInt(this.high[bucket] as number) << 32n) + BigInt(this.low[bucket] as number);
  }
}
