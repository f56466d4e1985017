// The rows: one COPY out of the source's snapshot piped into one COPY of the shadow, a piece of a table at a time on each pair of connections,
// the largest pieces first. The first failure ends all of them.
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { Progress } from '../core/progress.ts';
import { copyFramesIn, copyFramesOut } from '../postgres/copy-frames.ts';
import { readHeaps } from '../postgres/heap-sizes.ts';
import { chooseFormat } from './choose-format.ts';
import { tableSql } from './column-sql.ts';
import { type CopyPiece, cutTables } from './cut-tables.ts';
import { watchEnds } from './describe-copy-failure.ts';
import { fieldWriterOf } from './field-writers.ts';
import { createMaskStream, type FieldWriter } from './mask-stream.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import type { PlannedTable } from './planned-table.ts';
import type { CopyFormat } from './row-cutter.ts';

/** A connection in the source's snapshot and one to the shadow. */
interface Pair {
  readonly source: pg.Client;
  readonly shadow: pg.Client;
}

export interface CopyWork {
  readonly tables: readonly PlannedTable[];
  readonly pairs: readonly Pair[];
  readonly hash: KeyedHash;
  /** Raised by Ctrl-C and by the first failure, which `fail` tells. */
  readonly signal: AbortSignal;
  readonly fail: () => void;
  readonly progress: Progress;
  readonly onCopied: (table: string, rows: number) => void;
  /** Pages of a piece that a table is cut into; 64 MB by default. */
  readonly piecePages?: number;
}

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

/** Copies all tables; their rows in the order of the plan. Throws SYNC_COPY_FAILED, SYNC_VALUE_UNMASKABLE, QUERY_FAILED. */
export async function copyTables(work: CopyWork): Promise<CopiedTable[]> {
  const waiting = await cutPieces(work);
  const tallies = new Map(work.tables.map(({ key }) => [key, { rows: 0, left: 0 }]));
  const tallyOf = ({ table }: CopyPiece) => tallies.get(table.key) ?? { rows: 0, left: 0 };
  for (const piece of waiting) tallyOf(piece).left += 1;
  const run = async (pair: Pair) => {
    for (let piece = waiting.shift(); piece !== undefined && !work.signal.aborted; piece = waiting.shift()) {
      const rows = await copyPiece(piece, pair, work);
      const tally = tallyOf(piece);
      tally.rows += rows;
      tally.left -= 1;
      if (tally.left === 0) work.onCopied(piece.table.key, tally.rows);
    }
  };
  const failures: unknown[] = [];
  const watch = (pair: Pair) =>
    run(pair).catch((error: unknown) => {
      failures.push(error);
      work.fail();
    });
  await Promise.all(work.pairs.map(watch));
  // What the others meet when they are ended comes after.
  if (failures.length > 0) throw failures[0];
  return work.tables.map(({ key }) => ({ table: key, rows: tallies.get(key)?.rows ?? 0 }));
}

/** One connection reads every table in one statement: nobody waits for it. */
async function cutPieces({ pairs, piecePages, tables }: CopyWork): Promise<CopyPiece[]> {
  const [first] = pairs;
  if (first === undefined || pairs.length === 1) return cutTables(tables, []);
  const oids = tables.map(({ oid }) => oid);
  return cutTables(tables, await readHeaps(first.source, oids), piecePages);
}

async function copyPiece({ conditions, heap, table }: CopyPiece, { source, shadow }: Pair, work: CopyWork): Promise<number> {
  const format = chooseFormat(table);
  const { masks, helpers } = masksOf(table, work.hash, format);
  const target = copyFramesIn(shadow, `copy ${copiedColumns(table)} from stdin (format ${format})`);
  const rows = copyFramesOut(
    source,
    `copy (${tableSql({ ...table, ...heap }, { helpers, conditions })}) to stdout (format ${format})`,
  );
  const describeFailure = watchEnds(table.key, rows, target);
  rows.on('data', (data: Buffer) => work.progress.advance(data.length, table.key));
  try {
    const written = table.columns.length;
    if (masks.size === 0) await pipeline(rows, target);
    else await pipeline(rows, createMaskStream({ format, fields: written + helpers.length, written, masks }), target);
  } catch (error) {
    throw describeFailure(error);
  }
  const count: unknown = Reflect.get(target, 'rowCount');
  return typeof count === 'number' ? count : 0;
}

/** The table and its columns as COPY has them; without a column of its own there is no list, and a row is still a row. */
export function copiedColumns(table: PlannedTable): string {
  const columns = table.columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  return `${quoteQualified(table)}${columns === '' ? '' : ` (${columns})`}`;
}

/** The masks by field, and the columns that are read besides the written ones. */
export function masksOf(
  table: PlannedTable,
  hash: KeyedHash,
  format: CopyFormat,
): { masks: Map<number, FieldWriter>; helpers: string[] } {
  const masks = new Map<number, FieldWriter>();
  const helpers: string[] = [];
  for (const [field, planned] of table.columns.entries()) {
    const subjectField = table.columns.length + helpers.length;
    const mask = fieldWriterOf(planned, { hash, table: table.key, subjectField }, format);
    if (mask === null) continue;
    masks.set(field, mask);
    // The subject as the source has it, whatever its own rule is.
    if (planned.rule.kind === 'jitter') helpers.push(planned.rule.subject);
  }
  return { masks, helpers };
}
