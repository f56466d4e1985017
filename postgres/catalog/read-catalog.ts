// Introspection: one query per question, put together by table. Reads pg_catalog alone, so a role that may only SELECT sees it all.
import type pg from 'pg';
import { readServerMajor } from '../server-version.ts';
import type { Catalog, CatalogColumn, CatalogTable } from './catalog.ts';
import { readChecks } from './checks.ts';
import { readColumns } from './columns.ts';
import { readDistinctEstimates } from './distinct-estimates.ts';
import { readEnums } from './enums.ts';
import { readExclusions } from './exclusions.ts';
import { readForeignKeys } from './foreign-keys.ts';
import { readIndexes } from './indexes.ts';
import { readKeys } from './keys.ts';
import { type LeafRow, readLeaves } from './leaves.ts';
import { readPartitionings } from './partitions.ts';
import { readSchemas } from './schemas.ts';
import { readTables, type TableRow } from './tables.ts';
import { readTriggers } from './triggers.ts';

/** The structure of the wanted schemas (default: all of the user's). Throws SERVER_TOO_OLD, QUERY_FAILED, CONNECT_FAILED. */
export async function readCatalog(client: pg.ClientBase, schemas?: readonly string[]): Promise<Catalog> {
  const serverVersion = await readServerMajor(client);
  const wanted = await readSchemas(client, schemas ?? null);
  const tables = await readTables(
    client,
    wanted.map((schema) => schema.oid),
  );
  const oids = tables.map((table) => table.oid);
  const parts = await readParts(client, oids);
  return { serverVersion, tables: tables.map((table) => assembleTable(table, parts)), enums: await readEnums(client, oids) };
}

type ByTable<Item> = ReadonlyMap<number, readonly Item[]>;

// One query after the other: a connection runs one at a time.
async function readParts(client: pg.ClientBase, oids: readonly number[]) {
  const estimates = await readDistinctEstimates(client, oids);
  const estimateOf = new Map(estimates.map((row) => [`${row.table} ${row.name}`, row.estimate]));
  const columns = await readColumns(client, oids);
  const withEstimates = columns.map((column) => ({
    ...column,
    distinctEstimate: estimateOf.get(`${column.table} ${column.name}`) ?? null,
  }));
  return {
    columns: groupByTable(withEstimates),
    keys: groupByTable(await readKeys(client, oids)),
    foreignKeys: groupByTable(await readForeignKeys(client, oids)),
    checks: groupByTable(await readChecks(client, oids)),
    indexes: groupByTable(await readIndexes(client, oids)),
    exclusions: groupByTable(await readExclusions(client, oids)),
    triggers: groupByTable(await readTriggers(client, oids)),
    partitionings: groupByTable(await readPartitionings(client, oids)),
    leaves: groupByTable((await readLeaves(client, oids)).map(({ root, ...leaf }) => ({ ...leaf, table: root }))),
  };
}

function groupByTable<Item extends { readonly table: number }>(items: readonly Item[]): ByTable<Omit<Item, 'table'>> {
  const groups = new Map<number, Omit<Item, 'table'>[]>();
  for (const { table, ...item } of items) {
    const group = groups.get(table);
    if (group === undefined) groups.set(table, [item]);
    else group.push(item);
  }
  return groups;
}

function assembleTable(table: TableRow, parts: Awaited<ReturnType<typeof readParts>>): CatalogTable {
  const leaves = parts.leaves.get(table.oid) ?? [];
  const keys = parts.keys.get(table.oid) ?? [];
  const columns: readonly CatalogColumn[] = parts.columns.get(table.oid) ?? [];
  return {
    ...table,
    columns,
    partitioning: parts.partitionings.get(table.oid)?.[0] ?? null,
    leaves: table.isPartitioned ? leaves.map(({ schema, name }) => ({ schema, name })) : [],
    primaryKey: keys.filter((key) => key.isPrimary).map(withoutFlag)[0] ?? null,
    uniques: keys.filter((key) => !key.isPrimary).map(withoutFlag),
    foreignKeys: parts.foreignKeys.get(table.oid) ?? [],
    checks: parts.checks.get(table.oid) ?? [],
    indexes: parts.indexes.get(table.oid) ?? [],
    exclusions: (parts.exclusions.get(table.oid) ?? []).map(({ name }) => name),
    insertTriggers: (parts.triggers.get(table.oid) ?? []).map(({ name }) => name),
    estimatedRows: sumEstimates(leaves),
    pages: leaves.reduce((sum, leaf) => sum + leaf.pages, 0),
  };
}

function withoutFlag<Key extends { readonly isPrimary: boolean }>({ isPrimary: _, ...key }: Key): Omit<Key, 'isPrimary'> {
  return key;
}

// Leaves that were never analysed count as empty as long as one was.
function sumEstimates(leaves: readonly Pick<LeafRow, 'estimatedRows'>[]): number {
  const known = leaves.map((leaf) => leaf.estimatedRows).filter((rows) => rows >= 0);
  if (known.length === 0) return -1;
  return Math.round(known.reduce((sum, rows) => sum + rows, 0));
}
