// The masks that SQL cannot do, in our stream: rows as the source's COPY sends them go in, the same rows with masked fields come out. All rows
// of a piece of the socket go into one buffer; what has no mask is copied as bytes. No more than a piece and one row are in memory.
import { Transform, type TransformCallback } from 'node:stream';
import { CopyBuffer } from '../postgres/copy-buffer.ts';
import { COPY_DATA, FRAME_HEADER } from '../postgres/copy-frames.ts';
import { ROW_END } from '../postgres/copy-text.ts';
import {
  binaryHeaderLength,
  type CopyFormat,
  createRow,
  cutBinaryRow,
  cutTextRow,
  isBinaryTrailer,
  type Row,
} from './row-cutter.ts';

/** The mask of a field that is not NULL; NULL stays NULL and is not asked for. What it throws ends the sync. */
export interface FieldWriter {
  /** Writes the whole field, in the binary form with its length, and makes room for it. */
  write(row: Row, field: number, out: CopyBuffer): void;
  /** Masks the value where it stands; only of masks that never change its length. */
  overwrite?(row: Row, field: number): void;
}

export interface MaskedFields {
  readonly format: CopyFormat;
  /** Fields of a row. */
  readonly fields: number;
  /** How many of them are written; those after them are helpers. */
  readonly written: number;
  /** By number of the field, from 0. */
  readonly masks: ReadonlyMap<number, FieldWriter>;
}

/** A stream that masks rows: whole CopyData messages in, whole ones out. What a mask throws ends it. */
export function createMaskStream(fields: MaskedFields): Transform {
  const masker = new RowMasker(fields);
  return new Transform({
    transform(frames: Buffer, _encoding, done: TransformCallback) {
      try {
        done(null, masker.mask(frames));
      } catch (error) {
        done(error instanceof Error ? error : new Error('a mask failed'));
      }
    },
  });
}

/** Room in the buffer besides the rows as they come: for values that grow. */
const SPARE_BYTES = 4096;

class RowMasker {
  private readonly isBinary: boolean;
  private readonly isInPlace: boolean;
  private readonly written: number;
  private readonly row: Row;
  private readonly masked: readonly (readonly [number, FieldWriter])[];
  private isBegun = false;
  private grown = 1;

  constructor({ fields, format, masks, written }: MaskedFields) {
    this.isBinary = format === 'binary';
    this.written = written;
    this.row = createRow(fields);
    this.masked = [...masks].sort(([left], [right]) => left - right);
    this.isInPlace = this.isBinary && this.masked.every(([, { overwrite }]) => overwrite !== undefined) && written === fields;
  }

  /** The rows as one message, or the same messages with values written over. */
  mask(frames: Buffer): Buffer {
    this.row.bytes = frames;
    if (this.isInPlace) {
      this.eachRow(frames, (from, to) => this.overwriteRow(from, to));
      return frames;
    }
    const out = new CopyBuffer(Buffer.allocUnsafeSlow(Math.ceil(frames.length * this.grown) + SPARE_BYTES));
    out.at = FRAME_HEADER;
    this.eachRow(frames, (from, to) => (this.isBinary ? this.writeBinary(from, to, out) : this.writeText(from, to, out)));
    this.grown = Math.max(this.grown, out.at / frames.length);
    out.bytes[0] = COPY_DATA;
    out.bytes.writeUInt32BE(out.at - 1, 1);
    return out.bytes.subarray(0, out.at);
  }

  private eachRow(frames: Buffer, action: (from: number, to: number) => void): void {
    let at = 0;
    while (at < frames.length) {
      const end = at + 1 + frames.readUInt32BE(at + 1);
      action(at + FRAME_HEADER, end);
      at = end;
    }
  }

  private overwriteRow(start: number, to: number): void {
    const from = start + this.headerLength(start);
    if (isBinaryTrailer(this.row.bytes, from, to)) return;
    cutBinaryRow(this.row, from, to);
    for (const [field, mask] of this.masked) if ((this.row.ends[field] ?? 0) >= 0) mask.overwrite?.(this.row, field);
  }

  private writeBinary(start: number, to: number, out: CopyBuffer): void {
    const { row, written } = this;
    const from = start + this.headerLength(start);
    if (from > start) copyBytes(row.bytes, start, from, out);
    if (isBinaryTrailer(row.bytes, from, to)) {
      copyBytes(row.bytes, from, to, out);
      return;
    }
    cutBinaryRow(row, from, to);
    out.reserve(2);
    out.int16(written);
    const copied = this.writeMasked(from + 2, 4, out);
    copyBytes(row.bytes, copied, written < row.starts.length ? (row.starts[written] ?? 0) - 4 : to, out);
  }

  private writeText(from: number, to: number, out: CopyBuffer): void {
    const { row, written } = this;
    cutTextRow(row, from, to);
    const copied = this.writeMasked(from, 0, out);
    // Up to the end of the last field, and without any field up to nothing.
    const end = written === 0 ? from : written < row.starts.length ? (row.starts[written] ?? 0) - 1 : to - 1;
    copyBytes(row.bytes, copied, end, out);
    out.reserve(1);
    out.bytes[out.at] = ROW_END;
    out.at += 1;
  }

  /** Masked fields and what lies before them; returns up to where the row is written. `prefix`: bytes of a field before its value. */
  private writeMasked(from: number, prefix: number, out: CopyBuffer): number {
    const { masked, row } = this;
    let copied = from;
    for (let place = 0; place < masked.length; place += 1) {
      const [field, mask] = masked[place] as readonly [number, FieldWriter];
      const end = row.ends[field] as number;
      if (end < 0) continue;
      copyBytes(row.bytes, copied, (row.starts[field] as number) - prefix, out);
      mask.write(row, field, out);
      copied = end;
    }
    return copied;
  }

  /** Of the header before the first row of a binary COPY; 0 for all others. */
  private headerLength(start: number): number {
    if (this.isBegun) return 0;
    this.isBegun = true;
    return binaryHeaderLength(this.row.bytes, start);
  }
}

/** Bytes that a loop copies faster than a call does. */
const LOOPED = 48;

function copyBytes(bytes: Buffer, from: number, to: number, out: CopyBuffer): void {
  if (to <= from) return;
  out.reserve(to - from);
  if (to - from > LOOPED) {
    out.copy(bytes, from, to);
    return;
  }
  const target = out.bytes;
  let at = out.at;
  for (let next = from; next < to; next += 1) target[at++] = bytes[next] as number;
  out.at = at;
}
