// Rows of an undeclared reference whose key no parent has. A copy keeps every key, so they cannot be made; but taken for children they would
// all fall to the few parents whose degree was not released.

import type { PackForeignKey, PackTable } from '../pack.ts';
import { NULL_CLASS } from '../pair-axis.ts';
import type { PackIndex } from './pack-index.ts';

/** Share of the table's rows that lead to no parent, those with NULL included; null where the pack cannot tell. */
export function shareWithoutParent({ pack }: PackIndex, table: PackTable, key: PackForeignKey): number | null {
  for (const { axes, cells, table: name, total } of pack.pairs.marginals) {
    if (name !== table.name || total === 0) continue;
    // Every row of the parent has a place in its heap: class 0 is nothing but rows without a parent.
    const at = axes.findIndex(
      (axis) =>
        axis.kind === 'heap' &&
        axis.via !== undefined &&
        axis.via.references === key.references &&
        String(axis.via.columns) === String(key.columns),
    );
    if (at < 0) continue;
    const without = cells.reduce((sum, cell) => sum + (cell[at + 1] === NULL_CLASS ? (cell.at(-1) ?? 0) : 0), 0);
    return without / total;
  }
  return null;
}
