// The keys of a table that somebody has to keep: primary key, unique constraints and unique indexes, with generated columns replaced by
// what they read.
import type { PackTable } from '../pack.ts';

/** A key of the table: unique over these columns. `isPartial`: over some rows only. */
export interface WantedKey {
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly isPartial: boolean;
  /** What its expressions read; which of them shows in the end nobody knows, so each is made unique. */
  readonly expressionColumns: readonly string[];
}

/** A generated column is an expression over the columns that it reads. */
function readThrough(table: PackTable, key: WantedKey): WantedKey {
  const generated = table.columns.filter(({ name, generated }) => generated && key.columns.includes(name));
  if (generated.length === 0) return key;
  const sources = generated.flatMap(({ generatedFrom }) => generatedFrom ?? []);
  const plain = key.columns.filter((name) => !generated.some((column) => column.name === name));
  return {
    ...key,
    columns: [...new Set([...plain, ...sources])],
    expressionColumns: [...new Set([...key.expressionColumns, ...sources])],
  };
}

/** Primary key, unique constraints and unique indexes, short ones first: what keeps them keeps the longer keys around them as well. */
export function listKeys(table: PackTable): WantedKey[] {
  const plain = { isPartial: false, expressionColumns: [] };
  const declared = [
    ...(table.primaryKey === null ? [] : [{ columns: table.primaryKey, nullsNotDistinct: false, ...plain }]),
    ...table.uniques.map((key) => ({ ...key, ...plain })),
  ];
  const indexed = table.indexes
    .filter((index) => index.isUnique)
    .map((index) => ({
      columns: [...new Set([...index.columns.filter((column) => column !== null), ...(index.expressionColumns ?? [])])],
      nullsNotDistinct: false,
      isPartial: index.predicateColumns !== undefined,
      expressionColumns: index.expressionColumns ?? [],
    }));
  const rank = (key: WantedKey) => key.columns.length + (key.isPartial ? 100 : 0);
  return [...declared, ...indexed]
    .map((key) => readThrough(table, key))
    .filter(({ columns }) => columns.length > 0)
    .sort((left, right) => rank(left) - rank(right));
}
