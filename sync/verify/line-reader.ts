// The rows of a COPY as lines, pulled one at a time: two sorted streams can be read side by side, and only pieces of them are in memory.
import type { Readable } from 'node:stream';

export interface LineReader {
  /** The next line without its end, at once where one is waiting; null at the end. */
  next(): string | null | Promise<string | null>;
  /** Reads what is left and forgets it, errors too: a connection is free again only then. */
  drain(): Promise<void>;
}

/** Reads UTF-8 lines; a failure of the stream is thrown by next(). */
export function readLines(stream: Readable): LineReader {
  const pieces: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  // A stream that nobody asks at the moment may break too; the next question tells it.
  stream.on('error', () => undefined);
  let lines: readonly string[] = [];
  let at = 0;
  let begun: Buffer[] = [];
  const refill = async (): Promise<string | null> => {
    for (;;) {
      const { done, value } = await pieces.next();
      // COPY ends every row.
      if (done === true) return null;
      const end = value.lastIndexOf(0x0a);
      if (end < 0) {
        begun.push(value);
        continue;
      }
      const text = Buffer.concat([...begun, value.subarray(0, end)]).toString('utf8');
      begun = end + 1 < value.length ? [value.subarray(end + 1)] : [];
      lines = text.split('\n');
      at = 1;
      return lines[0] ?? null;
    }
  };
  return {
    next() {
      const line = lines[at];
      if (line === undefined) return refill();
      at += 1;
      return line;
    },
    async drain() {
      try {
        while ((await pieces.next()).done !== true) lines = [];
      } catch {
        // It was ended by the error.
      }
    },
  };
}
