// Question: does each table hold exactly the rows that the report says? Answered by counting, not by estimates.

import { formatCount } from '../../core/progress.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { runQuery } from '../../postgres/query.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Verdict } from '../../spec/run-record.ts';
import { type TargetTable, totalRows, type Verification } from '../target-tables.ts';

/** One scan. */
export function countRowsSql(table: CatalogTable): string {
  return `select count(*)::float8 as rows from ${relationOf(table)}`;
}

/** One verdict per table, and the rows found by table key; a table that the target lacks is a finding and has no entry. */
export async function countRows(verification: Verification): Promise<{ verdicts: Verdict[]; rows: Map<string, number> }> {
  const progress = verification.startProgress('counting rows', totalRows(verification.tables), 'rows');
  const rows = new Map<string, number>();
  const verdicts: Verdict[] = [];
  for (const table of verification.tables) {
    const found = await countTable(verification, table);
    if (found !== null) rows.set(table.key, found);
    const passed = found === table.expected.rows;
    verdicts.push({
      question: 'count',
      subject: table.key,
      passed,
      expected: String(table.expected.rows),
      found: found === null ? 'no such table' : String(found),
    });
    progress.advance(table.expected.rows);
  }
  progress.finish();
  for (const table of verification.tables) verification.print(describe(table, rows.get(table.key) ?? null));
  return { verdicts, rows };
}

async function countTable({ client }: Verification, { found, key }: TargetTable): Promise<number | null> {
  if (found === null) return null;
  const [row] = await runQuery<{ rows: number }>(client, `counting ${key}`, countRowsSql(found));
  return row?.rows ?? 0;
}

function describe({ key, expected }: TargetTable, found: number | null): string {
  const wanted = `(the report says ${formatCount(expected.rows)})`;
  if (found === null) return `[Count] ${key}: no such table ✗ ${wanted}`;
  return `[Count] ${key}: ${formatCount(found)} rows ${found === expected.rows ? '✓' : `✗ ${wanted}`}`;
}
