// Hashes of a column's fields of a strip, by lanes. Fields of like sizes go together: lanes of short ones would wait for the longest.
import { onceInLanes, type VectorMemory, type VectorWords } from '../core/vector/memory.ts';
import type { VectorFunction } from '../core/vector/program.ts';
import { HASH_PARAMETERS, hashBody, maskRecords, TOGETHER } from './hash-lanes.ts';
import { STRIP_ROWS } from './strip-frame.ts';

const STEP_BYTES = 12;
/** Sizes by steps, those above the last one together. */
const CLASSES = 64;

/** Hashes the fields of a strip by their addresses and sizes, `TOGETHER` at a time, in an order of its own. */
export class FieldHasher {
  /** Which row each hash is of; the hashes after `run`. */
  readonly order = new Uint16Array(STRIP_ROWS);
  readonly low: Int32Array;
  readonly high: Int32Array;
  private readonly hash: VectorFunction;
  private readonly lows: VectorWords;
  private readonly highs: VectorWords;
  private readonly masks: VectorWords;
  private readonly places: VectorWords;
  private readonly sizes: VectorWords;
  private readonly starts = new Int32Array(CLASSES + 1);

  constructor(memory: VectorMemory) {
    this.hash = memory.compile(HASH_PARAMETERS, hashBody);
    this.lows = memory.words(STRIP_ROWS);
    this.highs = memory.words(STRIP_ROWS);
    this.places = memory.words(STRIP_ROWS);
    this.sizes = memory.words(STRIP_ROWS);
    this.low = this.lows.view;
    this.high = this.highs.view;
    const records = maskRecords();
    this.masks = memory.words(records.length);
    this.masks.view.set(records);
  }

  /** Hashes the first `count` fields, at most a strip's, at these addresses; those of sizes below 0, which are NULL, as if they were empty. */
  run(places: Int32Array, sizes: Int32Array, count: number, seed: number): void {
    if (count === 0) return;
    this.sort(sizes, count);
    const [ownPlaces, ownSizes] = [this.places.view, this.sizes.view];
    for (let index = 0; index < count; index += 1) {
      const row = this.order[index] as number;
      ownPlaces[index] = places[row] as number;
      ownSizes[index] = Math.max(0, sizes[row] as number);
    }
    // Eight at a time: what fills up must be an address too.
    for (let index = count; index % TOGETHER !== 0; index += 1) {
      ownPlaces[index] = this.masks.at;
      ownSizes[index] = 0;
    }
    this.hash(this.places.at, this.places.at + 4 * count, this.sizes.at, this.lows.at, this.highs.at, seed, this.masks.at);
  }

  /** Rows by their sizes' classes, in row order within one. */
  private sort(sizes: Int32Array, count: number): void {
    const { order, starts } = this;
    starts.fill(0);
    for (let row = 0; row < count; row += 1) {
      const next = classOf(sizes[row] as number) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let index = 1; index <= CLASSES; index += 1) starts[index] = (starts[index] as number) + (starts[index - 1] as number);
    for (let row = 0; row < count; row += 1) {
      const own = classOf(sizes[row] as number);
      const place = starts[own] as number;
      order[place] = row;
      starts[own] = place + 1;
    }
  }
}

function classOf(size: number): number {
  return Math.max(0, Math.min(CLASSES - 1, (size / STEP_BYTES) | 0));
}

/** The thread's; null where lanes are missing. */
export const fieldHasher = onceInLanes((memory) => new FieldHasher(memory));
