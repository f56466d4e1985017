// What only the source can say of row filters: whether each condition can be asked and answers alike every time, how many rows come, and
// which virtual references lead nowhere already. One statement counts all, so that shared sets are found once.
import { type Problem, ShapecastError } from '../../core/errors.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import { namedRecord } from '../../spec/named-record.ts';
import type { SyncRules } from '../../spec/sync-rules.ts';
import { rowsSql, sourceSql } from '../column-sql.ts';
import type { SyncPlan } from '../plan-sync.ts';
import type { PlannedTable } from '../planned-table.ts';
import { rowsPath } from './choose-rows.ts';
import { countOrphansSql } from './orphans.ts';
import { withSnapshotTime } from './own-condition.ts';

export interface RowCounts {
  /** By table, of the tables that do not come whole. Exact, in the snapshot. */
  readonly rows: ReadonlyMap<string, number>;
  /** By virtual reference, rows that come and point at nothing in the source. */
  readonly orphans: readonly number[];
}

/** The rules with the time of the snapshot in place of `{now}`, one for all sessions. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function fixTime(side: Side, rules: SyncRules): Promise<SyncRules> {
  const [found] = await readRows<{ time: string }>(side, 'the time', 'select now()::text as time');
  const time = found?.time ?? '';
  const tables = Object.entries(rules.tables).map(
    ([key, table]) => [key, { ...table, rows: withSnapshotTime(table.rows, time) }] as const,
  );
  return { ...rules, tables: namedRecord(tables) };
}

/** Throws SYNC_RULES_REFUSED with every condition that the server cannot ask or that need not answer alike twice. */
export async function refuseUnfitFilters(side: Side, tables: readonly PlannedTable[], rules: SyncRules): Promise<void> {
  const problems: Problem[] = [];
  for (const table of tables) {
    const rows = rules.tables[table.key]?.rows;
    if (rows === undefined || typeof rows === 'string' || rows.where === undefined) continue;
    const message = await faultOf(side, table, rows.where);
    if (message !== null) problems.push({ path: `${rowsPath(table.key)}.where`, message });
  }
  if (problems.length > 0) throw new ShapecastError('SYNC_RULES_REFUSED', { problems });
}

/** PostgreSQL dissolves a set that is read once, unless a volatile function is in it, anywhere: its own, exact answer. */
async function faultOf(side: Side, table: PlannedTable, where: string): Promise<string | null> {
  const sql = `explain (format json) with "shapecast probe" as (select 1 from ${sourceSql(table)} where (${where})) select from "shapecast probe"`;
  try {
    const plan = JSON.stringify(await readRows(side, 'the condition', sql));
    return plan.includes('"CTE Name":"shapecast probe"')
      ? 'it holds a volatile function (random, clock_timestamp), which chooses other rows every time'
      : null;
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return error.message;
    throw error;
  }
}

/** Counts in the snapshot; reads no row into our process. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function countChosenRows(side: Side, plan: SyncPlan): Promise<RowCounts> {
  const filtered = plan.tables.filter(({ filter }) => filter !== null);
  const counts = filtered.map((table) => `(select count(*) from ${rowsSql(table, []).from})`);
  const orphans = plan.virtualReferences.map((reference) => `(${countOrphansSql(reference, plan.tables)})`);
  if (counts.length + orphans.length === 0) return { rows: new Map(), orphans: [] };
  const sql = `${plan.rowSets}select array[${[...counts, ...orphans].join(', ')}]::text[] as counts`;
  const [found] = await readRows<{ counts: string[] }>(side, 'counting the rows that come', sql);
  const numbers = (found?.counts ?? []).map(Number);
  return {
    rows: new Map(filtered.map(({ key }, at) => [key, numbers[at] ?? 0])),
    orphans: numbers.slice(counts.length),
  };
}
