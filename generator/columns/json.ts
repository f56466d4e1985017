// JSON objects in the form in which jsonb prints itself (keys by length, then by bytes; a space after each colon and comma), so that
// what is sent is what comes back, and the content hash needs no parser.
import type { PlanBuilder, PlanColumn } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mixBelow, mixFraction, type StreamKey } from '../random/mixer.ts';
import type { BytesBlock, BytesKernel } from './blocks.ts';
import { copyFromPool } from './pool-text.ts';
import { rankedBytes } from './ranked-bytes.ts';
import { HistogramLookup, Ranks } from './ranks.ts';

const LETTERS = 26;
const FIRST_LETTER = 0x61;
const FIRST_DIGIT = 0x30;
/** `"": ` around a key, the shortest value, and `, ` or the braces: each member costs at least this much beside its key. */
const MEMBER_BYTES = 7;

/**
 * An object with so many keys and so many bytes of text by the row's rank. Too few bytes for the keys: as few as they need. No key
 * at all: an array with one text, which has no keys either, so that the bytes are right.
 */
export function jsonKernel(
  column: PlanColumn,
  builder: PlanBuilder & { kind: 'json' },
  table: TableRows,
  pool: Buffer,
): BytesKernel {
  const ranks = new Ranks(column.ranks, table);
  const keys = new HistogramLookup(builder.keys);
  const bytes = new HistogramLookup(builder.bytes);
  const { key } = builder;
  const keyOfCounts: StreamKey = [key[0], key[1] ^ 0x2545f491];
  const keyOfBytes: StreamKey = [key[0] ^ 0x5bd1e995, key[1]];
  return rankedBytes(ranks, (row, rank, block) => {
    const count = keys.valueOf(rank, mixFraction(keyOfCounts, row));
    const size = bytes.valueOf(rank, mixFraction(keyOfBytes, row));
    const words: Words = { pool, start: mixBelow(key, row, pool.length), digit: mixBelow(keyOfCounts, row, 10) };
    if (count === 0) appendKeyless(size, words, block);
    else appendObject(count, size, words, block);
  });
}

/** Where a row's texts are cut from, and its digit. */
interface Words {
  readonly pool: Buffer;
  readonly start: number;
  readonly digit: number;
}

function appendKeyless(size: number, { pool, start, digit }: Words, block: BytesBlock): void {
  block.reserve(Math.max(4, size));
  if (size === 1) put(block, FIRST_DIGIT + digit);
  else if (size === 2) putAscii(block, '{}');
  else if (size === 3) {
    putAscii(block, '[');
    put(block, FIRST_DIGIT + digit);
    putAscii(block, ']');
  } else {
    putAscii(block, '["');
    copyFromPool(pool, start, size - 4, block);
    putAscii(block, '"]');
  }
}

function appendObject(count: number, size: number, words: Words, block: BytesBlock): void {
  const width = keyWidth(count);
  const spare = Math.max(0, size - count * (width + MEMBER_BYTES));
  const each = Math.floor(spare / count);
  const longer = spare - each * count;
  block.reserve(count * (width + MEMBER_BYTES) + spare);
  putAscii(block, '{');
  for (let member = 0; member < count; member += 1) {
    if (member > 0) putAscii(block, ', ');
    putAscii(block, '"');
    putKey(member, width, block);
    putAscii(block, '": ');
    putValue(1 + each + (member < longer ? 1 : 0), member, words, block);
  }
  putAscii(block, '}');
}

/** A digit, or a text with its quotes. */
function putValue(length: number, member: number, { pool, start, digit }: Words, block: BytesBlock): void {
  if (length === 1) {
    put(block, FIRST_DIGIT + ((digit + member) % 10));
    return;
  }
  putAscii(block, '"');
  copyFromPool(pool, (start + member * 97) % pool.length, length - 2, block);
  putAscii(block, '"');
}

/** Keys of one width ascend with their number. */
function putKey(member: number, width: number, block: BytesBlock): void {
  let left = member;
  for (let at = block.used + width - 1; at >= block.used; at -= 1) {
    block.data[at] = FIRST_LETTER + (left % LETTERS);
    left = Math.floor(left / LETTERS);
  }
  block.used += width;
}

function keyWidth(count: number): number {
  let width = 1;
  for (let names = LETTERS; names < count; names *= LETTERS) width += 1;
  return width;
}

function put(block: BytesBlock, byte: number): void {
  block.data[block.used] = byte;
  block.used += 1;
}

/** The texts here have a few characters: writing them one by one beats a call of Buffer.write. */
function putAscii(block: BytesBlock, text: string): void {
  for (let at = 0; at < text.length; at += 1) block.data[block.used + at] = text.charCodeAt(at);
  block.used += text.length;
}
