// The whole log: its records in the order in which they stand, and the stretches between them that are none.
import fs from 'node:fs';
import { ShapecastError } from '../core/errors.ts';
import { systemCodeOf } from '../core/system-code.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';
import { type ReadRecord, readLine } from './log-lines.ts';
import { describeTorn } from './read-tail.ts';
import { splitLines } from './split-lines.ts';

export interface PlacedRecord extends ReadRecord {
  /** Of the file, from 1. */
  readonly line: number;
  /** What stands between this record and the one before it and is no record; null: nothing. */
  readonly stretch: Stretch | null;
}

export interface Stretch {
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ReadLog {
  readonly records: readonly PlacedRecord[];
  /** After the last record. */
  readonly end: Stretch | null;
}

/** Reads and parses, checks nothing else. Throws EVIDENCE_NONE, FILE_UNREADABLE. */
export function readLog(file: string): ReadLog {
  const text = readBytes(file);
  const records: PlacedRecord[] = [];
  let from = 0;
  let skipped = 0;
  const stretchTo = (to: number): Stretch | null =>
    skipped === 0 ? null : { lines: skipped, ...describeTorn(text.subarray(from, to)) };
  splitLines(text).lines.forEach((line, index) => {
    const read = readLine(line.bytes);
    if (read === null) {
      skipped += 1;
      return;
    }
    records.push({ ...read, line: index + 1, stretch: stretchTo(line.from) });
    from = line.from + line.bytes.length + 1;
    skipped = 0;
  });
  return { records, end: stretchTo(text.length) };
}

/** The runs that have no record of their end, oldest first: they are at work, or were killed. */
export function listUnfinished(records: readonly { readonly record: EvidenceRecord }[]): EvidenceRecord[] {
  const ended = new Set(records.filter(({ record }) => record.status !== 'started').map(({ record }) => record.runId));
  return records.map(({ record }) => record).filter(({ status, runId }) => status === 'started' && !ended.has(runId));
}

function readBytes(file: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === 'ENOENT') throw new ShapecastError('EVIDENCE_NONE', { file });
    throw new ShapecastError('FILE_UNREADABLE', { file, reason: String(code ?? 'unknown reason') }, { cause });
  }
}
