// Text ids: the rank of the row in the digits of the alphabet, and random characters around it. A rank occurs once, so does an id.
import type { PlanBuilder, PlanColumn } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mix32, mixBelow, type StreamKey } from '../random/mixer.ts';
import type { BytesBlock, BytesKernel } from './blocks.ts';
import { rankedBytes } from './ranked-bytes.ts';
import { Ranks } from './ranks.ts';

/**
 * Ids of a prefix and characters of the alphabet. In row order the number stands first, so that ids ascend with the row; else it
 * stands last and is a permuted one.
 */
export function idKernel(column: PlanColumn, builder: PlanBuilder & { kind: 'id' }, table: TableRows): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const prefix = Buffer.from(builder.prefix, 'ascii');
  const alphabet = Buffer.from(builder.alphabet, 'ascii');
  const free = builder.length - prefix.length;
  const digits = digitsFor(table.rows, alphabet.length);
  const isAscending = column.ranks?.order === 'row';
  return rankedBytes(ranks, (row, rank, block) => {
    block.push(prefix);
    block.reserve(free);
    const first = block.used;
    const random: StreamKey = [mix32(builder.key, row) | 0, builder.key[1]];
    for (let at = 0; at < free; at += 1) block.data[first + at] = alphabet[mixBelow(random, at, alphabet.length)] as number;
    writeDigits(rank, isAscending ? first + digits : first + free, digits, alphabet, block);
    block.used = first + free;
  });
}

function digitsFor(rows: number, base: number): number {
  let digits = 0;
  for (let ids = 1; ids < rows; ids *= base) digits += 1;
  return digits;
}

function writeDigits(value: number, end: number, digits: number, alphabet: Buffer, block: BytesBlock): void {
  let left = value;
  for (let at = end - 1; at >= end - digits; at -= 1) {
    const rest = Math.floor(left / alphabet.length);
    block.data[at] = alphabet[left - rest * alphabet.length] as number;
    left = rest;
  }
}
