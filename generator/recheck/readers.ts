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
/** Before 14 the server reads a whole table for a range of pages. */
const FIRST_WITH_TID_SCAN = 140_000;

/** Connections of one snapshot. */
export interface Readers {
  readonly clients: readonly pg.Client[];
  readonly serverVersion: number;
}

export interface ReadersOptions {
  readonly url: string;
  readonly count: number;
  readonly serverVersion: number;
  readonly signal: AbortSignal | undefined;
}

/** Opens the connections, in one read-only snapshot, and closes them whatever happens. Throws INTERRUPTED once the signal is raised. */
export async function withReaders<Result>(
  options: ReadersOptions,
  action: (readers: Readers) => Promise<Result>,
): Promise<Result> {
  const { url, signal, serverVersion } = options;
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
      () => action({ clients, serverVersion }),
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
export interface TablePart {
  /** What stands after FROM, alias `t` included, and a condition after it. */
  readonly from: string;
  readonly where: string;
  readonly pages: number;
}

/** The parts of a table, at most `most` of each of its relations. */
export async function listParts(readers: Readers, table: CatalogTable, most = Number.MAX_SAFE_INTEGER): Promise<TablePart[]> {
  const [client] = readers.clients;
  if (client === undefined) return [];
  const parts: TablePart[] = [];
  for (const relation of table.isPartitioned ? table.leaves : [table]) {
    const pages = readers.serverVersion < FIRST_WITH_TID_SCAN ? null : await readPages(client, relation);
    parts.push(...cutPages(relation, pages, most));
  }
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
  const from = `only ${quoteQualified(relation)} t`;
  if (pages === null) return [{ from, where: 'true', pages: 1 }];
  const size = Math.max(PART_PAGES, Math.ceil(pages / most));
  const count = Math.max(1, Math.ceil(pages / size));
  return Array.from({ length: count }, (_, index) => {
    const first = index * size;
    const isLast = index === count - 1;
    const above = `t.ctid >= '(${first},0)'::tid`;
    return {
      from,
      where: isLast ? above : `${above} and t.ctid < '(${first + size},0)'::tid`,
      pages: isLast ? pages - first : size,
    };
  });
}

/** Runs a statement for each part, on all connections at once, and hands on the rows as they come. Throws QUERY_FAILED. */
export async function readParts<Row>(
  readers: Readers,
  parts: readonly TablePart[],
  statement: (part: TablePart) => string,
  take: (row: Row) => void,
  progress: Progress,
): Promise<void> {
  const queue = [...parts];
  const work = readers.clients.map(async (client) => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      await readRows(client, statement(part), take);
      progress.advance(part.pages);
    }
  });
  const outcomes = await Promise.allSettled(
    work.map((one) =>
      one.catch((error: unknown) => {
        queue.length = 0;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function readRows<Row>(client: pg.Client, sql: string, take: (row: Row) => void): Promise<void> {
  const cursor = openCursor<Row>(client, sql);
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
