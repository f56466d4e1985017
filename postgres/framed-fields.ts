// Where a column's texts or bytes stand in the frame once they are written, for their hashes: there lanes can read them.
import { inLanes, type VectorMemory, type VectorWords } from '../core/vector/memory.ts';
import { type FieldHasher, fieldHasher } from './field-hasher.ts';
import type { RowHashes } from './hash-columns.ts';
import { STRIP_ROWS, type StripFrame, stripFrame } from './strip-frame.ts';

/** The places of one column's values in the thread's frame: who writes them there notes them, and who hashes reads them. */
export class FramedFields {
  readonly frame: StripFrame;
  /** Addresses of the values, without the length before them. */
  readonly places: VectorWords;
  /** Below 0 for NULL. */
  readonly sizes: VectorWords;
  /** Whether the values of the strip stand there: not before they are written, and not where the strip is too large for the frame. */
  isWritten = false;
  private readonly hasher: FieldHasher;
  private readonly memory: VectorMemory;

  /** null where lanes are missing. */
  static make(): FramedFields | null {
    const [frame, hasher] = [stripFrame(), fieldHasher()];
    return frame === null || hasher === null ? null : inLanes((memory) => new FramedFields(memory, frame, hasher));
  }

  private constructor(memory: VectorMemory, frame: StripFrame, hasher: FieldHasher) {
    this.memory = memory;
    this.frame = frame;
    this.hasher = hasher;
    this.places = this.words();
    this.sizes = this.words();
  }

  /** Words for each row of a strip, for as long as these fields are. */
  words(): VectorWords {
    return this.memory.words(STRIP_ROWS, this);
  }

  /** Adds the hashes of the first `count` rows of the strip. */
  addHashes(hashes: RowHashes, count: number, seed: number): void {
    this.hasher.run(this.places.view, this.sizes.view, count, seed);
    hashes.addMade(this.hasher, this.sizes.view, count, seed);
  }
}
