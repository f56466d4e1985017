// Counts codes: per distinct code a row count and, where units matter, a 256-bit map of the buckets seen. A code finds its
// slot through a table of pages for the usual range and a Map beyond it, so a row costs a few array reads.
import { OTHER_CODE } from './codes.ts';
import { NULL_CODE } from './copy-rows.ts';

/** Words of a 256-bit map. */
export const BITMAP_WORDS = 8;

/** One counted code. */
export interface CodeCount {
  readonly count: number;
  /** Exact, or the buckets of the units seen. */
  readonly units: number | Uint32Array;
  /** Degrees: the buckets of the children's owners, where they are asked for; all zero without children. */
  readonly childUnits?: Uint32Array;
}

/** Labels: from the code of a row to the position of its label; a code that is not in it is OTHER. */
export type CodeTranslation = ReadonlyMap<number, number>;

const PAGE_BITS = 10;
const PAGE_SIZE = 1 << PAGE_BITS;
/** Codes from -2^20 to 2^20 - 1: magnitudes, lengths up to a million, hours of the years 1851 to 2089. */
const NEAR_PAGES = 2048;
const FIRST_CAPACITY = 256;

/** Counts of one code column. Add rows, then read. */
export class CodeCounter {
  /** Page -> slot + 1 of each code in it; 0 is free. */
  private readonly near: (Int32Array | undefined)[] = new Array<Int32Array | undefined>(NEAR_PAGES);
  private readonly far = new Map<number, number>();
  private codes = new Int32Array(FIRST_CAPACITY);
  private counts = new Float64Array(FIRST_CAPACITY);
  private bits: Uint32Array | null;
  private size = 0;
  private readonly translation: CodeTranslation | null;

  constructor(options: { readonly hasBuckets: boolean; readonly translation?: CodeTranslation | null }) {
    this.bits = options.hasBuckets ? new Uint32Array(FIRST_CAPACITY * BITMAP_WORDS) : null;
    this.translation = options.translation ?? null;
  }

  /** One row; the bucket (0..255) is ignored where buckets do not matter. */
  add(rawCode: number, bucket: number): void {
    const code = this.translation === null || rawCode === NULL_CODE ? rawCode : (this.translation.get(rawCode) ?? OTHER_CODE);
    const slot = this.slotOf(code);
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
    if (this.bits === null) return;
    const word = slot * BITMAP_WORDS + (bucket >> 5);
    this.bits[word] = (this.bits[word] ?? 0) | (1 << (bucket & 31));
  }

  /** Every code seen, NULL_CODE and OTHER_CODE among them, in the order of their first row. */
  *entries(): IterableIterator<[code: number, count: CodeCount]> {
    for (let slot = 0; slot < this.size; slot++) {
      const count = this.counts[slot] ?? 0;
      const units = this.bits?.slice(slot * BITMAP_WORDS, (slot + 1) * BITMAP_WORDS) ?? count;
      yield [this.codes[slot] ?? 0, { count, units }];
    }
  }

  private slotOf(code: number): number {
    const pageNumber = (code >> PAGE_BITS) + NEAR_PAGES / 2;
    if (pageNumber < 0 || pageNumber >= NEAR_PAGES) return this.farSlotOf(code);
    let page = this.near[pageNumber];
    if (page === undefined) {
      page = new Int32Array(PAGE_SIZE);
      this.near[pageNumber] = page;
    }
    const offset = code & (PAGE_SIZE - 1);
    const known = page[offset] ?? 0;
    if (known > 0) return known - 1;
    const slot = this.newSlot(code);
    page[offset] = slot + 1;
    return slot;
  }

  private farSlotOf(code: number): number {
    const known = this.far.get(code);
    if (known !== undefined) return known;
    const slot = this.newSlot(code);
    this.far.set(code, slot);
    return slot;
  }

  private newSlot(code: number): number {
    if (this.size === this.codes.length) this.grow();
    const slot = this.size++;
    this.codes[slot] = code;
    return slot;
  }

  private grow(): void {
    const capacity = this.codes.length * 2;
    const codes = new Int32Array(capacity);
    codes.set(this.codes);
    this.codes = codes;
    const counts = new Float64Array(capacity);
    counts.set(this.counts);
    this.counts = counts;
    if (this.bits === null) return;
    const bits = new Uint32Array(capacity * BITMAP_WORDS);
    bits.set(this.bits);
    this.bits = bits;
  }
}
