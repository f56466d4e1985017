// The digest of a block: one SHA-256 over its rows' content hashes, in row order, and the number of its COPY bytes. The row hashes are made
// anyway, and there are 8 bytes of them a row where a row has hundreds: over the rows themselves it was a tenth of all the work.
import { createHash } from 'node:crypto';

/** 32 bytes. `words` has the low and the high half of each row's hash in turn; `bytes` are those of the block's rows as COPY data. */
export function digestBlock(words: Int32Array, rows: number, bytes: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeDoubleLE(bytes);
  return createHash('sha256')
    .update(words.subarray(0, 2 * rows))
    .update(size)
    .digest();
}
