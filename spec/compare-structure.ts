// How a database differs from the structure that a spec or pack was measured on. Facts only; what a difference means for a run is
// judged by who asks (generator/plan/drift.ts).
import { z } from 'zod';
import { parseColumnText, type Structure } from './structure.ts';

/** A difference for people and for --json. No label of an enum is named, only how many. */
export const driftSchema = z.strictObject({
  /** `structure.tables.public.users.columns.email`. */
  path: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  what: z.enum(['table', 'column', 'type', 'length', 'nullability', 'default', 'key', 'label']),
  message: z.string(),
});

export type Drift = z.output<typeof driftSchema>;

/** A difference with what is needed to judge it. */
export interface Difference extends Drift {
  /** The table, or the enum where `what` is label. */
  readonly object: string;
  /** A column, a key's text; null for a table or an enum. */
  readonly name: string | null;
  /** Of a label: the labels added or removed. Never printed. */
  readonly labels: readonly string[];
}

/** Every difference, in the order of the expected structure, then what is new. Pure. */
export function compareStructures(expected: Structure, found: Structure): Difference[] {
  const tables = unionOf(expected.tables, found.tables).flatMap((table): Difference[] => {
    const before = expected.tables[table];
    const after = found.tables[table];
    if (after === undefined) return [difference('table', 'removed', table, null, 'the target does not have this table')];
    if (before === undefined) return [difference('table', 'added', table, null, 'is new in the target')];
    return [...compareColumns(table, before.columns, after.columns), ...compareKeys(table, before.keys, after.keys)];
  });
  const enums = Object.keys(expected.enums).flatMap((name) =>
    compareLabels(name, expected.enums[name] ?? [], found.enums[name] ?? []),
  );
  return [...tables, ...enums];
}

/** The difference as documents carry it. */
export function toDrift({ path, change, what, message }: Difference): Drift {
  return { path, change, what, message };
}

type Columns = Structure['tables'][string]['columns'];

function compareColumns(table: string, before: Columns, after: Columns): Difference[] {
  return unionOf(before, after).flatMap((column): Difference[] => {
    const old = before[column];
    const now = after[column];
    if (now === undefined) return [difference('column', 'removed', table, column, 'the target does not have this column')];
    if (old === undefined) return [difference('column', 'added', table, column, `is new in the target: ${now}`)];
    return old === now ? [] : compareColumn(table, column, old, now);
  });
}

function compareColumn(table: string, column: string, old: string, now: string): Difference[] {
  const before = parseColumnText(old);
  const after = parseColumnText(now);
  const found: Difference[] = [];
  const changed = (what: Drift['what'], from: string, to: string) =>
    found.push(difference(what, 'changed', table, column, `${from} here, ${to} in the target`));
  if (before.type !== after.type) {
    const isShorter = after.maxLength !== null && after.maxLength < (before.maxLength ?? Number.POSITIVE_INFINITY);
    changed(isShorter && isText(before.type) ? 'length' : 'type', before.type, after.type);
  }
  if (before.isNotNull !== after.isNotNull) changed('nullability', nullText(before.isNotNull), nullText(after.isNotNull));
  if (found.length === 0) changed('default', old, now);
  return found;
}

const isText = (type: string): boolean => /^(text|citext|varchar|bpchar)(\(|$)/.test(type);
const nullText = (isNotNull: boolean): string => (isNotNull ? 'NOT NULL' : 'nullable');

function compareKeys(table: string, before: readonly string[], after: readonly string[]): Difference[] {
  const removed = before.filter((key) => !after.includes(key));
  const added = after.filter((key) => !before.includes(key));
  return [
    ...removed.map((key) => difference('key', 'removed', table, key, `the target does not have ${key}`)),
    ...added.map((key) => difference('key', 'added', table, key, `the target has a new ${key}`)),
  ];
}

function compareLabels(name: string, before: readonly string[], after: readonly string[]): Difference[] {
  const removed = before.filter((label) => !after.includes(label));
  const added = after.filter((label) => !before.includes(label));
  const gone = `the target's enum lacks ${countLabels(removed.length)} of it`;
  return [
    ...(removed.length === 0 ? [] : [difference('label', 'removed', name, null, gone, removed)]),
    ...(added.length === 0
      ? []
      : [difference('label', 'added', name, null, `the target's enum has ${countLabels(added.length)} more`, added)]),
  ];
}

function countLabels(count: number): string {
  return `${count} ${count === 1 ? 'label' : 'labels'}`;
}

function difference(
  what: Drift['what'],
  change: Drift['change'],
  object: string,
  name: string | null,
  message: string,
  labels: readonly string[] = [],
): Difference {
  return { path: pathOf(what, object, name), change, what, message, object, name, labels };
}

function pathOf(what: Drift['what'], object: string, name: string | null): string {
  if (what === 'label') return `structure.enums.${object}`;
  if (what === 'key') return `structure.tables.${object}.keys`;
  return `structure.tables.${object}${name === null ? '' : `.columns.${name}`}`;
}

/** Keys of the first, then those of the second that the first lacks. */
function unionOf(first: Readonly<Record<string, unknown>>, second: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(first), ...Object.keys(second)])];
}
