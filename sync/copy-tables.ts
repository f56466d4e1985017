// The rows: one COPY out of the source's snapshot piped into one COPY of the shadow, a table at a time on each pair of connections, the
// largest tables first. The first failure ends all of them.
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { Progress } from '../core/progress.ts';
import { copyFromStdin, copyToStdout } from '../postgres/copy-streams.ts';
import { tableSql } from './column-sql.ts';
import { watchEnds } from './describe-copy-failure.ts';
import { fieldMaskOf } from './field-masks.ts';
import { createMaskStream, type FieldMask } from './mask-stream.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import type { PlannedTable } from './planned-table.ts';

export interface CopyWork {
  readonly tables: readonly PlannedTable[];
  /** Pairs of a connection in the source's snapshot and one to the shadow. */
  readonly pairs: readonly { readonly source: pg.Client; readonly shadow: pg.Client }[];
  readonly hash: KeyedHash;
  /** Raised by Ctrl-C and by the first failure, which `fail` tells. */
  readonly signal: AbortSignal;
  readonly fail: () => void;
  readonly progress: Progress;
  readonly onCopied: (table: string, rows: number) => void;
}

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

/** Copies all tables; their rows in the order of the plan. Throws SYNC_COPY_FAILED, SYNC_VALUE_UNMASKABLE. */
export async function copyTables(work: CopyWork): Promise<CopiedTable[]> {
  const waiting = [...work.tables];
  const copied: CopiedTable[] = [];
  const run = async (pair: CopyWork['pairs'][number]) => {
    for (let table = waiting.shift(); table !== undefined && !work.signal.aborted; table = waiting.shift()) {
      const rows = await copyTable(table, pair, work);
      work.onCopied(table.key, rows);
      copied.push({ table: table.key, rows });
    }
  };
  const failures: unknown[] = [];
  const watch = (pair: CopyWork['pairs'][number]) =>
    run(pair).catch((error: unknown) => {
      failures.push(error);
      work.fail();
    });
  await Promise.all(work.pairs.map(watch));
  // What the others meet when they are ended comes after.
  if (failures.length > 0) throw failures[0];
  const place = new Map(work.tables.map(({ key }, at) => [key, at]));
  return copied.sort((left, right) => (place.get(left.table) ?? 0) - (place.get(right.table) ?? 0));
}

async function copyTable(table: PlannedTable, { source, shadow }: CopyWork['pairs'][number], work: CopyWork): Promise<number> {
  const { masks, helpers } = masksOf(table, work.hash);
  const columns = table.columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  const target = copyFromStdin(shadow, `copy ${quoteQualified(table)} (${columns}) from stdin`);
  const rows = copyToStdout(source, `copy (${tableSql(table, { helpers, conditions: [] })}) to stdout`);
  const describeFailure = watchEnds(table.key, rows, target);
  rows.on('data', (data: Buffer) => work.progress.advance(data.length, table.key));
  try {
    if (masks.size === 0 && helpers.length === 0) await pipeline(rows, target);
    else await pipeline(rows, createMaskStream({ written: table.columns.length, masks }), target);
  } catch (error) {
    throw describeFailure(error);
  }
  const count: unknown = Reflect.get(target, 'rowCount');
  return typeof count === 'number' ? count : 0;
}

/** The masks by field, and the columns that are read besides the written ones. */
export function masksOf(table: PlannedTable, hash: KeyedHash): { masks: Map<number, FieldMask>; helpers: string[] } {
  const masks = new Map<number, FieldMask>();
  const helpers: string[] = [];
  for (const [field, planned] of table.columns.entries()) {
    const subjectField = table.columns.length + helpers.length;
    const mask = fieldMaskOf(planned, { hash, table: table.key, subjectField });
    if (mask === null) continue;
    masks.set(field, mask);
    // The subject as the source has it, whatever its own rule is.
    if (planned.rule.kind === 'jitter') helpers.push(planned.rule.subject);
  }
  return { masks, helpers };
}
