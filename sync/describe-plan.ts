// The plan for people and for the record: each table with its size and how many columns each kind of rule has.
import { formatBytes, formatCount } from '../core/progress.ts';
import type { SyncResult } from '../spec/sync-result.ts';
import type { PlannedTable } from './planned-table.ts';

const STREAMED: ReadonlySet<string> = new Set(['token', 'fake', 'json', 'jitter']);
const PAGE_BYTES = 8192;

/** The tables of a plan as the result has them, before any row was counted. */
export function describeTables(tables: readonly PlannedTable[]): SyncResult['tables'] {
  return tables.map(({ key, estimatedRows, pages, columns }) => {
    const rules: Record<string, number> = {};
    for (const { rule } of columns) rules[rule.kind] = (rules[rule.kind] ?? 0) + 1;
    return {
      table: key,
      estimatedRows: estimatedRows < 0 ? null : estimatedRows,
      bytes: pages * PAGE_BYTES,
      rules,
      isStreamed: columns.some(({ rule }) => STREAMED.has(rule.kind)),
      rows: null,
    };
  });
}

/** One line per table. */
export function formatTables({ tables, empty }: Pick<SyncResult, 'tables' | 'empty'>): string[] {
  const lines = tables.map(({ table, estimatedRows, rows, bytes, rules, isStreamed }) => {
    const count = rows ?? estimatedRows;
    const size = `${rows === null ? 'about ' : ''}${count === null ? 'unknown' : formatCount(count)} rows, ${formatBytes(bytes)}`;
    const kinds = Object.entries(rules).map(([kind, number]) => `${kind} ${number}`);
    return `${table}: ${size}; ${kinds.join(', ')}${isStreamed ? ' (masked on the way)' : ''}`;
  });
  return [...lines, ...empty.map((table) => `${table}: made, no rows`)];
}
