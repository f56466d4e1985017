// Pieces that texts are made of: a stretch of the pool, and a number in base 36.
import { copyBytes } from '../../postgres/encode-columns.ts';
import type { BytesBlock } from './blocks.ts';

export const SPACE = 0x20;
const LONG = 48;
export const FILLER = 0x65;
const DIGITS = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz', 'ascii');

/**
 * Copies `length` bytes from the pool, from the first word after `start` on and going round at its end; no space first or last, so
 * char(n) and trims change nothing.
 */
export function copyFromPool(pool: Buffer, start: number, length: number, block: BytesBlock): void {
  if (length <= 0) return;
  const first = block.used;
  let from = wordAfter(pool, start);
  let left = length;
  while (left > 0) {
    const part = Math.min(left, pool.length - from);
    // A call out of the engine pays for long texts only.
    if (pool === block.pool && part > LONG) block.data.copyWithin(block.used, from, from + part);
    else copyBytes(viewOf(pool), from, block.view, block.used, part);
    block.used += part;
    left -= part;
    from = 0;
  }
  if (block.data[first] === SPACE) block.data[first] = FILLER;
  if (block.data[block.used - 1] === SPACE) block.data[block.used - 1] = FILLER;
}

let viewed: Buffer | null = null;
let view: DataView = new DataView(new ArrayBuffer(0));

/** The pool is the same for all texts of a thread. */
function viewOf(pool: Buffer): DataView {
  if (pool !== viewed) {
    viewed = pool;
    view = new DataView(pool.buffer, pool.byteOffset, pool.length);
  }
  return view;
}

/** Texts begin with whole words: halves of words would be words of their own to a full-text index. */
function wordAfter(pool: Buffer, start: number): number {
  let at = start;
  while (at < pool.length && pool[at] !== SPACE) at += 1;
  return at + 1 < pool.length ? at + 1 : 0;
}

/** Base 36, with leading zeros. */
export function writeCode(code: number, digits: number, block: BytesBlock): void {
  let left = code;
  for (let at = block.used + digits - 1; at >= block.used; at -= 1) {
    const digit = left % 36;
    block.data[at] = DIGITS[digit] as number;
    left = (left - digit) / 36;
  }
  block.used += digits;
}
