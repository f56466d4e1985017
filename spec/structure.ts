// The structure that a spec was measured on, one short text per column and key, so that generate can tell how a target differs
// from it. Packs and catalogs are both brought into this form by describeStructure; nothing else compares them.
import { z } from 'zod';
import { namedRecord, namedRecordOf } from './named-record.ts';
import type { Pack } from './pack.ts';
import { tableKeySchema } from './policy.ts';

const tableStructureSchema = z.strictObject({
  /** Type, then any of: generated, identity, default, not null. `int4 not null`, `varchar(20) default`, `public.mood`. */
  columns: namedRecordOf(z.string(), z.string()),
  /** `primary key (id)`, `unique nulls not distinct (a, b)`, `foreign key (user_id) -> public.users (id)`. */
  keys: z.array(z.string()).default([]),
});

export const structureSchema = z.strictObject({
  tables: namedRecordOf(tableKeySchema, tableStructureSchema),
  /** Labels of each enum, in order. */
  enums: namedRecordOf(z.string(), z.array(z.string())).default(() => namedRecord<never>([])),
});

export type Structure = z.output<typeof structureSchema>;

export interface DescribedColumn {
  readonly name: string;
  /** The type as declared, by its name or, where it is not built in, its key. */
  readonly type: string;
  readonly maxLength?: number | null | undefined;
  readonly precision?: number | null | undefined;
  readonly scale?: number | null | undefined;
  readonly nullable: boolean;
  readonly generated: boolean;
  readonly identity: 'none' | 'always' | 'byDefault';
  readonly hasDefault: boolean;
}

/** A table in words that packs and catalogs share. Foreign keys are the declared ones only. */
export interface DescribedTable {
  readonly name: string;
  readonly columns: readonly DescribedColumn[];
  readonly primaryKey: readonly string[] | null;
  readonly uniques: readonly { readonly columns: readonly string[]; readonly nullsNotDistinct: boolean }[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly references: string;
    readonly referencedColumns: readonly string[];
  }[];
  /** A null column is an expression. */
  readonly indexes: readonly { readonly columns: readonly (string | null)[]; readonly isUnique: boolean }[];
}

/** Tables and enums as texts. Pure. */
export function describeStructure(
  tables: readonly DescribedTable[],
  enums: readonly { readonly name: string; readonly labels: readonly string[] }[],
): Structure {
  return {
    tables: namedRecord(tables.map((table) => [table.name, describeTable(table)])),
    enums: namedRecord(enums.map(({ name, labels }) => [name, [...labels]])),
  };
}

/** What the pack says of its source; keys that only the policy declares are left out. */
export function structureOfPack({ structure }: Pack): Structure {
  const tables = structure.tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.filter((key) => !key.virtual),
  }));
  return describeStructure(tables, structure.enums);
}

/** A column's text taken apart again. */
export interface ColumnText {
  readonly type: string;
  /** varchar(n), char(n): n; else null. */
  readonly maxLength: number | null;
  readonly isNotNull: boolean;
  /** The server fills it when nobody does: default, identity, generated. */
  readonly isFilled: boolean;
}

/** Reads `varchar(20) default not null`. A text that is not of this form is all type. */
export function parseColumnText(text: string): ColumnText {
  const match = /^(.*?)((?: (?:generated|identity always|identity|default))*)( not null)?$/.exec(text.trim());
  const type = match?.[1] ?? text;
  const length = /\((\d+)\)$/.exec(type)?.[1];
  return {
    type,
    maxLength: length === undefined || /^numeric/.test(type) ? null : Number(length),
    isNotNull: match?.[3] !== undefined,
    isFilled: (match?.[2] ?? '') !== '',
  };
}

function describeTable(table: DescribedTable): Structure['tables'][string] {
  return {
    columns: namedRecord(table.columns.map((column) => [column.name, describeColumn(column)])),
    keys: describeKeys(table),
  };
}

function describeColumn(column: DescribedColumn): string {
  const identity = { none: '', always: ' identity always', byDefault: ' identity' }[column.identity];
  const filled = `${column.generated ? ' generated' : ''}${identity}${column.hasDefault ? ' default' : ''}`;
  return `${column.type}${modifierOf(column)}${filled}${column.nullable ? '' : ' not null'}`;
}

function modifierOf({ maxLength, precision, scale }: DescribedColumn): string {
  if (typeof maxLength === 'number') return `(${maxLength})`;
  if (typeof precision !== 'number') return '';
  // Since PostgreSQL 15 a scale may be negative; packs hold it as 0.
  return `(${precision},${Math.max(0, scale ?? 0)})`;
}

function describeKeys({ primaryKey, uniques, foreignKeys, indexes }: DescribedTable): string[] {
  const constraints = [...(primaryKey === null ? [] : [primaryKey]), ...uniques.map(({ columns }) => columns)];
  const known = new Set(constraints.map((columns) => JSON.stringify(columns)));
  const indexed = indexes.filter(({ isUnique, columns }) => isUnique && !known.has(JSON.stringify(columns)));
  const texts = [
    ...(primaryKey === null ? [] : [`primary key ${list(primaryKey)}`]),
    ...uniques.map(({ columns, nullsNotDistinct }) => uniqueText(columns, nullsNotDistinct)),
    ...indexed.map(({ columns }) => uniqueText(columns, false)),
    ...foreignKeys.map(
      ({ columns, references, referencedColumns }) => `foreign key ${list(columns)} -> ${references} ${list(referencedColumns)}`,
    ),
  ];
  return [...new Set(texts)].sort();
}

/** The text of a unique key; an expression is called that, because none leaves production. */
export function uniqueText(columns: readonly (string | null)[], nullsNotDistinct: boolean): string {
  return `unique ${nullsNotDistinct ? 'nulls not distinct ' : ''}${list(columns)}`;
}

function list(columns: readonly (string | null)[]): string {
  return `(${columns.map((column) => column ?? 'expression').join(', ')})`;
}
