// The catalog as masks need it: a key that only one partition has is a key that masked values must keep too.
import type pg from 'pg';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { readPartitionKeys } from '../postgres/catalog/partition-keys.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';

/** All of the user's schemas. Throws what readCatalog throws. */
export async function readMaskedCatalog(client: pg.ClientBase): Promise<Catalog> {
  const catalog = await readCatalog(client);
  const partitioned = catalog.tables.filter(({ isPartitioned }) => isPartitioned).map(({ oid }) => oid);
  if (partitioned.length === 0) return catalog;
  const keys = await readPartitionKeys(client, partitioned);
  const tables = catalog.tables.map((table) => ({ ...table, indexes: [...table.indexes, ...(keys.get(table.oid) ?? [])] }));
  return { ...catalog, tables };
}
