// A table of the pack as a table of the spec: rows, references under names of their own, and every other column.
import type { PackColumn, PackForeignKey, PackTable } from '../pack.ts';
import type { ColumnSpec, TableSpec } from '../spec.ts';
import { calibrateColumn } from './calibrate-column.ts';
import { calibrateReference } from './calibrate-reference.ts';
import { calibrateRows } from './calibrate-rows.ts';
import type { PackIndex } from './pack-index.ts';
import { because } from './reason.ts';
import { type NamedReference, resolveKeys, type TableKeys } from './table-keys.ts';

export function calibrateTable(index: PackIndex, table: PackTable): TableSpec {
  const { references, dropped } = nameReferences(index, table);
  const keys = resolveKeys(table, references);
  const rows = calibrateRows(index.pack, table);
  const referenceSpecs = references.map(({ name, key }) => {
    const isOneToOne = keys.oneToOne.has(name);
    return [name, calibrateReference({ index, table, key, rows: rows.count, isOneToOne })] as const;
  });
  return {
    rows,
    references: Object.fromEntries(referenceSpecs),
    ...(keys.distinctPairs === null ? {} : { distinctPairs: [[...keys.distinctPairs] as [string, string]] }),
    columns: Object.fromEntries(calibrateColumns(index, table, references, keys)),
    ...because(...describeDropped(dropped), ...describeUnkept(keys)),
  };
}

interface References {
  readonly references: readonly NamedReference[];
  /** Keys that share a column with one that is kept, or point out of the pack. */
  readonly dropped: readonly PackForeignKey[];
}

/** Declared keys first: of two that share a column one is made, since a cell can only be computed from one parent. */
function nameReferences(index: PackIndex, table: PackTable): References {
  const references: NamedReference[] = [];
  const dropped: PackForeignKey[] = [];
  const owned = new Set<string>();
  for (const key of [...table.foreignKeys].sort((left, right) => Number(left.virtual) - Number(right.virtual))) {
    if (!index.tables.has(key.references) || key.columns.some((column) => owned.has(column))) {
      dropped.push(key);
      continue;
    }
    for (const column of key.columns) owned.add(column);
    references.push({ key, name: freeName(key.columns.join('_'), references) });
  }
  return { references, dropped };
}

function freeName(wanted: string, references: readonly NamedReference[]): string {
  const taken = new Set(references.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
}

function calibrateColumns(
  index: PackIndex,
  table: PackTable,
  references: readonly NamedReference[],
  keys: TableKeys,
): [string, ColumnSpec][] {
  const owned = new Set(references.flatMap(({ key }) => key.columns));
  const free = table.columns.filter((column) => !owned.has(column.name));
  const appendedBy = findAppendOrder(table, free);
  return free.map((column) => {
    const role = { isUnique: keys.uniqueColumns.has(column.name), inRowOrder: column === appendedBy };
    return [column.name, calibrateColumn({ index, table, column }, role)];
  });
}

/** The time column that rows are taken to be appended by: the first NOT NULL one that leads an index, else the first. */
function findAppendOrder(table: PackTable, columns: readonly PackColumn[]): PackColumn | null {
  const times = columns.filter((column) => isTimestamp(column) && !column.nullable && !column.generated);
  return times.find((column) => table.indexes.some((index) => index.columns[0] === column.name)) ?? times[0] ?? null;
}

function isTimestamp({ baseType, kind }: PackColumn): boolean {
  return (baseType === 'timestamp' || baseType === 'timestamptz') && (kind === 'base' || kind === 'domain');
}

function describeDropped(dropped: readonly PackForeignKey[]): string[] {
  return dropped.map(
    (key) =>
      `the key (${key.columns.join(', ')}) to ${key.references} is left out: it shares a column with another or its table is not in the pack`,
  );
}

function describeUnkept(keys: TableKeys): string[] {
  return keys.unkept.map((columns) => `nothing here keeps (${columns.join(', ')}) unique`);
}
