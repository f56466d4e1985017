// A table's kernel: fills the columns of a block, hashes every row for the content hash, and encodes the rows as COPY data. Every step is a
// loop over one column, so that what is called in it is the same code all the way.
import { CopyBuffer } from '../postgres/copy-buffer.ts';
import { type HashSum, RowHashes } from '../postgres/hash-columns.ts';
import { BLOCK_ROWS, type PlanColumn, type PlanTable } from '../spec/plan.ts';
import type { ColumnKernels } from './columns/column-kernels.ts';
import { withNullAs } from './columns/null-as.ts';
import { RowList } from './columns/row-list.ts';
import { bytesField } from './fields/bytes-field.ts';
import type { Field } from './fields/field.ts';
import { numberField } from './fields/number-field.ts';
import type { LeafRouter } from './leaf-router.ts';
import { isForeignConstant } from './plan/value-types.ts';

/** Rows that are encoded together, so that they stay in the nearest cache while column after column is written. */
const STRIP_ROWS = 128;

/** One table of a plan, ready to make any of its blocks. */
export class TableKernel {
  readonly table: PlanTable;
  /** The leaf of each row of the last block; null where rows go into the table itself. */
  readonly leafOf: LeafRouter | null;
  /** Where each row of the last block ends in its bytes. */
  readonly rowEnds = new Uint32Array(BLOCK_ROWS);
  private readonly list = new RowList();
  private readonly fields: readonly Field[];
  private readonly hashedFields: readonly Field[];
  private readonly hashes = new RowHashes();
  private readonly sizes = new Int32Array(BLOCK_ROWS);
  private readonly cursors = new Int32Array(BLOCK_ROWS);
  // Two buffers in turn: one is on its way to the server while the next is filled.
  private readonly buffers = [new CopyBuffer(), new CopyBuffer()] as const;
  private turn = 0;

  constructor(table: PlanTable, tableIndex: number, kernels: Pick<ColumnKernels, 'kernel'>) {
    this.table = table;
    const isBinary = table.format === 'binary';
    this.fields = table.columns.map((column) => {
      const kernel = withNullAs(kernels.kernel(tableIndex, column.name), column);
      return kernel.kind === 'number' ? numberField(column, kernel, isBinary) : bytesField(column, kernel, isBinary);
    });
    const { partitions } = table;
    const keyField = this.fields[table.columns.findIndex((column) => column.name === partitions?.column)];
    this.leafOf = partitions === null ? null : (keyField?.router(partitions) ?? null);
    this.hashedFields = hashedColumns(table).map((column) => this.fields[table.columns.indexOf(column)] as Field);
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
    if (this.table.format === 'binary') this.encodeBinary(count, out);
    else this.encodeText(count, out);
    this.hashBlock(this.hashes, count);
    this.hashes.addTo(sum, count);
    return out.bytes.subarray(0, out.at);
  }

  /** Makes the rows of a block without encoding them, and returns how many they are. */
  fillBlock(block: number): number {
    const start = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, this.table.rows - start);
    this.list.setRange(start, count);
    for (const field of this.fields) field.fill(this.list);
    return count;
  }

  /** The hashes of the filled block's rows; with `positions`, over those of the hashed columns alone. */
  hashBlock(hashes: RowHashes, count: number, positions?: readonly number[]): void {
    hashes.clear();
    this.hashedFields.forEach((field, position) => {
      if (positions?.includes(position) !== false) field.addHashes(hashes, count, position + 1);
    });
  }

  private encodeBinary(count: number, out: CopyBuffer): void {
    const { cursors, rowEnds, sizes } = this;
    const encoders = this.fields.map(({ binary }) => binary as NonNullable<Field['binary']>);
    // Each row begins with the number of its fields.
    sizes.fill(2, 0, count);
    for (const encoder of encoders) encoder.addSizes(count, sizes);
    let end = 0;
    for (let index = 0; index < count; index += 1) {
      cursors[index] = end + 2;
      end += sizes[index] as number;
      rowEnds[index] = end;
    }
    out.reserve(end);
    for (let index = 0; index < count; index += 1) out.view.setInt16((cursors[index] as number) - 2, encoders.length);
    for (let from = 0; from < count; from += STRIP_ROWS) {
      const to = Math.min(count, from + STRIP_ROWS);
      for (const encoder of encoders) encoder.write(from, to, cursors, out);
    }
    out.at = end;
  }

  private encodeText(count: number, out: CopyBuffer): void {
    const { fields } = this;
    out.reserve(fields.reduce((bytes, field) => bytes + field.maxTextBytes(count), count * 2));
    for (let index = 0; index < count; index += 1) {
      fields.forEach((field, position) => {
        out.reserve(1);
        if (position > 0) out.bytes[out.at++] = 0x09;
        field.encodeText(index, out);
      });
      out.reserve(1);
      out.bytes[out.at++] = 0x0a;
      this.rowEnds[index] = out.at;
    }
  }
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
