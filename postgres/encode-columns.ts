// Binary COPY fields column by column: the bytes that each row needs first, then every field at its row's place. Types of one size have
// loops of their own; the others are encoded one by one (encode-binary.ts) and copied.
import { BLOCK_ROWS } from '../spec/plan.ts';
import { CopyBuffer } from './copy-buffer.ts';
import { MAX_NUMBER_FIELD_BYTES, type NumberEncoder, numberEncoder } from './encode-binary.ts';
import type { FramedFields } from './framed-fields.ts';

/** Writes a column's fields into COPY rows. NaN is NULL. */
export interface ColumnEncoder {
  /** Adds the bytes of the fields of rows [0, count), length words included. To be called before `write`. */
  addSizes(count: number, sizes: Int32Array): void;
  /** Writes the fields of rows [from, to) at the rows' cursors and moves those on. */
  write(from: number, to: number, cursors: Int32Array, out: CopyBuffer): void;
}

/** The encoder of a column of numbers of a type that has a binary form; values are read when it is called. */
export function numberColumnEncoder(
  values: Float64Array,
  baseType: string,
  decimals: number,
  shownDecimals: number,
): ColumnEncoder | null {
  switch (baseType) {
    case 'bool':
      return fixed(values, 1, writeBooleans);
    case 'int4':
    case 'date':
      return fixed(values, 4, writeInt4s);
    case 'int8':
    case 'timestamp':
    case 'timestamptz':
      return fixed(values, 8, writeInt8s);
    default: {
      const encode = numberEncoder(baseType, decimals, shownDecimals);
      return encode === null ? null : new EncodedNumbers(values, encode);
    }
  }
}

type WriteFields = (values: Float64Array, from: number, to: number, cursors: Int32Array, view: DataView) => void;

function fixed(values: Float64Array, size: number, write: WriteFields): ColumnEncoder {
  return {
    addSizes(count, sizes) {
      for (let index = 0; index < count; index += 1) {
        const value = values[index] as number;
        sizes[index] = (sizes[index] as number) + (Number.isNaN(value) ? 4 : 4 + size);
      }
    },
    write: (from, to, cursors, out) => write(values, from, to, cursors, out.view),
  };
}

function writeBooleans(values: Float64Array, from: number, to: number, cursors: Int32Array, view: DataView): void {
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    const at = cursors[index] as number;
    if (Number.isNaN(value)) {
      view.setInt32(at, -1);
      cursors[index] = at + 4;
      continue;
    }
    view.setInt32(at, 1);
    view.setInt8(at + 4, value);
    cursors[index] = at + 5;
  }
}

function writeInt4s(values: Float64Array, from: number, to: number, cursors: Int32Array, view: DataView): void {
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    const at = cursors[index] as number;
    if (Number.isNaN(value)) {
      view.setInt32(at, -1);
      cursors[index] = at + 4;
      continue;
    }
    view.setInt32(at, 4);
    view.setInt32(at + 4, value);
    cursors[index] = at + 8;
  }
}

const TWO_POW_32 = 4294967296;
const TWO_POW_MINUS_32 = 1 / TWO_POW_32;

function writeInt8s(values: Float64Array, from: number, to: number, cursors: Int32Array, view: DataView): void {
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    const at = cursors[index] as number;
    if (Number.isNaN(value)) {
      view.setInt32(at, -1);
      cursors[index] = at + 4;
      continue;
    }
    const high = Math.floor(value * TWO_POW_MINUS_32);
    view.setInt32(at, 8);
    view.setInt32(at + 4, high);
    view.setInt32(at + 8, (value - high * TWO_POW_32) | 0);
    cursors[index] = at + 12;
  }
}

/** Fields of any size, encoded behind each other first. */
class EncodedNumbers implements ColumnEncoder {
  private readonly values: Float64Array;
  private readonly encode: NumberEncoder;
  private readonly fields = new CopyBuffer(Buffer.allocUnsafeSlow(BLOCK_ROWS * 16));
  private readonly ends = new Int32Array(BLOCK_ROWS);

  constructor(values: Float64Array, encode: NumberEncoder) {
    this.values = values;
    this.encode = encode;
  }

  addSizes(count: number, sizes: Int32Array): void {
    const { ends, fields, values } = this;
    fields.at = 0;
    for (let index = 0; index < count; index += 1) {
      const start = fields.at;
      fields.reserve(MAX_NUMBER_FIELD_BYTES);
      const value = values[index] as number;
      if (!Number.isNaN(value)) this.encode(value, fields);
      else fields.int32(-1);
      ends[index] = fields.at;
      sizes[index] = (sizes[index] as number) + fields.at - start;
    }
  }

  write(from: number, to: number, cursors: Int32Array, out: CopyBuffer): void {
    const { ends, fields } = this;
    for (let index = from; index < to; index += 1) {
      const start = index === 0 ? 0 : (ends[index - 1] as number);
      const size = (ends[index] as number) - start;
      const at = cursors[index] as number;
      copyBytes(fields.view, start, out.view, at, size);
      cursors[index] = at + size;
    }
  }
}

/** Bytes of rows behind each other, each with its length before it. */
export class BytesColumnEncoder implements ColumnEncoder {
  private readonly block: EncodedBytes;
  private readonly version: number;
  private readonly framed: FramedFields | null;

  /** `version`: of the type's binary form, a byte before each value; -1 for none. `framed` hears where values come to stand. */
  constructor(block: EncodedBytes, version: number, framed: FramedFields | null = null) {
    this.block = block;
    this.version = version;
    this.framed = framed;
  }

  addSizes(count: number, sizes: Int32Array): void {
    const { isNull, offsets } = this.block;
    const extra = this.version < 0 ? 4 : 5;
    for (let index = 0; index < count; index += 1) {
      const size = (offsets[index + 1] as number) - (offsets[index] as number);
      sizes[index] = (sizes[index] as number) + (isNull[index] === 1 ? 4 : size + extra);
    }
  }

  write(from: number, to: number, cursors: Int32Array, out: CopyBuffer): void {
    const { block, version } = this;
    const { isNull, offsets, view } = block;
    const target = out.view;
    for (let index = from; index < to; index += 1) {
      let at = cursors[index] as number;
      if (isNull[index] === 1) {
        target.setInt32(at, -1);
        cursors[index] = at + 4;
        continue;
      }
      const start = offsets[index] as number;
      const size = (offsets[index + 1] as number) - start;
      target.setInt32(at, version < 0 ? size : size + 1);
      at += 4;
      if (version >= 0) {
        target.setUint8(at, version);
        at += 1;
      }
      copyBytes(view, start, target, at, size);
      cursors[index] = at + size;
    }
    const { framed } = this;
    if (framed === null || out !== framed.frame.rows) return;
    this.tellPlaces(framed, from, to, cursors);
    framed.isWritten = true;
  }

  private tellPlaces({ frame, places, sizes }: FramedFields, from: number, to: number, cursors: Int32Array): void {
    const { isNull, offsets } = this.block;
    for (let index = from; index < to; index += 1) {
      const size = (offsets[index + 1] as number) - (offsets[index] as number);
      sizes.view[index] = isNull[index] === 1 ? -1 : size;
      places.view[index] = frame.at + (cursors[index] as number) - size;
    }
  }
}

/** Values behind each other: row i in bytes [offsets[i], offsets[i + 1]). */
export interface EncodedBytes {
  readonly view: DataView;
  readonly offsets: Uint32Array;
  readonly isNull: Uint8Array;
}

/** Copies bytes between buffers; a native copy would make an object for every value. */
export function copyBytes(source: DataView, from: number, target: DataView, to: number, size: number): void {
  const quads = size & ~15;
  let at = 0;
  for (; at < quads; at += 16) {
    const one = source.getInt32(from + at, true);
    const two = source.getInt32(from + at + 4, true);
    const three = source.getInt32(from + at + 8, true);
    const four = source.getInt32(from + at + 12, true);
    target.setInt32(to + at, one, true);
    target.setInt32(to + at + 4, two, true);
    target.setInt32(to + at + 8, three, true);
    target.setInt32(to + at + 12, four, true);
  }
  for (; at < size; at += 1) target.setUint8(to + at, source.getUint8(from + at));
}
