// The window: [day - N, day) in UTC on the tables that have a time column, and what hangs on them, so that what is measured
// is a database whose keys still have parents.
// - A table with a time column keeps its rows in the window and the rows that kept rows of such tables refer to.
// - A table without one keeps a row unless a key of the row points at a row that is not kept.
// Self-references and cycles are cut where a table would be asked about itself again.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { equalsSql } from '../../postgres/equality.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Policy } from '../../spec/policy.ts';
import { findColumn, type Reference, type Source, type SourceTable } from '../introspect/source.ts';
import { namedValue } from './column-value.ts';

export interface Window {
  readonly days: number;
  /** First day, inclusive, and last day, exclusive: YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
}

/** SQL condition over a table's row that is called `alias`; null keeps every row. */
export type KeepRule = (table: string, alias: string) => string | null;

/** Whether the condition looks at other tables, which is work that every statement repeats. */
export function looksElsewhere(condition: string | null): boolean {
  return condition?.includes(EXISTS) ?? false;
}

const EXISTS = 'exists (select from';

const MS_PER_DAY = 86_400_000;

/** The last `days` whole days before the UTC day of `now`; null for all time. */
export function windowOf(days: number | null, now: Date): Window | null {
  if (days === null) return null;
  return { days, from: formatDay(new Date(now.getTime() - days * MS_PER_DAY)), to: formatDay(now) };
}

/** The UTC day as YYYY-MM-DD. */
export function formatDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Which rows are in. Without a window, all. */
export function keepRuleOf(source: Source, policy: Policy, window: Window | null): KeepRule {
  if (window === null) return () => null;
  const timeColumns = new Map(policy.timeColumns.map(({ table, column }) => [table, column]));
  const tables = new Map(source.tables.map((table) => [table.key, table]));
  const context: WindowContext = { source, timeColumns, tables, window };
  return (table, alias) => keepCondition(context, table, alias, []);
}

interface WindowContext {
  readonly source: Source;
  readonly timeColumns: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, SourceTable>;
  readonly window: Window;
}

/** `asking`: the tables whose condition this one is part of. */
function keepCondition(context: WindowContext, table: string, alias: string, asking: readonly string[]): string | null {
  const timeColumn = context.timeColumns.get(table);
  const here = [...asking, table];
  if (timeColumn === undefined) return keepsParents(context, table, alias, here);
  const value = `${alias}.${quoteIdentifier(timeColumn)}`;
  const inWindow = `(${value} >= '${context.window.from}' and ${value} < '${context.window.to}')`;
  return any([inWindow, ...neededByChildren(context, table, alias, here)]);
}

function neededByChildren(context: WindowContext, table: string, alias: string, here: readonly string[]): string[] {
  const children = context.source.tables.filter(({ key }) => context.timeColumns.has(key) && !here.includes(key));
  const child = `w${here.length}`;
  return children.flatMap(({ key, references }) =>
    references
      .filter((reference) => reference.parent === table)
      .map((reference) =>
        exists(context, key, child, [isSameKey(context, reference, child, alias), keepCondition(context, key, child, here)]),
      ),
  );
}

function keepsParents(context: WindowContext, table: string, alias: string, here: readonly string[]): string | null {
  const parent = `w${here.length}`;
  const conditions = (context.tables.get(table)?.references ?? [])
    .filter((reference) => !here.includes(reference.parent))
    .flatMap((reference) => {
      const kept = keepCondition(context, reference.parent, parent, here);
      if (kept === null) return [];
      const noKey = reference.columns.map((column) => `${namedValue(context.tables.get(table), column, alias)} is null`);
      return [any([...noKey, exists(context, reference.parent, parent, [isSameKey(context, reference, alias, parent), kept])])];
    });
  return conditions.length === 0 ? null : conditions.join(' and ');
}

function exists(context: WindowContext, table: string, alias: string, conditions: readonly (string | null)[]): string {
  const { table: relation } = context.tables.get(table) ?? {};
  if (relation === undefined) return 'true';
  const where = conditions.filter((condition) => condition !== null).join(' and ');
  return `${EXISTS} ${relationOf(relation)} as ${alias} where ${where})`;
}

function isSameKey({ tables }: WindowContext, reference: Reference, child: string, parent: string): string {
  const table = tables.get(reference.parent);
  return reference.columns
    .map((column, at) => {
      const to = reference.referencedColumns[at] ?? '';
      const parentColumn = table === undefined ? undefined : findColumn(table, to);
      return equalsSql(parentColumn, `${parent}.${quoteIdentifier(to)}`, `${child}.${quoteIdentifier(column)}`);
    })
    .join(' and ');
}

function any(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? 'true') : `(${conditions.join(' or ')})`;
}
