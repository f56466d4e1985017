// The mask of a column as it works on the bytes of a row. Tokens and jitters write into them directly, without a string; the others read a
// value as text, mask that, and write it in the column's form.
import type { CopyBuffer } from '../postgres/copy-buffer.ts';
import { decodeCopyField, encodeCopyField } from '../postgres/copy-text.ts';
import { type FieldMask, fieldMaskOf, jitterOffsets, type MaskOptions, unmaskable } from './field-masks.ts';
import type { FieldWriter } from './mask-stream.ts';
import { shiftDateBytes, shiftTimeBytes } from './masks/jitter.ts';
import { tokenizeInt32, tokenizeInt64, tokenizeUuid, writeTextToken } from './masks/token.ts';
import type { PlannedColumn } from './planned-table.ts';
import type { CopyFormat, Row } from './row-cutter.ts';

/** The writer, or null for a rule that SQL does. What it throws names the column and no value. */
export function fieldWriterOf(planned: PlannedColumn, options: MaskOptions, format: CopyFormat): FieldWriter | null {
  const mask = fieldMaskOf(planned, options);
  if (mask === null) return null;
  const { column, rule } = planned;
  if (rule.kind === 'token' && TEXTS.has(column.baseType)) return textToken(planned, options, format);
  if (format === 'text') return textWriter(mask);
  if (rule.kind === 'token') return inPlace(TOKEN_BYTES[column.baseType], options);
  if (rule.kind === 'jitter') return jitterWriter(planned, options, rule.days);
  return binaryWriter(mask, column.baseType === 'jsonb');
}

/** Types of the masks above in binary form; a column of another one goes as text. */
export function isStreamedAsBinary({ column, rule }: PlannedColumn): boolean {
  switch (rule.kind) {
    case 'token':
      return TEXTS.has(column.baseType) || column.baseType in TOKEN_BYTES;
    case 'fake':
      return TEXTS.has(column.baseType);
    case 'jitter':
      return column.baseType in SHIFT_BYTES;
    case 'json':
      return column.baseType === 'json' || column.baseType === 'jsonb';
    default:
      return true;
  }
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

type Tokenize = (hash: MaskOptions['hash'], bytes: Buffer, at: number) => void;
const TOKEN_BYTES: Readonly<Record<string, Tokenize>> = { uuid: tokenizeUuid, int4: tokenizeInt32, int8: tokenizeInt64 };

type Shift = (bytes: Buffer, at: number, offsetSeconds: number) => boolean;
const SHIFT_BYTES: Readonly<Record<string, Shift>> = {
  date: shiftDateBytes,
  timestamp: shiftTimeBytes,
  timestamptz: shiftTimeBytes,
};

/** A mask that keeps the value's length, in both of its ways. */
function overwriter(overwrite: (row: Row, field: number) => void): FieldWriter {
  return {
    overwrite,
    write: (row, field, out) => {
      overwrite(row, field);
      const [start, end] = [row.starts[field] as number, row.ends[field] as number];
      out.reserve(4 + end - start);
      out.int32(end - start);
      out.copy(row.bytes, start, end);
    },
  };
}

function inPlace(tokenize: Tokenize | undefined, { hash }: MaskOptions): FieldWriter {
  if (tokenize === undefined) throw new TypeError('a token of a type that has none');
  return overwriter((row, field) => tokenize(hash, row.bytes, row.starts[field] as number));
}

function jitterWriter(planned: PlannedColumn, options: MaskOptions, days: number): FieldWriter {
  const shift = SHIFT_BYTES[planned.column.baseType];
  if (shift === undefined) throw new TypeError('a time of a type that is none');
  const offsetOf = jitterOffsets(options.hash, days);
  return overwriter((row, field) => {
    const offset = offsetOf(readBinary(row, options.subjectField));
    if (!shift(row.bytes, row.starts[field] as number, offset)) throw unmaskable(planned, options);
  });
}

const BACKSLASH = 0x5c;
const LONGEST_TOKEN = 32;

function textToken({ column }: PlannedColumn, { hash }: MaskOptions, format: CopyFormat): FieldWriter {
  const length = Math.min(column.maxLength ?? LONGEST_TOKEN, LONGEST_TOKEN);
  return {
    write: (row, field, out) => {
      if (format === 'binary') {
        out.reserve(4);
        out.int32(length);
      }
      const value = { bytes: row.bytes, from: row.starts[field] as number, to: row.ends[field] as number };
      writeTextToken(hash, format === 'text' ? unescaped(value) : value, out, length);
    },
  };
}

interface BytesRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** The value's own bytes: those of the row where nothing is escaped. */
function unescaped(value: BytesRange): BytesRange {
  const { bytes, from, to } = value;
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== BACKSLASH) continue;
    const plain = Buffer.from(decodeCopyField(bytes.toString('utf8', from, to)) ?? '');
    return { bytes: plain, from: 0, to: plain.length };
  }
  return value;
}

/** Any mask of texts, in COPY's text form. */
function textWriter(mask: FieldMask): FieldWriter {
  return withHelpers(readText, (helper) => (row, field, out) => {
    const masked = encodeCopyField(mask(readText(row, field) ?? '', helper));
    out.reserve(3 * masked.length);
    out.at += out.bytes.write(masked, out.at);
  });
}

const JSONB_VERSION = 1;

/** Any mask of texts, of a type whose binary form is its text; jsonb has its version before it. */
function binaryWriter(mask: FieldMask, isJsonb: boolean): FieldWriter {
  const extra = isJsonb ? 1 : 0;
  return withHelpers(readBinary, (helper) => (row, field, out) => {
    const from = (row.starts[field] as number) + extra;
    if (isJsonb && row.bytes[from - 1] !== JSONB_VERSION) throw new Error('a version of jsonb that came after this program');
    const masked = mask(row.bytes.toString('utf8', from, row.ends[field]), helper) ?? '';
    out.reserve(5 + 3 * masked.length);
    const length = out.bytes.write(masked, out.at + 4 + extra) + extra;
    out.int32(length);
    if (isJsonb) out.bytes[out.at] = JSONB_VERSION;
    out.at += length;
  });
}

type Write = FieldWriter['write'];

/** A stream has one row object, so the function that reads its helpers is made once and not for every row. */
function withHelpers(
  read: (row: Row, field: number) => string | null,
  makeWrite: (helper: (field: number) => string | null) => Write,
): FieldWriter {
  let current: Row | null = null;
  const write = makeWrite((field) => (current === null ? null : read(current, field)));
  return {
    write: (row: Row, field: number, out: CopyBuffer) => {
      current = row;
      write(row, field, out);
    },
  };
}

function readText(row: Row, field: number): string | null {
  const end = row.ends[field] ?? -1;
  return end < 0 ? null : decodeCopyField(row.bytes.toString('utf8', row.starts[field], end));
}

function readBinary(row: Row, field: number): string | null {
  const end = row.ends[field] ?? -1;
  return end < 0 ? null : row.bytes.toString('utf8', row.starts[field], end);
}
