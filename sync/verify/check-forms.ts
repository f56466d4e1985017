// The second stage: in one pass over each table the server counts the rows that their rules could not have left.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { runQuery, sqlStateIn } from '../../postgres/query.ts';
import type { UncheckedColumn, VerificationFinding } from '../../spec/shadow-verification.ts';
import type { PlannedColumn, PlannedTable } from '../planned-table.ts';
import { type ColumnForm, formOfColumn } from './forms/column-form.ts';
import { fromSql } from './plan-shadow.ts';

export interface FormsResult {
  readonly findings: readonly VerificationFinding[];
  readonly notChecked: readonly UncheckedColumn[];
  /** Rows of the table. */
  readonly rows: number;
}

interface Checked {
  readonly planned: PlannedColumn;
  readonly form: ColumnForm;
}

/** The forms of all columns of a table. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function checkForms(client: pg.Client, table: PlannedTable, progress: Progress): Promise<FormsResult> {
  const checked: Checked[] = [];
  const notChecked: UncheckedColumn[] = [];
  const place = ({ column, rule }: PlannedColumn) => ({
    stage: 'forms' as const,
    table: table.key,
    column: column.name,
    rule: rule.kind,
  });
  for (const planned of table.columns) {
    const form = formOfColumn(table, planned);
    if ('unchecked' in form) notChecked.push({ ...place(planned), why: form.unchecked });
    else checked.push({ planned, form });
  }
  const counted = await countFaults(client, table, checked);
  progress.advance(counted.rows, table.key);
  const findings = checked.flatMap(({ planned, form }, at): VerificationFinding[] => {
    const count = counted.faults[at] ?? null;
    if (count === null) {
      notChecked.push({ ...place(planned), why: 'the server cannot read its values as jsonb' });
      return [];
    }
    return count === 0 ? [] : [{ ...place(planned), what: form.what, count }];
  });
  return { findings, notChecked, rows: counted.rows };
}

interface Counted {
  readonly rows: number;
  /** In the order of the columns; null where the server could not tell. */
  readonly faults: readonly (number | null)[];
}

async function countFaults(client: pg.Client, table: PlannedTable, checked: readonly Checked[]): Promise<Counted> {
  try {
    return await countTogether(client, table, checked);
  } catch (error) {
    // A json that no jsonb can hold (a zero sign, a number out of range) ends the statement: then one column at a time.
    if (!(error instanceof ShapecastError) || !/^22/.test(sqlStateIn(error) ?? '') || checked.length === 0) throw error;
    const faults: (number | null)[] = [];
    for (const one of checked) faults.push(await countAlone(client, table, one));
    const { rows } = await countTogether(client, table, []);
    return { rows, faults };
  }
}

async function countAlone(client: pg.Client, table: PlannedTable, one: Checked): Promise<number | null> {
  try {
    return (await countTogether(client, table, [one])).faults[0] ?? null;
  } catch (error) {
    if (/^22/.test(sqlStateIn(error) ?? '')) return null;
    throw error;
  }
}

async function countTogether(client: pg.Client, table: PlannedTable, checked: readonly Checked[]): Promise<Counted> {
  const counts = checked.map(({ form }, at) => `count(*) filter (where ${form.fault})::float8 as "fault${at}"`);
  const sql = `select ${['count(*)::float8 as "rows"', ...counts].join(', ')} from ${fromSql(table)}`;
  await runQuery(client, 'checking the forms', 'savepoint forms');
  try {
    const [row] = await runQuery<Record<string, number>>(client, `checking the forms of ${table.key}`, sql);
    await runQuery(client, 'checking the forms', 'release savepoint forms');
    return { rows: row?.rows ?? 0, faults: checked.map((_, at) => row?.[`fault${at}`] ?? 0) };
  } catch (error) {
    await client.query('rollback to savepoint forms').catch(() => undefined);
    throw error;
  }
}
