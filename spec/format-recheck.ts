// What `fingerprint` found, as text: a line a table, and below one that differs its blocks and rows by number.
import { formatCount } from '../core/progress.ts';
import { DIFFERENCE_KINDS, type Recheck, type RecheckTable, type RowDifferences } from './recheck.ts';

const SHOWN_BLOCKS = 20;
const SHOWN_ROWS = 20;

/** The tables, then one line of result. */
export function formatRecheck({ tables, against, status }: Recheck): string {
  const width = Math.max(0, ...tables.map(({ name }) => name.length));
  const lines = tables.flatMap((table) => [formatTable(table, width), ...formatDetails(table)]);
  return [...lines, formatStatus(status, against)].join('\n');
}

function formatTable({ name, rowsFound, found, verdict }: RecheckTable, width: number): string {
  const mark = { equal: '✓', different: '✗', notCompared: '-' }[verdict];
  const rows = rowsFound === null ? '-' : formatCount(rowsFound);
  return `${mark} ${name.padEnd(width)}  ${rows.padStart(13)} rows  ${found ?? 'no hash'}`;
}

function formatDetails(table: RecheckTable): string[] {
  const { expected, rowsExpected, differences, reason, verdict } = table;
  const lines: string[] = [];
  if (table.notHashed.length > 0 && verdict !== 'equal') lines.push(`not hashed: ${table.notHashed.join(', ')}`);
  if (verdict === 'different') lines.push(`expected ${formatCount(rowsExpected ?? 0)} rows, ${expected ?? ''}`);
  if (reason !== null) lines.push(reason);
  if (differences !== null) lines.push(...formatDifferences(differences));
  return lines.map((line) => `    ${line}`);
}

function formatDifferences(found: RowDifferences): string[] {
  const { counts, foreign, blocks, blockCount, rows, key, isComplete } = found;
  const lines = [`${isComplete ? '' : 'at least '}${formatCounts(counts)}; ${formatCount(blockCount)} of its blocks differ`];
  if (foreign > 0) lines.push(`${formatCount(foreign)} rows that the run did not make`);
  if (key === null)
    lines.push('no key is wholly hashed: a row that changed is told as missing, and as one that the run did not make');
  for (const { block, firstRow, lastRow, ...own } of blocks.slice(0, SHOWN_BLOCKS))
    lines.push(`block ${block} (rows ${formatCount(firstRow)} to ${formatCount(lastRow)}): ${formatCounts(own)}`);
  if (blockCount > SHOWN_BLOCKS) lines.push(`... and ${formatCount(blockCount - SHOWN_BLOCKS)} more blocks; --json names more`);
  const named = rows.slice(0, SHOWN_ROWS).map(({ row, what }) => `${row} ${what}`);
  if (named.length > 0) lines.push(`rows, counted from 0: ${named.join(', ')}${rows.length > named.length ? ', ...' : ''}`);
  return lines;
}

function formatCounts(counts: RowDifferences['counts']): string {
  const parts = DIFFERENCE_KINDS.filter((kind) => counts[kind] > 0).map((kind) => `${formatCount(counts[kind])} ${kind}`);
  return parts.length === 0 ? 'no row of the run' : parts.join(', ');
}

function formatStatus(status: Recheck['status'], { kind, planId, fingerprint }: Recheck['against']): string {
  if (status === 'notCompared')
    return 'not compared: neither a report was given nor has the target a chunk ledger, or --hash-only';
  const plan = `plan ${planId?.slice(0, 12)}${fingerprint === null ? '' : `, fingerprint ${fingerprint.slice(0, 12)}`}`;
  const source = kind === 'report' ? 'the report' : "the target's chunk ledger";
  return `${status === 'equal' ? '✓ every table is as' : '✗ not every table is as'} ${source} has it (${plan})`;
}
