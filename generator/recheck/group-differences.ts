// Rows that differ, put together by block, ascending; as many by name as the document holds.
import { BLOCK_ROWS } from '../../spec/plan.ts';
import {
  DIFFERENCE_KINDS,
  type DifferenceKind,
  MAX_NAMED_BLOCKS,
  MAX_NAMED_ROWS,
  type RowDifferences,
} from '../../spec/recheck.ts';

/** One row that differs. */
export interface RowDifference {
  readonly row: number;
  readonly what: DifferenceKind;
}

export interface Grouping {
  readonly differences: readonly RowDifference[];
  readonly foreign: number;
  readonly key: readonly string[] | null;
  /** Of the table. */
  readonly rows: number;
  readonly isComplete: boolean;
}

/** Counts of the whole and of each block. */
export function groupDifferences({ differences, foreign, key, rows, isComplete }: Grouping): RowDifferences {
  const sorted = [...differences].sort((left, right) => left.row - right.row);
  const blocks = new Map<number, DifferenceKind[]>();
  for (const { row, what } of sorted) {
    const block = blockOf(row);
    const known = blocks.get(block);
    if (known === undefined) blocks.set(block, [what]);
    else known.push(what);
  }
  return {
    key: key === null ? null : [...key],
    counts: countKinds(sorted.map(({ what }) => what)),
    foreign,
    blockCount: blocks.size,
    blocks: [...blocks].slice(0, MAX_NAMED_BLOCKS).map(([block, kinds]) => ({
      block,
      firstRow: block * BLOCK_ROWS,
      lastRow: Math.min(rows, (block + 1) * BLOCK_ROWS) - 1,
      ...countKinds(kinds),
    })),
    rows: sorted.slice(0, MAX_NAMED_ROWS).map(({ row, what }) => ({ row, block: blockOf(row), what })),
    isComplete,
  };
}

function blockOf(row: number): number {
  return Math.floor(row / BLOCK_ROWS);
}

function countKinds(kinds: readonly DifferenceKind[]): RowDifferences['counts'] {
  const [changed = 0, missing = 0, duplicated = 0] = DIFFERENCE_KINDS.map((kind) => kinds.filter((each) => each === kind).length);
  return { changed, missing, duplicated };
}
