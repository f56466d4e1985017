// The plan for people and for the record: each table with its size and how many columns each kind of rule has.
import { formatBytes, formatCount } from '../core/progress.ts';
import type { SyncResult } from '../spec/sync-result.ts';
import type { PlannedTable } from './planned-table.ts';

const STREAMED: ReadonlySet<string> = new Set(['token', 'fake', 'json', 'jitter']);
const PAGE_BYTES = 8192;

/** The tables of a plan as the result has them, before any row was copied. `chosen`: rows that come, of tables that do not come whole. */
export function describeTables(tables: readonly PlannedTable[], chosen: ReadonlyMap<string, number>): SyncResult['tables'] {
  return tables.map((table) => {
    const { key, estimatedRows, columns, rowsRule } = table;
    const rules: Record<string, number> = {};
    for (const { rule } of columns) rules[rule.kind] = (rules[rule.kind] ?? 0) + 1;
    return {
      table: key,
      estimatedRows: estimatedRows < 0 ? null : estimatedRows,
      bytes: table.pages * PAGE_BYTES,
      rowsRule,
      chosenRows: chosen.get(key) ?? null,
      chosenBytes: chosenBytes(table, chosen),
      rules,
      isStreamed: columns.some(({ rule }) => STREAMED.has(rule.kind)),
      rows: null,
    };
  });
}

/** Bytes of the table's pages that its rows that come take, were they all alike; all of them while the size is not known. */
export function chosenBytes({ key, pages, estimatedRows }: PlannedTable, chosen: ReadonlyMap<string, number>): number {
  const rows = chosen.get(key);
  const bytes = pages * PAGE_BYTES;
  if (rows === undefined || rows === 0 || estimatedRows <= 0) return rows === 0 ? 0 : bytes;
  return Math.round(bytes * Math.min(1, rows / estimatedRows));
}

export interface PlanListeners {
  readonly log: (line: string) => void;
  readonly tell: (line: string) => void;
  /** Then the result is the same lines, and only the log gets them. */
  readonly dryRun: boolean;
}

/** Shows the tables and sizes of a plan before its first row is copied. */
export function tellPlan(planned: Pick<SyncResult, 'tables' | 'empty'>, { log, tell, dryRun }: PlanListeners): void {
  log(`plan: ${planned.tables.length} tables with rows, ${planned.empty.length} without`);
  for (const line of formatTables(planned)) {
    log(`  ${line}`);
    if (!dryRun) tell(line);
  }
}

/** One line per table, and one for all. */
export function formatTables({ tables, empty }: Pick<SyncResult, 'tables' | 'empty'>): string[] {
  const lines = tables.map((table) => {
    const kinds = Object.entries(table.rules).map(([kind, number]) => `${kind} ${number}`);
    return `${table.table}: ${formatSize(table)}; ${kinds.join(', ')}${table.isStreamed ? ' (masked on the way)' : ''}`;
  });
  return [...lines, ...empty.map((table) => `${table}: made, no rows`), formatTotal(tables)];
}

function formatTotal(tables: SyncResult['tables']): string {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const rows = sum(tables.map(({ rows, chosenRows, estimatedRows }) => rows ?? chosenRows ?? estimatedRows ?? 0));
  const isCounted = tables.every((table) => table.rows !== null);
  const chosen = formatBytes(sum(tables.map(({ chosenBytes }) => chosenBytes)));
  const size = `${chosen} of ${formatBytes(sum(tables.map(({ bytes }) => bytes)))}`;
  return `in all: ${isCounted ? '' : 'about '}${formatCount(rows)} rows, about ${size}`;
}

function formatSize({ rows, estimatedRows, bytes, chosenRows, chosenBytes, rowsRule }: SyncResult['tables'][number]): string {
  const estimate = `about ${estimatedRows === null ? 'unknown' : formatCount(estimatedRows)}`;
  const count = rows ?? chosenRows;
  if (chosenRows === null) return `${count === null ? estimate : formatCount(count)} rows, ${formatBytes(bytes)}`;
  const why = rowsRule === 'all' ? 'by its references' : rowsRule;
  return `${formatCount(count ?? 0)} of ${estimate} rows (${why}), about ${formatBytes(chosenBytes)} of ${formatBytes(bytes)}`;
}
