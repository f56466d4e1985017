// Is the target what an undisturbed run leaves? Content recomputed by the server from its rows, counts, and every index and constraint as
// the server spells it.
import type pg from 'pg';
import { formatTableKey, quoteQualified } from '../../core/identifiers.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { hashTableInDatabase } from '../../postgres/content-hash.ts';
import type { Report } from '../../spec/report.ts';

/** Every index and constraint of the user's, and the parts of their tables that hang on them. */
export async function readDefinitions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select concat_ws(' | ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indisprimary, i.indimmediate, i.indisclustered,
                     obj_description(i.indexrelid, 'pg_class'),
                     (select inhparent::regclass from pg_inherits where inhrelid = i.indexrelid)) as line
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace
    union all
    select concat_ws(' | ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, conindid::regclass,
                     obj_description(oid, 'pg_constraint'))
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'
      -- 14 and 15 name the triggers' copies of a partitioned table's keys by chance
      and (contype <> 'f' or conparentid = 0)
    union all
    select concat_ws(' | ', oid::regclass, relpersistence) from pg_class where relnamespace = 'public'::regnamespace
    order by 1`);
  return rows.map(({ line }) => line);
}

/** What is wrong with the target, a line each. `reference`: the report of an undisturbed run. */
export async function findFaults(client: pg.Client, reference: Report, definitions: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const { tables } = await readCatalog(client);
  for (const expected of reference.tables) {
    const table = tables.find((each) => formatTableKey(each) === expected.name);
    if (table === undefined) return [`${expected.name} is gone`];
    const columns = expected.hashedColumns.flatMap((name) => table.columns.filter((column) => column.name === name));
    const hash = await hashTableInDatabase(client, table, columns);
    if (hash !== expected.contentHash) faults.push(`${expected.name}: content ${hash}, expected ${expected.contentHash}`);
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${quoteQualified(table)}`);
    if (rows[0]?.n !== expected.rows) faults.push(`${expected.name}: ${rows[0]?.n} rows, expected ${expected.rows}`);
  }
  const found = await readDefinitions(client);
  faults.push(...definitions.filter((line) => !found.includes(line)).map((line) => `missing: ${line}`));
  faults.push(...found.filter((line) => !definitions.includes(line)).map((line) => `too much: ${line}`));
  const { rows } = await client.query<{ left: number; rows: number }>(
    `select (select count(*)::int from shapecast.definitions) as left, (select sum(rows)::int from shapecast.chunks) as rows`,
  );
  if (rows[0]?.left !== 0) faults.push(`${rows[0]?.left} definitions are still recorded`);
  if (rows[0]?.rows !== reference.rowsLoaded) faults.push(`the ledger counts ${rows[0]?.rows} rows`);
  return faults;
}

/** The chunks that are in, each with the transaction that brought it: one that is made again has another. */
export async function readLedger(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query<{ there: boolean }>(`select to_regclass('shapecast.chunks') is not null as there`);
  if (found[0]?.there !== true) return [];
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(' ', table_key, chunk, xmin) as line from shapecast.chunks`,
  );
  return rows.map(({ line }) => line);
}
