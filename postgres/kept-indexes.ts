// Indexes that stay in place while rows go in, though the others were set aside: each row then pays for them, so whoever waits is told.
import type pg from 'pg';
import { runQuery } from './query.ts';

export interface KeptIndex {
  readonly table: string;
  readonly name: string;
  readonly reason: 'replica identity' | 'exclusion' | 'invalid' | 'something else rests on it';
}

const sql = `
  select i.indrelid::regclass::text as "table", x.relname::text as name,
         case when i.indisreplident then 'replica identity'
              when i.indisexclusion then 'exclusion'
              when not i.indisvalid then 'invalid'
              else 'something else rests on it' end as reason
  from unnest($1::oid[]) as t(oid)
  join pg_index i on i.indrelid = t.oid
  join pg_class x on x.oid = i.indexrelid
  order by 1, 2`;

/** The indexes of the tables (oids) that are there; after setAside those that it had to leave. */
export function readKeptIndexes(client: pg.Client, tables: readonly number[]): Promise<KeptIndex[]> {
  return runQuery<KeptIndex>(client, 'listing indexes that stay', sql, [tables]);
}
