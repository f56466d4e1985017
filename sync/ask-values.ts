// What the masks that SQL makes of the source's rows would make of NOT NULL and of lengths, asked of every row that comes: the shadow's server
// would refuse such a row in the middle of the copy. One pass over a table, and no value leaves the server.
import { type Problem, ShapecastError } from '../core/errors.ts';
import { readRows, type Side } from '../postgres/read-side.ts';
import { columnSql, rowsSql } from './column-sql.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';

interface Question {
  readonly planned: PlannedColumn;
  /** Over the masked value `v0`, `v1` and so on. */
  readonly fault: string;
  readonly message: string;
}

/** Every column for which a rule makes NULL or too long a text of some row. Throws QUERY_FAILED when the source ends the question. */
export async function findUnfitValues(side: Side, table: PlannedTable): Promise<Problem[]> {
  const asked = table.columns.filter((planned) => faultsOf(planned, '').length > 0);
  if (asked.length === 0) return [];
  const questions = asked.flatMap((planned, at) => faultsOf(planned, `v${at}`));
  const values = asked.map((planned, at) => `${columnSql(planned)} as v${at}`);
  const { withClause, from } = rowsSql(table, []);
  const sql = `${withClause}select array[${questions.map(({ fault }) => `coalesce(bool_or(${fault}), false)`).join(', ')}] as faults
    from (select ${values.join(', ')} from ${from}) as masked`;
  const problemOf = ({ column }: PlannedColumn, message: string) => ({ path: columnPath(table.key, column.name), message });
  try {
    const [row] = await readRows<{ faults: boolean[] }>(side, 'the rule, asked of every row', sql);
    return questions.filter((_, at) => row?.faults[at] !== false).map(({ planned, message }) => problemOf(planned, message));
  } catch (error) {
    const reason = refusalOf(error);
    return asked.filter(({ rule }) => rule.kind === 'sql').map((planned) => problemOf(planned, reason));
  }
}

function faultsOf(planned: PlannedColumn, value: string): Question[] {
  const { column, rule } = planned;
  if (rule.kind !== 'sql' && rule.kind !== 'replace') return [];
  const isText = column.kind !== 'array' && ['varchar', 'bpchar'].includes(column.baseType);
  const message = `of some row ${rule.kind} makes`;
  return [
    ...(rule.kind === 'sql' && !column.isNullable
      ? [{ planned, fault: `${value} is null`, message: `${message} NULL, and the column is NOT NULL` }]
      : []),
    // Blanks at the end are cut off without an error.
    ...(isText && column.maxLength !== null
      ? [
          {
            planned,
            fault: `char_length(rtrim(${value}::text, ' ')) > ${column.maxLength}`,
            message: `${message} more than the ${column.maxLength} characters that the column takes`,
          },
        ]
      : []),
  ];
}

/** Why some row has no masked value; what is no answer about rows (a time limit, the server's end) is thrown on. */
function refusalOf(error: unknown): string {
  if (!(error instanceof ShapecastError) || error.code !== 'QUERY_FAILED') throw error;
  const { sqlState } = error.data as { readonly sqlState: string };
  if (/^(57|53|40|55)/.test(sqlState)) throw error;
  return error.message;
}
