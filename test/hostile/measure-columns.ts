// How many rows and how many values (not NULL) each table and column holds: to see that nothing became a silent NULL.
import type pg from 'pg';
import { formatTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import { USER_SCHEMAS } from './definitions.ts';

export interface TableCounts {
  readonly rows: number;
  readonly values: ReadonlyMap<string, number>;
}

/** By table key; partitions count in their parents. */
export async function countValues(client: pg.ClientBase): Promise<Map<string, TableCounts>> {
  const { rows: tables } = await client.query<{ schema: string; name: string; columns: string[] }>(`
    select n.nspname as schema, r.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class as r join pg_namespace as n on n.oid = r.relnamespace join pg_attribute as a on a.attrelid = r.oid
    where ${USER_SCHEMAS} and r.relkind in ('r', 'p') and not r.relispartition and a.attnum > 0 and not a.attisdropped
    group by 1, 2`);
  const found = new Map<string, TableCounts>();
  for (const table of tables) {
    const counts = table.columns.map((column) => `count(${quoteIdentifier(column)})`).join(', ');
    const sql = `select array[count(*), ${counts}]::text[] as counts from ${quoteQualified(table)}`;
    const { rows } = await client.query<{ counts: string[] }>(sql);
    const [total = 0, ...values] = (rows[0]?.counts ?? []).map(Number);
    found.set(formatTableKey(table), { rows: total, values: new Map(table.columns.map((name, at) => [name, values[at] ?? 0])) });
  }
  return found;
}
