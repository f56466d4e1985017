// What must stay unique in a table, and which columns see to it. A key is kept by one column that is unique by itself, by a
// reference whose parents have one child at most, or by two references that together are the key.
import type { PackColumn, PackForeignKey, PackTable } from '../pack.ts';

/** A foreign key under the name that the spec gives it. */
export interface NamedReference {
  readonly name: string;
  readonly key: PackForeignKey;
}

export interface TableKeys {
  /** Columns, not of a reference, whose values must all differ. */
  readonly uniqueColumns: ReadonlySet<string>;
  /** References whose columns hold a whole key: one child per parent at most. */
  readonly oneToOne: ReadonlySet<string>;
  readonly distinctPairs: readonly [string, string] | null;
  /** Keys that nothing keeps: their rows may collide. */
  readonly unkept: readonly (readonly string[])[];
}

const SEQUENCE_TYPES = new Set(['int2', 'int4', 'int8', 'numeric']);
const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'citext']);

/** Whether values of the column can be numbered. */
export function canBeSequence({ baseType, scale = 0 }: PackColumn): boolean {
  return SEQUENCE_TYPES.has(baseType) && scale === 0;
}

export function isTextColumn({ baseType, kind }: PackColumn): boolean {
  return TEXT_TYPES.has(baseType) && kind !== 'array';
}

/** Reads the table's primary key, unique constraints and unique indexes; an index that is unique only over some rows counts too. */
export function resolveKeys(table: PackTable, references: readonly NamedReference[]): TableKeys {
  const keys: OpenKeys = { uniqueColumns: new Set(), oneToOne: new Set(), distinctPairs: null, unkept: [] };
  for (const columns of listKeys(table)) keepKey(keys, table, columns, references);
  return keys;
}

interface OpenKeys {
  readonly uniqueColumns: Set<string>;
  readonly oneToOne: Set<string>;
  distinctPairs: readonly [string, string] | null;
  readonly unkept: (readonly string[])[];
}

/** Adds to `keys` what keeps one more key, unless something already does. */
function keepKey(keys: OpenKeys, table: PackTable, columns: readonly string[], references: readonly NamedReference[]): void {
  const inside = references.filter(({ key }) => key.columns.every((column) => columns.includes(column)));
  if (columns.some((column) => keys.uniqueColumns.has(column)) || inside.some(({ name }) => keys.oneToOne.has(name))) return;
  const isCovered = inside.flatMap(({ key }) => key.columns).length === columns.length;
  const [first, second] = inside;
  if (isCovered && inside.length === 1 && first !== undefined) keys.oneToOne.add(first.name);
  else if (isCovered && inside.length === 2 && first !== undefined && second !== undefined)
    keepPair(keys, columns, [first.name, second.name]);
  else {
    const keeper = chooseKeeper(table, columns, references);
    if (keeper === null) keys.unkept.push(columns);
    else keys.uniqueColumns.add(keeper);
  }
}

function keepPair(keys: OpenKeys, columns: readonly string[], pair: readonly [string, string]): void {
  if (keys.distinctPairs === null) keys.distinctPairs = pair;
  else if (!pair.every((name) => keys.distinctPairs?.includes(name))) keys.unkept.push(columns);
}

/** Short keys first: what keeps them keeps the longer keys around them as well. */
function listKeys(table: PackTable): string[][] {
  const indexed = table.indexes.flatMap(({ columns, isUnique }) => {
    const named = columns.filter((column) => column !== null);
    return isUnique && named.length === columns.length ? [named] : [];
  });
  const keys = [
    ...(table.primaryKey === null ? [] : [table.primaryKey]),
    ...table.uniques.map(({ columns }) => columns),
    ...indexed,
  ];
  return keys.filter((columns) => columns.length > 0).sort((left, right) => left.length - right.length);
}

/** The column that is made unique for the key's sake: a uuid, a number, a text, in this order. */
function chooseKeeper(table: PackTable, columns: readonly string[], references: readonly NamedReference[]): string | null {
  const owned = new Set(references.flatMap(({ key }) => key.columns));
  const free = table.columns.filter((column) => columns.includes(column.name) && !owned.has(column.name) && !column.generated);
  const keeper =
    free.find((column) => column.baseType === 'uuid' && column.kind !== 'array') ??
    free.find(canBeSequence) ??
    free.find(isTextColumn);
  return keeper?.name ?? null;
}
