// A masked dump as psql reads it, made piece by piece: the marker of a shadow that is not whole, the tables, their masked rows, sequences,
// keys, and at the very end the marker that says complete. A restore that breaks off leaves a database that says so.
import { pipeline, type Readable } from 'node:stream';
import type pg from 'pg';
import { quoteQualified } from '../core/identifiers.ts';
import { copyFramesOut, unframe } from '../postgres/copy-frames.ts';
import { SHADOW_MARKER_SQL, type ShadowRun } from '../postgres/shadow-marker.ts';
import { quoteLiteral, tableSql } from './column-sql.ts';
import { readSequences, type SequenceState } from './copy-sequences.ts';
import { copiedColumns, masksOf } from './copy-tables.ts';
import { describeCopyFailure } from './describe-copy-failure.ts';
import { createMaskStream } from './mask-stream.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import type { PlannedTable } from './planned-table.ts';

export interface ScriptWork {
  readonly run: ShadowRun;
  readonly tables: readonly PlannedTable[];
  readonly schema: { readonly preData: string; readonly postData: string };
  readonly source: pg.Client;
  readonly hash: KeyedHash;
  /** Called once the rows are read: nobody needs the snapshot any more. */
  readonly release: () => Promise<void>;
  readonly onBytes: (bytes: number, table: string) => void;
  readonly onTable: (table: string, rows: number) => void;
  readonly onSequences: (count: number) => void;
}

/** Throws SYNC_COPY_FAILED, SYNC_VALUE_UNMASKABLE. */
export async function* dumpScript(work: ScriptWork): AsyncGenerator<string | Uint8Array> {
  yield `\\set ON_ERROR_STOP on\nset client_encoding = 'UTF8';\n${beginMarker(work.run)}\n${quietly(work.schema.preData)}\n`;
  for (const table of work.tables) yield* tableScript(table, work);
  const states = await readSequences(work.source);
  await work.release();
  work.onSequences(states.length);
  yield `${states.map(sequenceSql).join('')}\n${quietly(work.schema.postData)}\nanalyze;\n${endMarker()}`;
}

async function* tableScript(table: PlannedTable, work: ScriptWork): AsyncGenerator<string | Uint8Array> {
  const { masks, helpers } = masksOf(table, work.hash, 'text');
  // psql sends the lines after it to the server as they are, up to the one with a backslash and a dot.
  yield `\nCOPY ${copiedColumns(table)} FROM stdin;\n`;
  const rows = copyFramesOut(work.source, `copy (${tableSql(table, { helpers, conditions: [] })}) to stdout`);
  const written = table.columns.length;
  const fields = { format: 'text', fields: written + helpers.length, written, masks } as const;
  // What breaks in the first stream reaches the reader of the second.
  const masked: Readable = masks.size === 0 ? rows : pipeline(rows, createMaskStream(fields), () => undefined);
  try {
    for await (const frames of masked as AsyncIterable<Buffer>) {
      work.onBytes(frames.length, table.key);
      yield unframe(frames);
    }
  } catch (error) {
    throw describeCopyFailure(table.key, error, 'source');
  }
  yield '\\.\n';
  const count: unknown = Reflect.get(rows, 'rowCount');
  work.onTable(table.key, typeof count === 'number' ? count : 0);
}

/** Sequences that the restored schema has not (of an extension, say) are passed over. A block, because psql prints what a SELECT gives. */
function sequenceSql(state: SequenceState): string {
  const name = `pg_catalog.to_regclass(${quoteLiteral(quoteQualified(state))})`;
  const set = `perform pg_catalog.setval(oid::pg_catalog.regclass, ${BigInt(state.value)}, ${state.isCalled}) from pg_catalog.pg_class where oid = ${name}`;
  return `do ${quoteLiteral(`begin ${set}; end`)};\n`;
}

/** pg_dump's script with no result that psql would print: its head has one SELECT, before anything of the source. */
function quietly(script: string): string {
  return script.replace(
    /^SELECT (pg_catalog\.set_config\('search_path', '', false\));$/m,
    (_, call: string) => `do ${quoteLiteral(`begin perform ${call}; end`)};`,
  );
}

function beginMarker({ runId, toolVersion, rulesSha256, rulesCommit, sourceSha256 }: ShadowRun): string {
  const values = [runId, toolVersion, rulesSha256].map(quoteLiteral).join(', ');
  const [commit, origin] = [rulesCommit, sourceSha256].map((text) => (text === null ? 'null' : quoteLiteral(text)));
  return [
    ...SHADOW_MARKER_SQL,
    `insert into shapecast.shadow (run_id, tool_version, rules_sha256, rules_commit, source_sha256, state) values (${values}, ${commit}, ${origin}, 'running')`,
    commentSql('shapecast shadow: INCOMPLETE, a restore is running or was cut off; do not use'),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}

function endMarker(): string {
  const done = `update shapecast.shadow set state = 'complete', finished_at = pg_catalog.now()`;
  return `${done};\n${commentSql('shapecast shadow: complete, masked rows')};\n-- shapecast masked dump: end\n`;
}

/** Without the right to comment the row in shapecast.shadow says the same. */
function commentSql(text: string): string {
  const comment = `execute pg_catalog.format('comment on database %I is %L', pg_catalog.current_database(), ${quoteLiteral(text)})`;
  return `do $$ begin ${comment}; exception when insufficient_privilege then null; end $$`;
}
