// A table as it stands in a FROM clause.
import { type QualifiedName, quoteQualified } from '../core/identifiers.ts';

/** `only` keeps the children of old-style inheritance out; a partitioned table is nothing but its children. */
export function relationOf(table: QualifiedName & { readonly isPartitioned: boolean }): string {
  return table.isPartitioned ? quoteQualified(table) : `only ${quoteQualified(table)}`;
}
