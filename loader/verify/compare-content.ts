// Question: are the rows the ones that the generator made, cell by cell? Each table's order-free content hash, recomputed
// by the server in one scan, against the generator's own figure. Constants that the server spells in its own way are compared with what it
// makes of the text that was sent. The statement is built in postgres/content-hash.ts.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { readConstantColumns } from '../../postgres/constant-columns.ts';
import { hashTableInDatabase } from '../../postgres/content-hash.ts';
import type { Verdict } from '../../spec/run-record.ts';
import { type TargetTable, totalRows, type Verification } from '../target-tables.ts';

/** One verdict per table that is there, and the hashes by table key. */
export async function compareContent(verification: Verification): Promise<{ verdicts: Verdict[]; hashes: Map<string, string> }> {
  const progress = verification.startProgress('hashing content', totalRows(verification.tables), 'rows');
  const hashes = new Map<string, string>();
  const verdicts: Verdict[] = [];
  for (const table of verification.tables) {
    if (table.found === null) continue;
    const found = await hashTable(verification, table, table.found);
    if (/^[0-9a-f]{16}$/.test(found)) hashes.set(table.key, found);
    verdicts.push(verdictOf(table, found));
    progress.advance(table.expected.rows);
  }
  progress.finish();
  for (const verdict of verdicts) verification.print(describe(verdict));
  return { verdicts, hashes };
}

async function hashTable({ client }: Verification, table: TargetTable, found: CatalogTable): Promise<string> {
  const columns = table.expected.hashedColumns.flatMap((name) => found.columns.filter((column) => column.name === name));
  if (columns.length !== table.expected.hashedColumns.length) return 'a column is missing';
  const texts = table.expected.constants ?? {};
  const constants = await readConstantColumns(client, found, texts);
  if (constants.length !== Object.keys(texts).length) return 'a column is missing';
  return hashTableInDatabase(client, found, columns, constants);
}

function verdictOf(table: TargetTable, found: string): Verdict {
  const expected = table.expected.contentHash;
  return { question: 'content', subject: table.key, passed: found === expected, expected, found };
}

function describe(verdict: Verdict): string {
  const mark = verdict.passed ? '✓' : `✗ (the report says ${verdict.expected})`;
  return `[Content] ${verdict.subject}: ${verdict.found} ${mark}`;
}
