// A column whose NULLs are written as a value ('' or 0): the pack has measured that value as NULL, and the copy writes it again.
import type { PackColumn, PackForeignKey, PackTable } from '../pack.ts';
import type { ColumnSpec, ReferenceSpec } from '../spec.ts';

/** Whether rows without a value occur, as NULL or as its stand-in. */
export function canLackValue({ nullable, sentinel }: PackColumn): boolean {
  return nullable || sentinel !== undefined;
}

/** The column's spec with its stand-in for NULL. */
export function withSentinel(spec: ColumnSpec, { sentinel }: PackColumn): ColumnSpec {
  return sentinel !== undefined && 'nullFraction' in spec ? { ...spec, nullAs: sentinel } : spec;
}

/** The same of a reference of one column; with several columns one stand-in would not tell which of them lacks a value. */
export function sentinelOfKey(table: PackTable, key: PackForeignKey): Pick<ReferenceSpec, 'nullAs'> {
  const [name] = key.columns;
  const sentinel = table.columns.find((column) => column.name === name)?.sentinel;
  return key.columns.length === 1 && sentinel !== undefined ? { nullAs: sentinel } : {};
}
