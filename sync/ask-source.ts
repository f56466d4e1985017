// What only the source can answer before the first row: whether the SQL in the rules can be run, and whether masked values would meet the
// CHECK constraints. Statements hold rules and made-up values, never a row's.
import { type Problem, ShapecastError } from '../core/errors.ts';
import { quoteIdentifier } from '../core/identifiers.ts';
import type { CatalogCheck } from '../postgres/catalog/catalog.ts';
import { readRows, type Side } from '../postgres/read-side.ts';
import { findUnfitValues } from './ask-values.ts';
import { columnSql, quoteLiteral, rowsSql, tableSql } from './column-sql.ts';
import { fieldMaskOf } from './field-masks.ts';
import { findFoldedReferences } from './folded-references.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';

/** Throws SYNC_RULES_REFUSED with every rule that the server cannot run and every CHECK that a mask would break. */
export async function refuseUnkeepable(side: Side, tables: readonly PlannedTable[], hash: KeyedHash): Promise<void> {
  const problems: Problem[] = await findFoldedReferences(side, tables);
  for (const table of tables) {
    const unfit = await findUnfitSql(side, table);
    problems.push(...unfit);
    // A check is asked with the same expressions.
    if (unfit.length > 0) continue;
    problems.push(...(await findUnfitValues(side, table)));
    for (const check of table.catalog.checks) problems.push(...(await findBrokenCheck(side, { table, check, hash })));
  }
  if (problems.length > 0) throw new ShapecastError('SYNC_RULES_REFUSED', { problems });
}

async function findUnfitSql(side: Side, table: PlannedTable): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const planned of table.columns) {
    const sql = probeOf(planned, table);
    if (sql === null) continue;
    const reason = await refusalOf(side, sql);
    if (reason !== null) problems.push({ path: columnPath(table.key, planned.column.name), message: reason });
  }
  return problems;
}

function probeOf(planned: PlannedColumn, table: PlannedTable): string | null {
  const { rule } = planned;
  switch (rule.kind) {
    case 'sql':
      return `explain ${tableSql({ ...table, columns: [planned, ...shuffledColumns(table)] }, { helpers: [], conditions: [] })}`;
    case 'constant':
      return `select ${columnSql(planned)}`;
    case 'replace':
      return `select regexp_replace('', ${quoteLiteral(rule.pattern)}, ${quoteLiteral(rule.with)}, 'g')`;
    default:
      return null;
  }
}

async function refusalOf(side: Side, sql: string): Promise<string | null> {
  try {
    await readRows(side, 'the rule', sql);
    return null;
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return error.message;
    throw error;
  }
}

/** They change what stands after FROM. */
function shuffledColumns({ columns }: PlannedTable): PlannedColumn[] {
  return columns.filter(({ rule }) => rule.kind === 'shuffle');
}

/** Masks that the source makes itself, so that it can be asked about every row. */
const SQL_KINDS: ReadonlySet<string> = new Set(['keep', 'null', 'empty', 'constant', 'template', 'keepLast', 'replace', 'sql']);

interface Question {
  readonly table: PlannedTable;
  readonly check: CatalogCheck;
  readonly hash: KeyedHash;
}

async function findBrokenCheck(side: Side, { table, check, hash }: Question): Promise<Problem[]> {
  const columns = table.columns.filter(({ column }) => check.columns.includes(column.name));
  const masked = columns.filter(({ rule }) => rule.kind !== 'keep');
  const problems = masked.map(({ column, rule }) => ({
    path: columnPath(table.key, column.name),
    message: `${rule.kind} cannot be shown to keep the CHECK constraint ${check.name}`,
  }));
  if (masked.length === 0 || isMovedTogether(masked)) return [];
  const isAnswered = await isKept(side, { columns, check, table, hash });
  return isAnswered ? [] : problems;
}

/** Times of one subject keep their order and their gaps; a bound that a check names is the server's to judge, row by row. */
function isMovedTogether(masked: readonly PlannedColumn[]): boolean {
  const settings = masked.map(({ rule }) => (rule.kind === 'jitter' ? `${rule.days} ${rule.subject}` : null));
  return settings.every((setting) => setting !== null && setting === settings[0]);
}

interface CheckQuestion extends Question {
  readonly columns: readonly PlannedColumn[];
}

async function isKept(side: Side, question: CheckQuestion): Promise<boolean> {
  const { columns } = question;
  const [only] = columns;
  if (columns.every(({ rule }) => SQL_KINDS.has(rule.kind))) return askRows(side, question);
  if (only === undefined || columns.length > 1) return false;
  // The same values in other rows meet a condition on this column alone.
  return only.rule.kind === 'shuffle' || askSamples(side, only, question);
}

/** Exact: of all rows that come, whether one would break the check. */
async function askRows(side: Side, { columns, check, table }: CheckQuestion): Promise<boolean> {
  const masked = columns.map(
    (planned) => `(${columnSql(planned)})::${planned.typeSql} as ${quoteIdentifier(planned.column.name)}`,
  );
  const { withClause, from } = rowsSql(table, []);
  const sql = `${withClause}select not exists (select from (select ${masked.join(', ')} from ${from}) as masked where not (${check.expression})) as "isKept"`;
  return answer(side, sql, []);
}

const SAMPLES = 64;

/** Of values that the mask makes: those of a token or fake are all alike, so a check that some break is no check for them. */
async function askSamples(side: Side, planned: PlannedColumn, { check, table, hash }: CheckQuestion): Promise<boolean> {
  const mask = fieldMaskOf(planned, { hash, table: table.key, subjectField: 0 });
  if (mask === null) return false;
  const values = Array.from({ length: SAMPLES }, (_, number) => mask(sampleInput(planned, number), () => null));
  const sql = `select coalesce(bool_and(coalesce((${check.expression}), true)), true) as "isKept"
    from (select sample::${planned.typeSql} as ${quoteIdentifier(planned.column.name)} from unnest($1::text[]) as samples (sample)) as masked`;
  return answer(side, sql, [values]);
}

function sampleInput({ rule, column }: PlannedColumn, number: number): string {
  if (rule.kind === 'json') return '{}';
  return column.baseType === 'uuid' ? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` : String(number + 1);
}

async function answer(side: Side, sql: string, values: readonly unknown[]): Promise<boolean> {
  try {
    const [row] = await readRows<{ isKept: boolean }>(side, 'a question about a CHECK constraint', sql, values);
    return row?.isKept === true;
  } catch (error) {
    // A domain's check fails in the cast; a value that its type refuses is no better.
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED' && !/^(57|53|40)/.test(stateOf(error))) return false;
    throw error;
  }
}

function stateOf(error: ShapecastError): string {
  return 'sqlState' in error.data ? error.data.sqlState : '';
}
