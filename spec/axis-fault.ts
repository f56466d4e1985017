// Whether an axis of a table's marginals means something in this spec: its columns, references and labels exist. Calibrate and a merge
// leave out what does not; in a spec that somebody wrote it is a fault.
import type { PairAxis, Via } from './pair-axis.ts';

/** What of a spec's table an axis can name. */
export interface AxisTable {
  readonly columns: Readonly<Record<string, AxisColumn>>;
  readonly references: Readonly<Record<string, { readonly columns: readonly string[]; readonly table: string }>>;
}

export interface AxisColumn {
  readonly kind: string;
  readonly values?: readonly unknown[] | undefined;
}

export type AxisTables = Readonly<Record<string, AxisTable>>;

/** What the axis of table `key` names and the spec lacks, as a sentence without a subject; null where nothing. */
export function findAxisFault(axis: PairAxis, key: string, tables: AxisTables): string | null {
  const table = tables[key];
  if (table === undefined) return `there is no table ${key}`;
  switch (axis.kind) {
    case 'degree':
      return findDegreeFault(axis, key, table, tables);
    case 'heap':
      return axis.via === undefined ? null : findViaFault(axis.via, table, tables);
    case 'lag':
      return (
        findColumnFault(axis.column, key, table) ??
        findViaFault(axis.via, table, tables) ??
        findColumnFault(axis.since, axis.via.references, tables[axis.via.references])
      );
    case 'sameParent':
      return findViaFault(axis.via, table, tables) ?? findViaFault({ ...axis.via, columns: axis.other }, table, tables);
    case 'sameAsPrevious':
      return findViaFault(axis.via, table, tables);
    default:
      return findValueFault(axis, key, table, tables);
  }
}

/** The table that has the axis's column: the row's own, its parent's, or that of its children. */
export function tableOfAxis(axis: PairAxis, key: string): string {
  if ('via' in axis && axis.via !== undefined) return axis.via.references;
  return 'ofChild' in axis && axis.ofChild !== undefined ? axis.ofChild.child : key;
}

type ValueAxis = Extract<PairAxis, { kind: 'presence' | 'number' | 'length' | 'time' | 'category' }>;

function findValueFault(axis: ValueAxis, key: string, table: AxisTable, tables: AxisTables): string | null {
  const way =
    axis.via !== undefined
      ? findViaFault(axis.via, table, tables)
      : 'ofChild' in axis && axis.ofChild !== undefined
        ? findChildFault(axis.ofChild, key, tables)
        : null;
  if (way !== null) return way;
  const owner = tableOfAxis(axis, key);
  const fault = findColumnFault(axis.column, owner, tables[owner]);
  if (fault !== null || axis.kind !== 'category') return fault;
  return findLabelFault(axis.labels, axis.column, tables[owner]?.columns[axis.column]);
}

function findDegreeFault(axis: PairAxis & { kind: 'degree' }, key: string, table: AxisTable, tables: AxisTables): string | null {
  if (axis.via === undefined) return findChildFault(axis, key, tables);
  return findViaFault(axis.via, table, tables) ?? findChildFault(axis, axis.via.references, tables);
}

function findColumnFault(name: string, key: string, table: AxisTable | undefined): string | null {
  const isMade =
    table !== undefined &&
    (table.columns[name] !== undefined || Object.values(table.references).some(({ columns }) => columns.includes(name)));
  return isMade ? null : `${key} has no column ${name} here`;
}

function findViaFault({ columns, references }: Via, table: AxisTable, tables: AxisTables): string | null {
  if (tables[references] === undefined) return `there is no table ${references}`;
  return leads(table, columns, references) ? null : `no reference (${columns.join(', ')}) leads to ${references}`;
}

function findChildFault(
  { child, columns }: { readonly child: string; readonly columns: readonly string[] },
  key: string,
  tables: AxisTables,
): string | null {
  const table = tables[child];
  if (table === undefined) return `there is no table ${child}`;
  return leads(table, columns, key) ? null : `no reference (${columns.join(', ')}) of ${child} leads here`;
}

function leads({ references }: AxisTable, columns: readonly string[], to: string): boolean {
  return Object.values(references).some(
    (reference) => reference.table === to && JSON.stringify(reference.columns) === JSON.stringify(columns),
  );
}

function findLabelFault(labels: readonly number[], name: string, column: AxisColumn | undefined): string | null {
  const size = column?.kind === 'boolean' ? 2 : column?.kind === 'category' ? (column.values?.length ?? 0) : null;
  if (size === null) return `${name} is no category`;
  if (new Set(labels).size < labels.length) return 'a label stands in two classes';
  return labels.every((label) => label < size) ? null : `${name} has the labels 0 to ${size - 1}`;
}
