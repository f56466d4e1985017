// Values that act as NULL: 0, -1 or '' in a reference whose key does not have them, and '' in many rows of a text column.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { SuggestedSentinel } from '../../spec/suggestions.ts';
import type { Reference, Source, SourceColumn, SourceTable } from '../introspect/source.ts';
import { isTextLike } from '../measure/column-types.ts';
import { relationOf } from '../measure/relation.ts';
import { declaredKeys } from './parent-keys.ts';
import { askNumbers, isSampled, keyExpression, keyFamilyOf, type Questions, sampledFrom } from './questions.ts';

/** A reference's sentinel is told by being no key; it still must be no slip of the pen. */
const KEY_ROWS = 2;
const KEY_SHARE = 0.001;
/** Share of the rows from which '' says that there is nothing. */
const TEXT_SHARE = 0.1;
const TEXT_ROWS = 20;

type Value = SuggestedSentinel['value'];

interface Question {
  readonly column: SourceColumn;
  readonly value: Value;
  /** The reference whose key must lack the value; null for plain text. */
  readonly reference: Reference | null;
}

/** Columns whose '' , 0 or -1 acts as NULL. `references`: known and suggested ones of one column, by table. */
export async function suggestSentinels(
  source: Source,
  references: ReadonlyMap<string, readonly Reference[]>,
  questions: Questions,
): Promise<SuggestedSentinel[]> {
  const found: SuggestedSentinel[] = [];
  for (const table of source.tables) {
    const asked = questionsOf(table, references.get(table.key) ?? []);
    if (asked.length === 0) continue;
    const counts = await askNumbers(questions, `counting the sentinels of ${table.key}`, countSql(table, asked, source));
    const held = asked.flatMap((question, at) =>
      judge(table, question, counts[`n${at}`] ?? 0, counts.rows ?? 0, counts[`k${at}`] ?? 0),
    );
    found.push(...keepCommonest(held));
  }
  return found;
}

function questionsOf(table: SourceTable, references: readonly Reference[]): Question[] {
  const keyed = new Set(declaredKeys(table).flatMap((columns) => (columns.length === 1 ? columns : [])));
  return table.columns.flatMap((column): Question[] => {
    if (column.sentinel !== undefined || column.epoch !== undefined || column.generated || keyed.has(column.name)) return [];
    const own = references.filter(({ columns }) => columns.length === 1 && columns[0] === column.name);
    const virtual = own.find(({ isVirtual }) => isVirtual);
    // A declared key cannot hold a value that its parent lacks.
    if (own.length > 0 && virtual === undefined) return [];
    const values: Value[] = keyFamilyOf(column) === 'integer' ? [0, -1] : isTextLike(column) ? [''] : [];
    if (virtual === undefined)
      return isTextLike(column) && column.kind !== 'enum' ? [{ column, value: '', reference: null }] : [];
    return values.map((value) => ({ column, value, reference: virtual }));
  });
}

function countSql(table: SourceTable, asked: readonly Question[], source: Source): string {
  const counts = asked.flatMap(({ column, value, reference }, at) => {
    const literal = value === '' ? `''` : String(value);
    const name = `t.${quoteIdentifier(column.name)}`;
    const compared = value === '' ? `${name}::text` : name;
    return [
      `(count(*) filter (where ${compared} = ${literal}))::float8 as n${at}`,
      ...(reference === null ? [] : [`(${keyCountSql(source, reference, literal)})::float8 as k${at}`]),
    ];
  });
  return `select\n  count(*)::float8 as rows,\n  ${counts.join(',\n  ')}\nfrom ${sampledFrom(table, 't')}`;
}

function keyCountSql(source: Source, reference: Reference, literal: string): string {
  const parent = source.tables.find(({ key }) => key === reference.parent);
  const column = parent?.columns.find(({ name }) => name === reference.referencedColumns[0]);
  if (parent === undefined || column === undefined) return 'select 1';
  return `select count(*) from ${relationOf(parent.table)} as p where ${keyExpression(column, 'p')} = ${literal}`;
}

function judge(
  table: SourceTable,
  { column, value, reference }: Question,
  withSentinel: number,
  rows: number,
  inKey: number,
): SuggestedSentinel[] {
  const isKey = reference !== null;
  const isFrequent = isKey
    ? inKey === 0 && withSentinel >= KEY_ROWS && withSentinel >= KEY_SHARE * rows
    : withSentinel >= TEXT_ROWS && withSentinel >= TEXT_SHARE * rows && withSentinel < rows;
  if (!isFrequent) return [];
  return [{ table: table.key, column: column.name, value, evidence: { rows, withSentinel, isKey, isSampled: isSampled(table) } }];
}

/** A column has one sentinel. */
function keepCommonest(found: readonly SuggestedSentinel[]): SuggestedSentinel[] {
  return found.filter(
    (one) =>
      !found.some(
        (other) => other !== one && other.column === one.column && other.evidence.withSentinel > one.evidence.withSentinel,
      ),
  );
}
