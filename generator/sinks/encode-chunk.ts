// The bytes of a file or a stream around and for the blocks of a table. Digests are always those of the plan's own COPY format, so that
// a dataset has one fingerprint wherever it goes; CSV is made beside it, from the same rows as COPY text.
import { BINARY_HEADER, BINARY_TRAILER } from '../../postgres/encode-binary.ts';
import type { PlanTable } from '../../spec/plan.ts';
import type { ColumnKernels } from '../columns/column-kernels.ts';
import { TableKernel } from '../table-kernel.ts';
import { CsvRows, csvHeader } from './csv-rows.ts';
import type { FileFormat } from './file-sink.ts';

export interface ChunkEncoder {
  readonly header: Buffer;
  readonly trailer: Buffer;
  /** A block's bytes from its rows as COPY data in the plan's format; valid until the call after the next. */
  encode(rows: Buffer, block: number): Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The encoder of a table; `kernels` are those that make its rows. */
export function chunkEncoder(
  table: PlanTable,
  tableIndex: number,
  format: FileFormat,
  kernels: Pick<ColumnKernels, 'kernel'>,
): ChunkEncoder {
  switch (format) {
    case 'binary':
      return { header: BINARY_HEADER, trailer: BINARY_TRAILER, encode: (rows) => rows };
    case 'text':
      return { header: NOTHING, trailer: NOTHING, encode: (rows) => rows };
    case 'csv': {
      const csv = new CsvRows();
      const asText = table.format === 'text' ? null : new TableKernel({ ...table, format: 'text' }, tableIndex, kernels);
      return {
        header: csvHeader(table.columns.map(({ name }) => name)),
        trailer: NOTHING,
        encode: (rows, block) => csv.convert(asText?.encodeBlock(block, { high: 0, low: 0 }) ?? rows),
      };
    }
  }
}
