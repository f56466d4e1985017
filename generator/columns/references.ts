// Columns that hold the key of a parent: the parent's row is computed, and its key made again.
import type { PlanKey } from '../../spec/plan.ts';
import { ParentSource } from '../keys/parent-source.ts';
import { mixBelow } from '../random/mixer.ts';
import { type BytesBlock, type BytesKernel, fillBytes, fillNumbers, type NumberKernel } from './blocks.ts';
import { PresentRows, type RowList } from './row-list.ts';

/** The parent, or where there is none any row of the parent's table. */
export class SomeParent extends ParentSource {
  private readonly own: ParentSource;
  private readonly rows: number;
  private readonly key: PlanKey;

  constructor(own: ParentSource, rows: number, key: PlanKey) {
    super();
    this.own = own;
    this.rows = rows;
    this.key = key;
  }

  parentOf(row: number): number {
    const parent = this.own.parentOf(row);
    return parent >= 0 || this.rows === 0 ? parent : mixBelow(this.key, row, this.rows);
  }
}

/** The parent's number; NULL where there is no parent. */
export function numberReference(source: ParentSource, parent: NumberKernel): NumberKernel {
  const present = new PresentRows();
  return {
    kind: 'number',
    at(row) {
      const parentRow = source.parentOf(row);
      return parentRow < 0 ? Number.NaN : parent.at(parentRow);
    },
    fill(list, values) {
      const parents = source.parentsOf(list);
      fillNumbers(parent, present.of(parents), values);
      present.spread(values, parents, Number.NaN);
    },
  };
}

/** The parent's bytes; NULL where there is no parent. */
export function bytesReference(source: ParentSource, parent: BytesKernel): BytesKernel {
  return {
    kind: 'bytes',
    append(row, block) {
      const parentRow = source.parentOf(row);
      return parentRow >= 0 && parent.append(parentRow, block);
    },
    fill(list, block) {
      const parents = source.parentsOf(list);
      if (parents.hasMissing) appendPresent(parent, parents, block);
      else fillBytes(parent, parents, block);
    },
  };
}

function appendPresent(parent: BytesKernel, { count, rows }: RowList, block: BytesBlock): void {
  block.used = 0;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] as number;
    block.offsets[index] = block.used;
    block.isNull[index] = row >= 0 && parent.append(row, block) ? 0 : 1;
  }
  block.offsets[count] = block.used;
}
