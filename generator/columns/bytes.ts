// Columns of random bytes: words of the mixer, as many as the row's rank says.
import type { PlanBuilder, PlanColumn } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mix32, mixFraction, type StreamKey } from '../random/mixer.ts';
import { Permutation } from '../random/permutation.ts';
import type { BytesKernel } from './blocks.ts';
import { rankedBytes } from './ranked-bytes.ts';
import { HistogramLookup, Ranks } from './ranks.ts';
import { lengthKey } from './texts.ts';

/** Random bytes; where the plan gives code bytes the last ones hold the row's number, permuted. */
export function bytesKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'bytes' }, table: TableRows): BytesKernel {
  const { codeBytes, key } = builder;
  const ranks = new Ranks(column.ranks, table);
  const lengths = new HistogramLookup(builder.lengths);
  const codes = codeBytes > 0 ? new Permutation({ size: table.rows, key: [key[0] ^ 0x5bd1e995, key[1]] }) : null;
  const keyOfLengths = lengthKey(builder);
  return rankedBytes(ranks, (row, rank, block) => {
    const length = lengths.valueOf(rank, mixFraction(keyOfLengths, row));
    block.reserve(length + 4);
    fillRandom(block.data, block.used, length - codeBytes, [mix32(key, row) | 0, key[1]]);
    block.used += length;
    if (codes !== null) writeCode(block.data, block.used, codeBytes, codes.forward(row));
  });
}

/** Words from `at` on; up to three bytes past the end are written too. */
function fillRandom(data: Buffer, at: number, length: number, key: StreamKey): void {
  for (let offset = 0; offset < length; offset += 4) data.writeUInt32BE(mix32(key, offset), at + offset);
}

/** The number in the bytes before `end`, highest first. */
function writeCode(data: Buffer, end: number, bytes: number, code: number): void {
  let left = code;
  for (let at = end - 1; at >= end - bytes; at -= 1) {
    const rest = Math.floor(left / 256);
    data[at] = left - rest * 256;
    left = rest;
  }
}
