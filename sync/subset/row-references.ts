// The references that rows have to keep in the shadow: declared and virtual ones between tables that come with rows. One whose column is
// masked to NULL leads nowhere any more and asks for nothing.
import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { isNulled } from '../check-references.ts';
import type { PlannedTable } from '../planned-table.ts';
import { isVirtual } from './virtual-references.ts';

/** A pair of columns that a row and the row that it points at have equal. */
export interface ReferencePair {
  readonly mine: CatalogColumn;
  readonly theirs: CatalogColumn;
}

export interface RowReference {
  /** The constraint's name, or the path in the rules. */
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly pairs: readonly ReferencePair[];
  readonly isVirtual: boolean;
}

/** The references of all tables. Pure. */
export function listRowReferences(tables: readonly PlannedTable[]): RowReference[] {
  const byKey = new Map(tables.map((table) => [table.key, table]));
  return tables.flatMap((child) =>
    child.catalog.foreignKeys
      .filter((key) => !isNulled(child, key))
      .flatMap((key): RowReference[] => {
        const parent = byKey.get(formatTableKey(key.references));
        if (parent === undefined) return [];
        const pairs = key.columns.flatMap((name, place) => {
          const mine = columnOf(child, name);
          const theirs = columnOf(parent, key.referencedColumns[place]);
          return mine === undefined || theirs === undefined ? [] : [{ mine, theirs }];
        });
        return [{ name: key.name, child: child.key, parent: parent.key, pairs, isVirtual: isVirtual(key) }];
      }),
  );
}

function columnOf({ catalog }: PlannedTable, name: string | undefined): CatalogColumn | undefined {
  return catalog.columns.find((column) => column.name === name);
}
