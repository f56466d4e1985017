// The end of the log, which is all that appending needs: the last whole record, and what writes that were cut off left after it.
import fs from 'node:fs';
import { sha256Hex } from '../core/canonical-json.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';
import { type ReadRecord, readLine } from './log-lines.ts';
import { splitLines } from './split-lines.ts';

const STEP_BYTES = 64 * 1024;

export interface LogTail {
  /** null: there is no record yet. */
  readonly last: ReadRecord | null;
  readonly torn: EvidenceRecord['torn'] | null;
  /** The log ends inside a line: a line feed has to go before the next record. */
  readonly isOpen: boolean;
}

/** Reads backwards, as far as it takes to meet a whole record. A log that is not there has none. */
export function readTail(file: string): LogTail {
  if (!fs.existsSync(file)) return { last: null, torn: null, isOpen: false };
  const handle = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(handle);
    for (let wanted = STEP_BYTES; ; wanted *= 2) {
      const from = Math.max(0, size - wanted);
      const text = Buffer.alloc(size - from);
      fs.readSync(handle, text, 0, text.length, from);
      const tail = findLast(text);
      // A line that begins before `from` is no record yet, so nothing is mistaken for one.
      if (tail.last !== null || from === 0) return tail;
    }
  } finally {
    fs.closeSync(handle);
  }
}

function findLast(text: Uint8Array): LogTail {
  const isOpen = text.length > 0 && !splitLines(text).endsWithLineFeed;
  for (const { bytes, from } of splitLines(text).lines.reverse()) {
    const last = readLine(bytes);
    if (last === null) continue;
    const after = text.subarray(from + bytes.length + 1);
    return { last, torn: after.length === 0 ? null : describeTorn(after), isOpen };
  }
  return { last: null, torn: text.length === 0 ? null : describeTorn(text), isOpen };
}

/** The stretch between two records, or after the last: without the line feed that ends it, which may have come later. */
export function describeTorn(stretch: Uint8Array): { readonly bytes: number; readonly sha256: string } {
  const end = stretch.at(-1) === 10 ? stretch.length - 1 : stretch.length;
  return { bytes: Math.max(1, end), sha256: sha256Hex(stretch.subarray(0, end)) };
}
