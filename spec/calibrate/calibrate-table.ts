// A table of the pack as a table of the spec: rows, references under names of their own, and every other column.
import { namedRecord } from '../named-record.ts';
import type { PackColumn, PackTable } from '../pack.ts';
import type { ColumnSpec, ReferenceSpec, TableSpec } from '../spec.ts';
import { calibrateColumn } from './calibrate-column.ts';
import { calibrateReference } from './calibrate-reference.ts';
import { calibrateRows } from './calibrate-rows.ts';
import { nullFractionOf } from './null-fraction.ts';
import type { PackIndex } from './pack-index.ts';
import type { NamedReference } from './placed-keys.ts';
import { because } from './reason.ts';
import type { SharedKeys } from './shared-keys.ts';
import { resolveKeys, type TableKeys } from './table-keys.ts';

export function calibrateTable(index: PackIndex, shared: SharedKeys, table: PackTable): TableSpec {
  const references = shared.references.get(table.name) ?? [];
  const keys = resolveKeys(index, table, references);
  const rows = calibrateRows(index.pack, table);
  const pairs = keys.distinctPairs.map(([first, second]): [string, string] => [first, second]);
  return {
    rows,
    references: namedRecord(
      references
        .filter(({ role }) => role.kind !== 'dropped')
        .map((reference) => [reference.name, specOf(index, table, reference, keys, rows.count)]),
    ),
    ...(pairs.length === 0 ? {} : { distinctPairs: pairs }),
    columns: namedRecord(calibrateColumns(index, shared, table, keys)),
    ...because(...describeDropped(references), ...describeUnkept(keys)),
  };
}

function specOf(
  index: PackIndex,
  table: PackTable,
  { name, key, role }: NamedReference,
  keys: TableKeys,
  rows: number,
): ReferenceSpec {
  const place = { columns: [...key.columns], table: key.references, to: [...key.referencedColumns], isVirtual: key.virtual };
  if (role.kind === 'through')
    return { ...place, nullFraction: 0, through: [...role.steps], ...because('follows from other keys of the row') };
  if (role.kind === 'within') {
    const distinctFor = keys.distinctFor.get(name);
    return {
      ...place,
      nullFraction: nullFractionOfOwn(index, table, key.columns, {
        parent: key.references,
        group: groupOf(table, role.reference),
      }),
      within: { reference: role.reference, given: [...role.given], ...(distinctFor === undefined ? {} : { distinctFor }) },
      ...because('shares a column with another key: one of the rows that agree with it'),
    };
  }
  const isPaired = keys.distinctPairs.some((pair) => pair.includes(name));
  const isOneToOne = keys.oneToOne.has(name);
  const made = calibrateReference({ index, table, key, rows, isOneToOne });
  const isFull = isPaired || key.columns.some((column) => keys.withoutNulls.has(column));
  return isFull ? { ...made, nullFraction: 0 } : made;
}

/** The table that a reference of this table by that name points at, as far as its columns tell. */
function groupOf(table: PackTable, name: string): string {
  return table.foreignKeys.find((key) => key.columns.join('_') === name)?.references ?? '';
}

/** NULLs of the columns that the reference alone gives. */
function nullFractionOfOwn(
  index: PackIndex,
  table: PackTable,
  columns: readonly string[],
  { parent, group }: { readonly parent: string; readonly group: string },
): number {
  const fractions = table.columns
    .filter(({ name, nullable }) => nullable && columns.includes(name))
    .map((column) => nullFractionOf({ index, table, column }));
  const share = Math.max(0, ...fractions);
  if (parent !== table.name) return share;
  // A row cannot be its own parent, so the first of each group has none already.
  const groups = Math.min(1, (index.tables.get(group)?.rows ?? 0) / Math.max(1, table.rows ?? 1));
  return groups >= 1 ? 0 : Math.max(0, (share - groups) / (1 - groups));
}

function calibrateColumns(index: PackIndex, shared: SharedKeys, table: PackTable, keys: TableKeys): [string, ColumnSpec][] {
  const constants = shared.constants.get(table.name) ?? new Set();
  const owners = (shared.references.get(table.name) ?? []).filter(({ role }) => role.kind === 'free' || role.kind === 'within');
  const owned = new Set(owners.flatMap(({ key }) => key.columns));
  const referenced = referencedColumns(index, table);
  const free = table.columns.filter((column) => !owned.has(column.name) || constants.has(column.name));
  const appendedBy = findAppendOrder(table, free);
  return free.map((column) => {
    if (constants.has(column.name)) return [column.name, sharedConstant(column)];
    const ordinal = keys.ordinals.get(column.name);
    if (ordinal !== undefined) return [column.name, { kind: 'ordinal', ...ordinal, ...because('counts the rows of one parent') }];
    const role = { isUnique: keys.uniqueColumns.has(column.name), inRowOrder: column === appendedBy };
    const made = calibrateColumn({ index, table, column }, role);
    const isFull = keys.withoutNulls.has(column.name) || referenced.has(column.name) || isPairMember(keys, column.name);
    return [column.name, isFull && 'nullFraction' in made ? { ...made, nullFraction: 0 } : made];
  });
}

function isPairMember(keys: TableKeys, column: string): boolean {
  return keys.distinctPairs.some((pair) => pair.includes(column));
}

/** Columns of a key over several columns that others point at: a NULL in one of them would be nobody's parent. */
function referencedColumns({ pack }: PackIndex, table: PackTable): Set<string> {
  const keys = pack.structure.tables.flatMap(({ foreignKeys }) => foreignKeys.filter((key) => key.references === table.name));
  return new Set(keys.filter((key) => key.referencedColumns.length > 1).flatMap((key) => key.referencedColumns));
}

/** The one value of a column that two keys share and no table lists. */
function sharedConstant({ baseType }: PackColumn): ColumnSpec {
  const value = SHARED_VALUES[baseType] ?? 1;
  return { kind: 'constant', value, ...because('two keys share it and no table lists its values: with one value both hold') };
}

const SHARED_VALUES: Readonly<Record<string, string | number | boolean>> = {
  text: '1',
  varchar: '1',
  bpchar: '1',
  citext: '1',
  name: '1',
  bool: true,
  uuid: '00000000-0000-4000-8000-000000000001',
  date: '2000-01-01',
  timestamp: '2000-01-01 00:00:00',
  timestamptz: '2000-01-01 00:00:00+00',
};

/** The time column that rows are taken to be appended by: the first NOT NULL one that leads an index, else the first. */
function findAppendOrder(table: PackTable, columns: readonly PackColumn[]): PackColumn | null {
  const times = columns.filter((column) => isTimestamp(column) && !column.nullable && !column.generated);
  return times.find((column) => table.indexes.some((index) => index.columns[0] === column.name)) ?? times[0] ?? null;
}

function isTimestamp({ baseType, kind }: PackColumn): boolean {
  return (baseType === 'timestamp' || baseType === 'timestamptz') && (kind === 'base' || kind === 'domain');
}

function describeDropped(references: readonly NamedReference[]): string[] {
  return references.flatMap(({ key, role }) =>
    role.kind === 'dropped' ? [`the key (${key.columns.join(', ')}) to ${key.references} is left out: ${role.reason}`] : [],
  );
}

function describeUnkept(keys: TableKeys): string[] {
  return keys.unkept.map((columns) => `nothing here keeps (${columns.join(', ')}) unique`);
}
