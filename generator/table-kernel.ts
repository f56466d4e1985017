// A table's kernel: fills the columns of a block, hashes every row for the content hash, and encodes the rows as COPY data.

import { hashBytes, hashClassOf, hashed, hashFloat, hashNull, hashWhole, hashWords } from '../postgres/content-hash.ts';
import { CopyBuffer } from '../postgres/copy-buffer.ts';
import { encodeNull, MAX_NUMBER_FIELD_BYTES, type NumberEncoder, numberEncoder } from '../postgres/encode-binary.ts';
import { encodeTextBytes, formatDecimal, formatNumberField } from '../postgres/encode-text.ts';
import { BLOCK_ROWS, type PlanColumn, type PlanPartitions, type PlanTable } from '../spec/plan.ts';
import { BytesBlock, type BytesKernel, fillBytes, fillNumbers, NumberBlock, type NumberKernel } from './columns/blocks.ts';
import type { ColumnKernels } from './columns/column-kernels.ts';
import { withNullAs } from './columns/null-as.ts';
import { bytesRouter, type LeafRouter, numberRouter } from './leaf-router.ts';
import { isForeignConstant } from './plan/value-types.ts';

/** Adds a field of one row to the output, and its hash to the row's. */
interface Field {
  fill(start: number, count: number): void;
  /** The most bytes the filled block needs. */
  maxBytes(count: number): number;
  encode(index: number, out: CopyBuffer): void;
  /** Leaves the column's hash of a row in `hashed`. */
  hash(index: number): void;
  /** The way into the partitions by this column's values. */
  router(partitions: PlanPartitions): LeafRouter;
}

/** Running sum of row hashes in two halves; exact while fewer than 2^21 rows were added. */
export interface HashSum {
  high: number;
  low: number;
}

/** One table of a plan, ready to make any of its blocks. */
export class TableKernel {
  readonly table: PlanTable;
  /** The leaf of each row of the last block; null where rows go into the table itself. */
  readonly leafOf: LeafRouter | null;
  /** Where each row of the last block ends in its bytes. */
  readonly rowEnds = new Uint32Array(BLOCK_ROWS);
  private readonly fields: readonly Field[];
  private readonly hashedFields: readonly Field[];
  // Two buffers in turn: one is on its way to the server while the next is filled.
  private readonly buffers = [new CopyBuffer(), new CopyBuffer()] as const;
  private turn = 0;

  constructor(table: PlanTable, tableIndex: number, kernels: Pick<ColumnKernels, 'kernel'>) {
    this.table = table;
    const isBinary = table.format === 'binary';
    const hashed = hashedColumns(table);
    this.fields = table.columns.map((column) => {
      const kernel = withNullAs(kernels.kernel(tableIndex, column.name), column);
      const position = hashed.indexOf(column);
      return kernel.kind === 'number'
        ? numberField(column, kernel, position, isBinary)
        : bytesField(column, kernel, position, isBinary);
    });
    const { partitions } = table;
    const keyField = this.fields[table.columns.findIndex((column) => column.name === partitions?.column)];
    this.leafOf = partitions === null ? null : (keyField?.router(partitions) ?? null);
    this.hashedFields = hashed.map((column) => this.fields[table.columns.indexOf(column)] as Field);
  }

  /**
   * Rows [block * BLOCK_ROWS, ...) as COPY rows without header or trailer. The buffer is the kernel's own and is overwritten by
   * the call after the next. Row hashes are added to `sum`.
   */
  encodeBlock(block: number, sum: HashSum): Buffer {
    const count = this.fillBlock(block);
    this.turn = 1 - this.turn;
    const out = this.buffers[this.turn as 0 | 1];
    out.at = 0;
    out.reserve(this.fields.reduce((bytes, field) => bytes + field.maxBytes(count), count * 2));
    if (this.table.format === 'binary') this.encodeBinary(count, out);
    else this.encodeText(count, out);
    this.hashRows(count, sum);
    return out.bytes.subarray(0, out.at);
  }

  /** Makes the rows of a block without encoding them, and returns how many they are; rowHasher reads them. */
  fillBlock(block: number): number {
    const start = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, this.table.rows - start);
    for (const field of this.fields) field.fill(start, count);
    return count;
  }

  /** What leaves the hash of a row of the filled block in `hashed`: over all hashed columns, or over those at the positions. */
  rowHasher(positions: readonly number[] = [...this.hashedFields.keys()]): (index: number) => void {
    const fields = positions.map((position) => this.hashedFields[position] as Field);
    return (index) => hashFields(fields, index);
  }

  private encodeBinary(count: number, out: CopyBuffer): void {
    const { fields } = this;
    for (let index = 0; index < count; index += 1) {
      out.int16(fields.length);
      for (const field of fields) field.encode(index, out);
      this.rowEnds[index] = out.at;
    }
  }

  private encodeText(count: number, out: CopyBuffer): void {
    const { fields } = this;
    for (let index = 0; index < count; index += 1) {
      fields.forEach((field, position) => {
        out.reserve(1);
        if (position > 0) out.bytes[out.at++] = 0x09;
        field.encode(index, out);
      });
      out.reserve(1);
      out.bytes[out.at++] = 0x0a;
      this.rowEnds[index] = out.at;
    }
  }

  private hashRows(count: number, sum: HashSum): void {
    const { hashedFields } = this;
    for (let index = 0; index < count; index += 1) {
      hashFields(hashedFields, index);
      sum.high += hashed.high;
      sum.low += hashed.low;
    }
  }
}

function hashFields(fields: readonly Field[], index: number): void {
  let high = 0;
  let low = 0;
  for (const field of fields) {
    field.hash(index);
    high ^= hashed.high;
    low ^= hashed.low;
  }
  hashWords(high | 0, low | 0, 0);
}

/**
 * The columns of the content hash, in order: all but constants of a type whose text the server may spell otherwise (jsonb).
 */
export function hashedColumns(table: PlanTable): PlanColumn[] {
  return table.columns.filter((column) => !isForeignConstant(column));
}

/** The columns that it leaves out, and the text that every row of them was sent with. */
export function unhashedConstants(table: PlanTable): Record<string, string> {
  const constants = table.columns.filter(isForeignConstant);
  return Object.fromEntries(
    constants.map(({ name, builder }) => [name, builder.kind === 'constant' ? (builder.text ?? '') : '']),
  );
}

function numberField(column: PlanColumn, kernel: NumberKernel, position: number, isBinary: boolean): Field {
  const block = new NumberBlock();
  const { values } = block;
  const binary = isBinary ? numberEncoder(column.baseType, column.decimals, column.shownDecimals) : null;
  return {
    fill: (start, count) => fillNumbers(kernel, block, start, count),
    maxBytes: (count) => count * MAX_NUMBER_FIELD_BYTES,
    encode: binary !== null ? binaryNumber(values, binary) : textNumber(values, column),
    hash: numberHash(values, column, position + 1),
    router: (partitions) => numberRouter(partitions, block),
  };
}

function binaryNumber(values: Float64Array, encoder: NumberEncoder): Field['encode'] {
  return (index, out) => {
    const value = values[index] as number;
    if (Number.isNaN(value)) encodeNull(out);
    else encoder(value, out);
  };
}

const TEXT_NULL = Buffer.from('\\N', 'ascii');

function textNumber(values: Float64Array, column: PlanColumn): Field['encode'] {
  return (index, out) => {
    const value = values[index] as number;
    const text = Number.isNaN(value)
      ? TEXT_NULL
      : Buffer.from(formatNumberField(column.baseType, value, column.decimals, column.shownDecimals), 'ascii');
    out.reserve(text.length);
    out.copy(text, 0, text.length);
  };
}

function numberHash(values: Float64Array, column: PlanColumn, seed: number): Field['hash'] {
  const hashClass = hashClassOf(column.baseType);
  const { decimals, shownDecimals } = column;
  const scale = 10 ** decimals;
  const isSingle = column.baseType === 'float4';
  const toMicroseconds = 10 ** (6 - decimals);
  const hashValue = (value: number) => {
    if (hashClass === 'float') hashFloat(isSingle ? Math.fround(value / scale) : value / scale, seed);
    else if (hashClass === 'seconds') hashWhole(value * toMicroseconds, seed);
    else if (hashClass === 'text') {
      const text = Buffer.from(formatDecimal(value, decimals, shownDecimals), 'ascii');
      hashBytes(text, 0, text.length, seed);
    } else hashWhole(value, seed);
  };
  return (index) => {
    const value = values[index] as number;
    if (Number.isNaN(value)) hashNull(seed);
    else hashValue(value);
  };
}

function bytesField(column: PlanColumn, kernel: BytesKernel, position: number, isBinary: boolean): Field {
  const block = new BytesBlock();
  return {
    fill: (start, count) => fillBytes(kernel, block, start, count),
    maxBytes: (count) => count * 5 + block.used * (isBinary ? 1 : 2),
    encode: isBinary ? binaryBytes(block, column.baseType === 'jsonb') : textBytes(block, hexPrefixOf(column)),
    hash: bytesHash(block, column, position + 1),
    router: (partitions) => bytesRouter(partitions, column.baseType, block),
  };
}

/** What stands before bytes that are written as hex digits; null for those that are text already, a constant included. */
function hexPrefixOf(column: PlanColumn): string | null {
  if (isForeignConstant(column)) return null;
  return { uuid: '', bytea: '\\x' }[column.baseType] ?? null;
}

/** jsonb has the version of its format, 1, before its text (src/backend/utils/adt/jsonb.c, jsonb_recv). */
function binaryBytes(block: BytesBlock, hasVersion: boolean): Field['encode'] {
  return (index, out) => {
    if (block.isNull[index] === 1) {
      encodeNull(out);
      return;
    }
    const from = block.offsets[index] as number;
    const to = block.offsets[index + 1] as number;
    out.int32(to - from + (hasVersion ? 1 : 0));
    if (hasVersion) out.bytes[out.at++] = 1;
    out.copy(block.data, from, to);
  };
}

function textBytes(block: BytesBlock, hexPrefix: string | null): Field['encode'] {
  return (index, out) => {
    if (block.isNull[index] === 1) {
      out.reserve(TEXT_NULL.length);
      out.copy(TEXT_NULL, 0, TEXT_NULL.length);
      return;
    }
    const from = block.offsets[index] as number;
    const to = block.offsets[index + 1] as number;
    if (hexPrefix !== null) {
      const hex = Buffer.from(hexPrefix + block.data.toString('hex', from, to), 'ascii');
      encodeTextBytes(hex, 0, hex.length, out);
    } else encodeTextBytes(block.data, from, to, out);
  };
}

/** Text and UUIDs hash as they stand; bytea as hex text; a constant of another type as its text. */
function bytesHash(block: BytesBlock, column: PlanColumn, seed: number): Field['hash'] {
  const isHex = hashClassOf(column.baseType) === 'bytes';
  return (index) => {
    if (block.isNull[index] === 1) {
      hashNull(seed);
      return;
    }
    const from = block.offsets[index] as number;
    const to = block.offsets[index + 1] as number;
    if (isHex) {
      const hex = Buffer.from(block.data.toString('hex', from, to), 'ascii');
      hashBytes(hex, 0, hex.length, seed);
    } else hashBytes(block.data, from, to, seed);
  };
}
