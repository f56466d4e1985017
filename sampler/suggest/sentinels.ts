// Values that act as NULL: 0, -1 or '' in a reference whose key does not have them, 0 or -1 in an integer that is a time, and '' in
// many rows of a text column.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { SuggestedEpoch, SuggestedSentinel } from '../../spec/suggestions.ts';
import type { Reference, Source, SourceColumn, SourceTable } from '../introspect/source.ts';
import { isTextLike } from '../measure/column-types.ts';
import { declaredKeys } from './parent-keys.ts';
import { askNumbers, isSampled, keyExpression, keyFamilyOf, type Questions, sampledFrom } from './questions.ts';

/** A sentinel of a reference is told by being no key, of a time by being 1970; it still must be no slip of the pen. */
const KEY_ROWS = 2;
const KEY_SHARE = 0.001;
/** Share of the rows from which '' says that there is nothing. */
const TEXT_SHARE = 0.1;
const TEXT_ROWS = 20;

type Value = SuggestedSentinel['value'];
type Place = SuggestedSentinel['evidence']['of'];

interface Question {
  readonly column: SourceColumn;
  readonly value: Value;
  readonly of: Place;
  /** The reference whose key must lack the value; else null. */
  readonly reference: Reference | null;
}

interface Known {
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  readonly epochs: readonly SuggestedEpoch[];
}

/** Columns whose '', 0 or -1 acts as NULL. `references`: known and suggested ones of one column, by table; so are `epochs`. */
export async function suggestSentinels(
  source: Source,
  { references, epochs }: Known,
  questions: Questions,
): Promise<SuggestedSentinel[]> {
  const found: SuggestedSentinel[] = [];
  for (const table of source.tables) {
    const asked = questionsOf(table, references.get(table.key) ?? [], epochs);
    if (asked.length === 0) continue;
    const counts = await askNumbers(questions, `counting the sentinels of ${table.key}`, countSql(table, asked, source));
    const held = asked.flatMap((question, at) =>
      judge(table, question, counts[`n${at}`] ?? 0, counts.rows ?? 0, counts[`k${at}`] ?? 0),
    );
    found.push(...keepCommonest(held));
  }
  return found;
}

function questionsOf(table: SourceTable, references: readonly Reference[], epochs: readonly SuggestedEpoch[]): Question[] {
  const keyed = new Set(declaredKeys(table).flatMap((columns) => (columns.length === 1 ? columns : [])));
  const isTime = (column: SourceColumn) =>
    column.epoch !== undefined || epochs.some((epoch) => epoch.table === table.key && epoch.column === column.name);
  return table.columns.flatMap((column): Question[] => {
    if (column.sentinel !== undefined || column.generated || keyed.has(column.name)) return [];
    const own = references.filter(({ columns: [name] }) => name === column.name);
    const reference = own.find(({ isVirtual }) => isVirtual) ?? null;
    // A declared key cannot hold a value that its parent lacks.
    if (own.length > 0 && reference === null) return [];
    const of = reference !== null ? 'key' : isTime(column) ? 'time' : 'text';
    return valuesOf(column, of).map((value) => ({ column, value, of, reference }));
  });
}

function valuesOf(column: SourceColumn, of: Place): Value[] {
  if (isTextLike(column)) return column.kind === 'base' || column.kind === 'domain' ? [''] : [];
  return of !== 'text' && keyFamilyOf(column) === 'integer' ? [0, -1] : [];
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
  { column, value, of }: Question,
  withSentinel: number,
  rows: number,
  inKey: number,
): SuggestedSentinel[] {
  const isFrequent =
    of !== 'text'
      ? inKey === 0 && withSentinel >= KEY_ROWS && withSentinel >= KEY_SHARE * rows
      : withSentinel >= TEXT_ROWS && withSentinel >= TEXT_SHARE * rows && withSentinel < rows;
  if (!isFrequent) return [];
  return [{ table: table.key, column: column.name, value, evidence: { rows, withSentinel, of, isSampled: isSampled(table) } }];
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
