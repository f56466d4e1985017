// Which columns are sensitive and can be compared with production by their values, and how each server is to read them. Both the digest
// set of a sync and the check of a shadow use this list, so that they mean the same.
import { formatTableKey, quoteIdentifier } from '../../core/identifiers.ts';
import type { UncheckedColumn } from '../../spec/shadow-verification.ts';
import { quoteLiteral } from '../column-sql.ts';
import type { JsonRule } from '../masks/json-tree.ts';
import type { PlannedColumn, PlannedTable } from '../planned-table.ts';
import { formOfColumn, textFormOf } from '../verify/forms/column-form.ts';
import { memberForm } from '../verify/forms/json-form.ts';
import { fromSql } from '../verify/plan-shadow.ts';

export interface Comparable {
  readonly table: PlannedTable;
  readonly column: string;
  /** Of a json rule, the path of the member. */
  readonly path: string | null;
  readonly rule: string;
  /** FROM of the values. */
  readonly from: string;
  /** The value as text; NULL where there is nothing to compare. */
  readonly value: string;
  /** A condition that is true of values which the mask could make too; null: its values have no form. */
  readonly form: string | null;
  /** How many values the mask chooses from. */
  readonly size: number;
}

export interface ComparableColumns {
  readonly comparable: readonly Comparable[];
  readonly notCompared: readonly UncheckedColumn[];
}

const TEXTS = ['text', 'varchar', 'bpchar', 'citext'];
const SMALL_INTEGERS = 2 ** 31;

const NOT_COMPARED: Readonly<Record<string, string>> = {
  keepLast: 'the last characters stay; that the others are hidden, its form shows',
  replace: 'what its pattern does not match stays; that nothing matches any more, its form shows',
  jitter: 'times meet by chance, whatever was done to them',
  shuffle: 'shuffle keeps every value',
  sql: 'values of its type meet by chance',
};

/**
 * The columns of the tables by whether their values are compared. `unproven`: by table, the columns that hold more than their rule makes;
 * these are compared in what else they hold. Pure.
 */
export function listComparable(
  tables: readonly PlannedTable[],
  unproven: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): ComparableColumns {
  const readings = tables.flatMap((table) =>
    table.columns.map((planned) => {
      const usual = readingsOf(table, planned);
      const isFaulty = unproven.get(table.key)?.has(planned.column.name) === true;
      return { table, planned, found: usual.length === 0 && isFaulty ? faultyReadings(table, planned) : usual };
    }),
  );
  const readable = new Set(
    readings.flatMap(({ table, planned, found }) => (found.length === 0 ? [] : [placeOf(table, planned)])),
  );
  const represent = representativesOf(tables, readable);
  const comparable: Comparable[] = [];
  const notCompared: UncheckedColumn[] = [];
  for (const { table, planned, found } of readings) {
    const place = { stage: 'survivors' as const, table: table.key, column: planned.column.name, rule: planned.rule.kind };
    const other = represent(table, planned);
    const why = NOT_COMPARED[planned.rule.kind];
    if (other !== null) notCompared.push({ ...place, why: `its values are those of ${other}, which is compared` });
    else if (found.length > 0) comparable.push(...found);
    else if (why !== undefined) notCompared.push({ ...place, why });
  }
  return { comparable, notCompared };
}

function placeOf({ key }: PlannedTable, { column }: PlannedColumn): string {
  return `${key}.${column.name}`;
}

function readingsOf(table: PlannedTable, planned: PlannedColumn): Comparable[] {
  const { rule, column } = planned;
  const name = `t.${quoteIdentifier(column.name)}`;
  const common = { table, column: column.name, path: null, rule: rule.kind, from: aliased(table), value: `${name}::text` };
  if (rule.kind === 'json') return jsonReadings(table, column.name, rule);
  if (rule.kind === 'token' && /^int/.test(column.baseType))
    return [{ ...common, form: `${name} between -2147483648 and 2147483647`, size: SMALL_INTEGERS }];
  if (rule.kind === 'sql' && TEXTS.includes(column.baseType))
    return [{ ...common, value: varied(common.value), form: null, size: Number.POSITIVE_INFINITY }];
  if (rule.kind !== 'token' && rule.kind !== 'fake') return [];
  const form = textFormOf(planned);
  return form === null ? [] : [{ ...common, form: form.matches(common.value), size: form.size }];
}

/** Values that the rule could not have left are no chance: every one that is production's is a survivor. */
function faultyReadings(table: PlannedTable, planned: PlannedColumn): Comparable[] {
  const { column, rule } = planned;
  const form = formOfColumn(table, planned);
  if ('unchecked' in form || ![...TEXTS, 'uuid', 'xml', 'json', 'jsonb'].includes(column.baseType)) return [];
  const from = `(select * from ${fromSql(table)} where ${form.fault}) as t`;
  const value = varied(`t.${quoteIdentifier(column.name)}::text`);
  return [{ table, column: column.name, path: null, rule: rule.kind, from, value, form: null, size: Number.POSITIVE_INFINITY }];
}

/** NULL of texts that say nothing of anybody, and that an expression makes of any: empty, one character, one character over and over. */
function varied(value: string): string {
  return `case when pg_catalog.btrim(${value}, pg_catalog."left"(${value}, 1)) <> '' then ${value} end`;
}

function aliased(table: PlannedTable): string {
  return `${fromSql(table)} as t`;
}

function jsonReadings(table: PlannedTable, column: string, rule: JsonRule): Comparable[] {
  const paths = Object.keys(rule.paths);
  return Object.entries(rule.paths).flatMap(([path, member]): Comparable[] => {
    const form = member.kind === 'keepLast' ? null : memberForm(member);
    if (form === null) return [];
    const { from, last } = followPath(path.split('.'), paths);
    const value = `(${last} #>> '{}')`;
    const root = `${aliased(table)}, lateral (select t.${quoteIdentifier(column)}::jsonb as v) as p0${from}`;
    return [{ table, column, path, rule: `json ${member.kind}`, from: root, value, form: form.matches(value), size: form.size }];
  });
}

/** Members that other paths name are not among those that `*` means. */
function followPath(parts: readonly string[], paths: readonly string[]): { readonly from: string; readonly last: string } {
  let from = '';
  for (const [at, part] of parts.entries()) {
    const value = `p${at}.v`;
    const step =
      part === '*'
        ? eachSql(value, namedBeside(parts.slice(0, at), paths))
        : `select ${value} -> ${quoteLiteral(part)}::text as v`;
    from += `, lateral (${step}) as p${at + 1}`;
  }
  return { from, last: `p${parts.length}.v` };
}

function eachSql(value: string, named: readonly string[]): string {
  const known = `array[${named.map(quoteLiteral).join(', ')}]::text[]`;
  return [
    `select e.value as v from jsonb_array_elements(case when jsonb_typeof(${value}) = 'array' then ${value} else '[]'::jsonb end) as e`,
    `select e.value from jsonb_each(case when jsonb_typeof(${value}) = 'object' then ${value} - ${known} else '{}'::jsonb end) as e`,
  ].join(' union all ');
}

function namedBeside(prefix: readonly string[], paths: readonly string[]): string[] {
  const names = paths.map((path) => path.split('.')).filter((parts) => prefix.every((part, at) => parts[at] === part));
  return [...new Set(names.flatMap((parts) => parts[prefix.length] ?? []))].filter((name) => name !== '*');
}

/**
 * A reference of one column has no other values than the column that it leads to; in a circle of references one stands for all. Of several
 * columns one may hold anything where another is NULL (MATCH SIMPLE), and a column that is not `readable` stands for nobody.
 */
function representativesOf(
  tables: readonly PlannedTable[],
  readable: ReadonlySet<string>,
): (table: PlannedTable, planned: PlannedColumn) => string | null {
  const parents = new Map<string, string>();
  for (const table of tables)
    for (const key of table.catalog.foreignKeys) {
      const [name, ...others] = key.columns;
      if (name === undefined || others.length > 0 || key.definition.endsWith('NOT VALID') || hasLooseEquality(table, name))
        continue;
      const child = `${table.key}.${name}`;
      const target = `${formatTableKey(key.references)}.${key.referencedColumns[0] ?? ''}`;
      if (child !== target && !parents.has(child)) parents.set(child, target);
    }
  return (table, planned) => {
    const { kind } = planned.rule;
    if (kind !== 'token' && kind !== 'fake' && kind !== 'sql') return null;
    const own = placeOf(table, planned);
    const visited = [own];
    let next = parents.get(own);
    for (; next !== undefined && !visited.includes(next); next = parents.get(next)) visited.push(next);
    const before = next === undefined ? visited : visited.slice(0, visited.indexOf(next));
    const [smallest] = visited
      .slice(before.length)
      .filter((one) => readable.has(one))
      .sort();
    const end = smallest ?? before.findLast((one) => readable.has(one));
    return end === undefined || end === own ? null : end;
  };
}

/** Texts that a reference takes for equal though they are not the same. */
function hasLooseEquality({ catalog }: PlannedTable, name: string): boolean {
  return catalog.columns.some((column) => column.name === name && column.baseType === 'citext');
}
