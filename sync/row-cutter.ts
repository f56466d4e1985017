// Where the fields of a row are, in COPY's text and in its binary form. A row is one CopyData message, as the protocol promises; a message
// that holds anything else ends the sync, so nothing unmasked slips past as a part of something else.
import { FIELD_END, ROW_END } from '../postgres/copy-text.ts';

export type CopyFormat = 'text' | 'binary';

/** The fields of the row at hand; one for a stream, filled again for each row. */
export interface Row {
  bytes: Buffer;
  /** Where the value of each field begins in `bytes`, behind its length in the binary form. */
  readonly starts: Int32Array;
  /** Where it ends; below 0 for NULL. */
  readonly ends: Int32Array;
}

/** A row of so many fields. */
export function createRow(fields: number): Row {
  return { bytes: Buffer.alloc(0), starts: new Int32Array(fields), ends: new Int32Array(fields) };
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/** Bytes of the header that a binary COPY begins with, from `at`: signature, flags and an extension of any length. */
export function binaryHeaderLength(bytes: Buffer, at: number): number {
  if (bytes.compare(SIGNATURE, 0, SIGNATURE.length, at, at + SIGNATURE.length) !== 0) throw unreadable();
  return SIGNATURE.length + 8 + bytes.readUInt32BE(at + SIGNATURE.length + 4);
}

/** Whether bytes[from, to) are the end of a binary COPY. */
export function isBinaryTrailer(bytes: Buffer, from: number, to: number): boolean {
  return to - from === 2 && bytes[from] === 0xff && bytes[from + 1] === 0xff;
}

/** Fills the row from bytes[from, to). Throws for what is no row of so many fields. */
export function cutBinaryRow(row: Row, from: number, to: number): void {
  const { bytes, ends, starts } = row;
  const count = starts.length;
  if (to - from < 2 || bytes.readInt16BE(from) !== count) throw unreadable();
  let at = from + 2;
  for (let field = 0; field < count; field += 1) {
    // Beyond the end the bytes are missing, and no row is that long.
    const length = at + 4 > to ? to : readInt32(bytes, at);
    at += 4;
    starts[field] = at;
    if (length >= 0) at += length;
    ends[field] = length < 0 ? -1 : at;
  }
  if (at !== to) throw unreadable();
}

// The caller has looked that they are there; a third of the price of the method that looks again.
function readInt32(bytes: Buffer, at: number): number {
  const [a, b, c, d] = [bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number];
  return (a << 24) | (b << 16) | (c << 8) | d;
}

const BACKSLASH = 0x5c;
const LETTER_N = 0x4e;

/** Fills the row from bytes[from, to), whose last byte ends it. Throws for what is no row of so many fields. */
export function cutTextRow(row: Row, from: number, to: number): void {
  const { bytes, ends, starts } = row;
  const last = to - 1;
  if (last < from || bytes[last] !== ROW_END) throw unreadable();
  let field = 0;
  let start = from;
  for (let at = from; at <= last; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== FIELD_END && byte !== ROW_END) continue;
    if (field === starts.length || (byte === ROW_END && at !== last)) throw unreadable();
    starts[field] = start;
    ends[field] = at - start === 2 && bytes[start] === BACKSLASH && bytes[start + 1] === LETTER_N ? -1 : at;
    field += 1;
    start = at + 1;
  }
  if (field !== starts.length) throw unreadable();
}

function unreadable(): Error {
  return new Error('the source sent rows of another form than was asked for');
}
