// A column of a block on its way out: its values, its COPY fields and its part of the rows' content hashes.
import type { CopyBuffer } from '../../postgres/copy-buffer.ts';
import type { ColumnEncoder } from '../../postgres/encode-columns.ts';
import type { RowHashes } from '../../postgres/hash-columns.ts';
import type { PlanPartitions } from '../../spec/plan.ts';
import type { RowList } from '../columns/row-list.ts';
import type { LeafRouter } from '../leaf-router.ts';

export interface Field {
  /** Makes the values of a list of rows; all else reads them. */
  fill(list: RowList): void;
  /** The binary form; null where the type has none, or the table goes as text. */
  readonly binary: ColumnEncoder | null;
  /** Most bytes of `count` text fields. */
  maxTextBytes(count: number): number;
  /** Appends the text field of row `index` of the list. */
  encodeText(index: number, out: CopyBuffer): void;
  /** Adds the column's hashes; `seed` is its place among the hashed columns, from 1. */
  addHashes(hashes: RowHashes, count: number, seed: number): void;
  /** The way into the partitions by this column's values. */
  router(partitions: PlanPartitions): LeafRouter;
}

/** A NULL in text rows. */
export const TEXT_NULL = Buffer.from('\\N', 'ascii');

/** Appends ready text. */
export function appendText(text: Buffer, out: CopyBuffer): void {
  out.reserve(text.length);
  out.copy(text, 0, text.length);
}
