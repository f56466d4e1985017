// The COPY rows of a strip while they are made, in the memory of lanes, where what lanes write and hash is at hand; whole, they are copied behind
// the rows before them. One a thread: a strip is made in one go.
import { onceInLanes, type VectorMemory, type VectorWords } from '../core/vector/memory.ts';
import { CopyBuffer } from './copy-buffer.ts';

/** Rows that go through all steps together: few enough to stay in the near caches on their way, and many enough for the loops. */
export const STRIP_ROWS = 256;

/** Strips above are made outside lanes: as much is behind the frame for lanes that read on while others are still at work. */
const FRAME_BYTES = 1 << 19;

/** The buffer of a strip's COPY rows in the memory of lanes, with a cursor for each row. */
export class StripFrame {
  readonly bytes: number;
  /** Its address; also of `rows`, whose places count from there. */
  readonly at: number;
  readonly rows: CopyBuffer;
  /** Where the next field of each row goes, from the frame's start. */
  readonly cursors: VectorWords;

  constructor(memory: VectorMemory) {
    const { at, view } = memory.words(FRAME_BYTES / 2);
    this.bytes = FRAME_BYTES;
    this.at = at;
    this.rows = new CopyBuffer(Buffer.from(view.buffer, at, FRAME_BYTES));
    this.cursors = memory.words(STRIP_ROWS);
  }
}

/** The thread's frame; null where lanes are missing. */
export const stripFrame = onceInLanes((memory) => new StripFrame(memory));
