// A table's kernel: fills the columns of a block, hashes every row for the content hash, and encodes the rows as COPY data. Every step is a
// loop over one column, so that what is called in it is the same code all the way.
import { CopyBuffer } from '../postgres/copy-buffer.ts';
import { type HashSum, RowHashes } from '../postgres/hash-columns.ts';
import { BLOCK_ROWS, type PlanColumn, type PlanTable } from '../spec/plan.ts';
import { runToEnd, type Steps } from '../stats/steps.ts';
import type { ColumnKernels } from './columns/column-kernels.ts';
import { withNullAs } from './columns/null-as.ts';
import { RowList } from './columns/row-list.ts';
import { bytesField } from './fields/bytes-field.ts';
import type { Field } from './fields/field.ts';
import { numberField } from './fields/number-field.ts';
import type { LeafRouter } from './leaf-router.ts';
import { isForeignConstant } from './plan/value-types.ts';

/** Rows that go through all steps together: few enough to stay in the near caches on their way, and many enough for the loops. */
const STRIP_ROWS = 256;

/** One table of a plan, ready to make any of its blocks. */
export class TableKernel {
  readonly table: PlanTable;
  /** Whether rows go into leaves of the table. */
  get isRouted(): boolean {
    return this.router !== null;
  }
  /** Where rows are routed: the leaf of each row of the last block, -1 where only the server knows it. */
  readonly leaves = new Int32Array(BLOCK_ROWS);
  /** Where each row of the last block ends in its bytes. */
  readonly rowEnds = new Uint32Array(BLOCK_ROWS);
  /** The hash of each row of the last block, its low and its high half. */
  readonly rowHashes = new Int32Array(2 * BLOCK_ROWS);
  private readonly router: LeafRouter | null;
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
    this.router = partitions === null ? null : (keyField?.router(partitions) ?? null);
    this.hashedFields = hashedColumns(table).map((column) => this.fields[table.columns.indexOf(column)] as Field);
  }

  /**
   * Rows [block * BLOCK_ROWS, ...) as COPY rows without header or trailer. The buffer is the kernel's own and is overwritten by
   * the call after the next. Row hashes are added to `sum`.
   */
  encodeBlock(block: number, sum: HashSum): Buffer {
    return runToEnd(this.encodeInSteps(block, sum));
  }

  /** encodeBlock with a pause every fraction of a millisecond, in which the thread can send what it made before. */
  *encodeInSteps(block: number, sum: HashSum): Steps<undefined, Buffer> {
    const start = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, this.table.rows - start);
    this.turn = 1 - this.turn;
    const out = this.buffers[this.turn as 0 | 1];
    out.at = 0;
    for (let from = 0; from < count; from += STRIP_ROWS) {
      this.encodeStrip(start, from, Math.min(STRIP_ROWS, count - from), out);
      this.hashes.addTo(sum, Math.min(STRIP_ROWS, count - from), this.rowHashes, from);
      yield;
    }
    return out.bytes.subarray(0, out.at);
  }

  private encodeStrip(start: number, from: number, count: number, out: CopyBuffer): void {
    this.list.setRange(start + from, count);
    for (const field of this.fields) field.fill(this.list);
    const ends = this.rowEnds.subarray(from, from + count);
    if (this.table.format === 'binary') this.encodeBinary(count, ends, out);
    else this.encodeText(count, ends, out);
    this.hashBlock(this.hashes, count);
    if (this.router === null) return;
    for (let index = 0; index < count; index += 1) this.leaves[from + index] = this.router(index);
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

  private encodeBinary(count: number, ends: Uint32Array, out: CopyBuffer): void {
    const { cursors, sizes } = this;
    const encoders = this.fields.map(({ binary }) => binary as NonNullable<Field['binary']>);
    // Each row begins with the number of its fields.
    sizes.fill(2, 0, count);
    for (const encoder of encoders) encoder.addSizes(count, sizes);
    let end = out.at;
    for (let index = 0; index < count; index += 1) {
      cursors[index] = end + 2;
      end += sizes[index] as number;
      ends[index] = end;
    }
    out.reserve(end - out.at);
    for (let index = 0; index < count; index += 1) out.view.setInt16((cursors[index] as number) - 2, encoders.length);
    for (const encoder of encoders) encoder.write(0, count, cursors, out);
    out.at = end;
  }

  private encodeText(count: number, ends: Uint32Array, out: CopyBuffer): void {
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
      ends[index] = out.at;
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
