// The masks that SQL cannot do, in our stream: rows of COPY's text go in, the same rows with masked fields come out. Fields without a
// mask are passed on as bytes; no more than one piece of the socket and one row are in memory.
import { Transform, type TransformCallback } from 'node:stream';
import { decodeCopyField, encodeCopyField, FIELD_END, ROW_END } from '../postgres/copy-text.ts';

/** The value to write instead. `helper` reads a further field of the row that is not written; null is SQL's NULL. */
export type FieldMask = (value: string, helper: (field: number) => string | null) => string | null;

export interface MaskedFields {
  /** Fields of a row that are written; those after them are helpers. */
  readonly written: number;
  /** By number of the field, from 0. NULL stays NULL and is not asked for. */
  readonly masks: ReadonlyMap<number, FieldMask>;
}

/** A stream that masks rows. What a mask throws ends it. */
export function createMaskStream(fields: MaskedFields): Transform {
  let begun: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      try {
        const end = chunk.lastIndexOf(ROW_END);
        if (end < 0) {
          begun.push(chunk);
          return done();
        }
        const whole = chunk.subarray(0, end + 1);
        const rows = begun.length === 0 ? whole : Buffer.concat([...begun, whole]);
        begun = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
        done(null, maskRows(rows, fields));
      } catch (error) {
        done(error instanceof Error ? error : new Error('a mask failed'));
      }
    },
    flush(done: TransformCallback) {
      // The server ends every row; half a row is never passed on.
      done(begun.length === 0 ? null : new Error('the source ended in the middle of a row'));
    },
  });
}

function maskRows(rows: Buffer, fields: MaskedFields): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  while (from < rows.length) {
    const end = rows.indexOf(ROW_END, from);
    maskRow(rows, cutFields(rows, from, end), { ...fields, pieces });
    from = end + 1;
  }
  return Buffer.concat(pieces);
}

/** Where each field begins; the last number is one past the row's end. */
function cutFields(rows: Buffer, from: number, end: number): number[] {
  const starts = [from];
  for (let at = from; at < end; at += 1) if (rows[at] === FIELD_END) starts.push(at + 1);
  starts.push(end + 1);
  return starts;
}

function maskRow(rows: Buffer, starts: readonly number[], { written, masks, pieces }: MaskedFields & { pieces: Buffer[] }): void {
  const startOf = (field: number) => starts[field] ?? 0;
  const read = (field: number) => decodeCopyField(rows.toString('utf8', startOf(field), startOf(field + 1) - 1));
  let copied = startOf(0);
  for (const [field, mask] of masks) {
    const value = read(field);
    if (value === null) continue;
    if (startOf(field) > copied) pieces.push(rows.subarray(copied, startOf(field)));
    pieces.push(Buffer.from(encodeCopyField(mask(value, read)), 'utf8'));
    copied = startOf(field + 1) - 1;
  }
  const end = startOf(written) - 1;
  if (end > copied) pieces.push(rows.subarray(copied, end));
  pieces.push(NEWLINE);
}

const NEWLINE = Buffer.from([ROW_END]);
