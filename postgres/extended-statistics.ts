// Extended statistics of the catalog, and making them: on tables that we made they go with the table, on tables that we found the marker
// records them, so that teardown drops them.
import type pg from 'pg';
import { z } from 'zod';
import { type QualifiedName, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { Statistics } from '../spec/statistics.ts';
import { ensureMarker, readTables, type TableOrigin } from './marker.ts';
import { claimStatistics } from './marker-objects.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery } from './query.ts';

const foundRow = z.strictObject({
  tableOid: z.number(),
  columns: z.array(z.string()),
  /** ndistinct, dependencies, mcv; `expressions` where it has any. */
  kinds: z.array(z.string()),
});

export type FoundStatistics = z.output<typeof foundRow>;

const FIND_STATISTICS = `
  select s.stxrelid::int8::float8 as "tableOid",
         coalesce((select json_agg(a.attname order by a.attname collate "C")
                   from pg_attribute a
                   where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys::int2[])), '[]') as columns,
         (select json_agg(case k.kind when 'd' then 'ndistinct' when 'f' then 'dependencies' when 'm' then 'mcv' else 'expressions' end)
          from unnest(s.stxkind) as k(kind)) as kinds
  from pg_statistic_ext s
  join pg_namespace n on n.oid = s.stxnamespace
  where n.nspname = $1
    and s.stxname = $2`;

/** The statistics of that name, or null. */
export async function findStatistics(client: pg.ClientBase, { name, schema }: QualifiedName): Promise<FoundStatistics | null> {
  const [row] = await runQuery(client, 'looking for extended statistics', FIND_STATISTICS, [schema, name]);
  return row === undefined ? null : foundRow.parse(row);
}

/** A table of the marker's, and what is wanted for it. */
export interface StatisticsToMake {
  readonly table: QualifiedName & { readonly oid: number };
  readonly statistics: Statistics;
}

/**
 * Makes them in one transaction with their record, under the marker's lock, which teardown takes too. Returns whose the table is, or null
 * (and makes nothing) where the marker does not list it. Throws QUERY_FAILED, MARKER_FOREIGN.
 */
export async function makeStatistics(client: pg.Client, { statistics, table }: StatisticsToMake): Promise<TableOrigin | null> {
  // A marker of an earlier version may lack the table for such records.
  await ensureMarker(client);
  return inTransaction(client, async () => {
    await runQuery(client, 'locking the marker', `select pg_advisory_xact_lock(hashtext('shapecast marker'))`);
    const listed = (await readTables(client)).find(({ name, oid, schema }) => {
      return oid === table.oid && name === table.name && schema === table.schema;
    });
    if (listed === undefined) return null;
    await runQuery(client, 'making extended statistics', createStatisticsSql(statistics, table));
    if (listed.origin === 'found') await claimStatistics(client, { schema: table.schema, name: statistics.name });
    return listed.origin;
  });
}

/** In the table's schema. */
function createStatisticsSql({ columns, kinds, name }: Statistics, table: QualifiedName): string {
  const object = quoteQualified({ schema: table.schema, name });
  return `create statistics ${object} (${kinds.join(', ')}) on ${columns.map(quoteIdentifier).join(', ')} from ${quoteQualified(table)}`;
}
