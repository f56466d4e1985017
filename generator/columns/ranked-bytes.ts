// A column of bytes whose values follow from the row and its rank.
import { BLOCK_ROWS } from '../../spec/plan.ts';
import type { BytesBlock, BytesKernel } from './blocks.ts';
import type { Ranks } from './ranks.ts';

/** Appends the value of a row that has this rank. */
export type WriteRanked = (row: number, rank: number, block: BytesBlock) => void;

/** NULL where the ranks say so, else what `write` appends. */
export function rankedBytes(ranks: Ranks, write: WriteRanked): BytesKernel {
  const found = new Float64Array(BLOCK_ROWS);
  return {
    kind: 'bytes',
    append(row, block) {
      const rank = ranks.of(row);
      if (rank < 0) return false;
      write(row, rank, block);
      return true;
    },
    fill(list, block) {
      const { count, rows } = list;
      const { isNull, offsets } = block;
      ranks.fill(list, found);
      for (let index = 0; index < count; index += 1) {
        const rank = found[index] as number;
        offsets[index] = block.used;
        isNull[index] = rank < 0 ? 1 : 0;
        if (rank >= 0) write(rows[index] as number, rank, block);
      }
      offsets[count] = block.used;
    },
  };
}
