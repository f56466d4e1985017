// Several connections that see one and the same state of a database, and the parts of tables that they read: runs of pages, so that a
// large table is shared, progress is told, and nothing is in memory but a batch.
import type pg from 'pg';
import { type QualifiedName, quoteQualified } from '../../core/identifiers.ts';
import type { Progress } from '../../core/progress.ts';
import { cancelOnAbort } from '../../postgres/cancel-on-abort.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { connect } from '../../postgres/connect.ts';
import { openCursor } from '../../postgres/copy-streams.ts';
import { runQuery, wrapQueryError } from '../../postgres/query.ts';

const BATCH_ROWS = 10_000;
/** 64 MB of pages of 8 kB. */
const PART_PAGES = 8192;

/** Connections of one snapshot. */
export interface Readers {
  readonly clients: readonly pg.Client[];
}

export interface ReadersOptions {
  readonly url: string;
  readonly count: number;
  readonly signal: AbortSignal | undefined;
}

/** Opens the connections, in one read-only snapshot, and closes them whatever happens. Throws INTERRUPTED once the signal is raised. */
export async function withReaders<Result>(
  options: ReadersOptions,
  action: (readers: Readers) => Promise<Result>,
): Promise<Result> {
  const { url, signal } = options;
  const clients: pg.Client[] = [];
  try {
    let snapshot: string | null = null;
    for (let index = 0; index < options.count; index += 1) {
      const client = await connect(url, { applicationName: 'shapecast fingerprint' });
      clients.push(client);
      snapshot = await enterSnapshot(client, snapshot);
    }
    const guarded = clients.reduce(
      (run, client) => () => cancelOnAbort({ client, url, signal, what: 'fingerprint' }, run),
      () => action({ clients }),
    );
    return await guarded();
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Begins the reading transaction: the first one's snapshot is everybody's. */
async function enterSnapshot(client: pg.Client, snapshot: string | null): Promise<string> {
  const what = 'sharing a snapshot';
  await runQuery(client, what, 'begin transaction isolation level repeatable read read only');
  // The identifier comes from the server itself, and SET takes no parameter.
  if (snapshot !== null) await runQuery(client, what, `set transaction snapshot '${snapshot}'`);
  await runQuery(client, what, `set local work_mem = '128MB'`);
  // Rows that a policy hides would be missing without a word.
  await runQuery(client, what, 'set local row_security = off');
  if (snapshot !== null) return snapshot;
  const [row] = await runQuery<{ name: string }>(client, what, 'select pg_export_snapshot() as name');
  return row?.name ?? '';
}

/** A run of pages of a table or leaf. */
interface TablePart {
  /** FROM and WHERE, the alias `t` included. */
  readonly rows: string;
  readonly pages: number;
}

/** What is asked of a table. */
export interface TableQuestion<Row> {
  readonly table: CatalogTable;
  /** Parts that each of its relations is cut into, at most. */
  readonly mostParts: number;
  readonly parameters: readonly unknown[];
  /** The statement over a part, whose FROM and WHERE are given. */
  readonly sql: (rows: string) => string;
  readonly take: (row: Row) => void;
  readonly startProgress: (pages: number) => Progress;
}

/** Asks the table part by part, on all connections at once, and hands on the rows as they come. Throws QUERY_FAILED. */
export async function readTable<Row>({ clients }: Readers, question: TableQuestion<Row>): Promise<void> {
  const [first] = clients;
  const queue = first === undefined ? [] : await listParts(first, question);
  const progress = question.startProgress(queue.reduce((sum, part) => sum + part.pages, 0));
  const read = async (client: pg.Client): Promise<void> => {
    try {
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
        await readPart(client, part, question);
        progress.advance(part.pages);
      }
    } catch (error) {
      queue.length = 0;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(clients.map(read));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  progress.finish();
}

async function readPart<Row>(client: pg.Client, part: TablePart, { sql, parameters, take }: TableQuestion<Row>): Promise<void> {
  const cursor = openCursor<Row>(client, sql(part.rows), parameters);
  try {
    for (;;) {
      const batch = await cursor.read(BATCH_ROWS);
      if (batch.length === 0) break;
      for (const row of batch) take(row);
    }
    await cursor.close();
  } catch (error) {
    throw wrapQueryError(error, 'hashing a table');
  }
}

async function listParts(
  client: pg.Client,
  { table, mostParts }: { readonly table: CatalogTable; readonly mostParts: number },
): Promise<TablePart[]> {
  const parts: TablePart[] = [];
  for (const relation of table.isPartitioned ? table.leaves : [table])
    parts.push(...cutPages(relation, await readPages(client, relation), mostParts));
  return parts;
}

/** Null for what is no heap, a foreign table for example. */
async function readPages(client: pg.Client, relation: QualifiedName): Promise<number | null> {
  const [row] = await runQuery<{ pages: number | null }>(
    client,
    'reading the size of a table',
    `select (case when relkind = 'r' then pg_relation_size(oid) / current_setting('block_size')::int end)::float8 as pages
     from pg_class where oid = $1::text::regclass`,
    [quoteQualified(relation)],
  );
  return row?.pages ?? null;
}

/** The last part has no end: the table may grow while it is read, and the snapshot says what counts. */
function cutPages(relation: QualifiedName, pages: number | null, most: number): TablePart[] {
  const from = `from only ${quoteQualified(relation)} t`;
  if (pages === null) return [{ rows: from, pages: 1 }];
  const size = Math.max(PART_PAGES, Math.ceil(pages / most));
  const count = Math.max(1, Math.ceil(pages / size));
  return Array.from({ length: count }, (_, index) => {
    const first = index * size;
    const rows = `${from} where t.ctid >= '(${first},0)'::tid`;
    return index === count - 1
      ? { rows, pages: pages - first }
      : { rows: `${rows} and t.ctid < '(${first + size},0)'::tid`, pages: size };
  });
}
