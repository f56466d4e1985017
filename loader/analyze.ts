// ANALYZE of each table, first of all: the planner then chooses well for the questions that follow too.
import { quoteQualified } from '../core/identifiers.ts';
import { runQuery } from '../postgres/query.ts';
import { totalRows, type Verification } from './target-tables.ts';

/** Refreshes the statistics of every table that is there; a partitioned table with its partitions. */
export async function analyzeTables({ client, tables, print, startProgress }: Verification): Promise<void> {
  const progress = startProgress('analysing', totalRows(tables), 'rows');
  let analysed = 0;
  for (const { key, found, expected } of tables) {
    if (found === null) continue;
    await runQuery(client, `analysing ${key}`, `analyze ${quoteQualified(found)}`);
    analysed += 1;
    progress.advance(expected.rows);
  }
  progress.finish();
  print(`[Analyze] ✓ ${analysed} ${analysed === 1 ? 'table' : 'tables'}`);
}
