// Foreign keys of tables that are not ours towards tables that teardown would empty. TRUNCATE is refused there even when no
// row refers to ours, so such a table is emptied by DELETE; and not at all while a row of the user's refers to it.
import type pg from 'pg';
import { z } from 'zod';
import { formatTableKey, type QualifiedName, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import { runQuery } from '../postgres/query.ts';

export interface OutsideReference {
  readonly constraint: string;
  /** The user's table. */
  readonly from: QualifiedName;
  /** Our (found) table. */
  readonly to: QualifiedName;
  /** A row of `from` refers to a row of `to`. */
  readonly isUsed: boolean;
}

const FIND_OUTSIDE = `
  with ours as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select p.relid from unnest($1::oid[]) as t(oid), pg_partition_tree(t.oid) as p
  )
  select k.conname as "constraint", fn.nspname as "fromSchema", f.relname as "fromName",
         tn.nspname as "toSchema", t.relname as "toName",
         array(select a.attname::text from unnest(k.conkey) with ordinality as c(attnum, place)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.attnum order by c.place) as columns
  from pg_constraint k
  join pg_class f on f.oid = k.conrelid
  join pg_namespace fn on fn.oid = f.relnamespace
  join pg_class t on t.oid = k.confrelid
  join pg_namespace tn on tn.oid = t.relnamespace
  where k.contype = 'f'
    and k.conparentid = 0
    and k.confrelid in (select oid from ours)
    and k.conrelid not in (select oid from ours)
  order by fn.nspname collate "C", f.relname collate "C", k.conname collate "C"`;

const outsideRow = z.strictObject({
  constraint: z.string(),
  fromSchema: z.string(),
  fromName: z.string(),
  toSchema: z.string(),
  toName: z.string(),
  columns: z.array(z.string()),
});

/** All such keys; reads the user's tables only as far as the first row that refers to ours. */
export async function findOutsideReferences(client: pg.Client, oids: readonly number[]): Promise<OutsideReference[]> {
  const rows = z.array(outsideRow).parse(await runQuery(client, 'looking for references', FIND_OUTSIDE, [oids]));
  const found: OutsideReference[] = [];
  for (const row of rows) {
    const from = { schema: row.fromSchema, name: row.fromName };
    const isUsed = await hasReferringRow(client, from, row.columns);
    found.push({ constraint: row.constraint, from, to: { schema: row.toSchema, name: row.toName }, isUsed });
  }
  return found;
}

async function hasReferringRow(client: pg.Client, table: QualifiedName, columns: readonly string[]): Promise<boolean> {
  const isReferring = columns.map((column) => `${quoteIdentifier(column)} is not null`).join(' and ');
  const [row] = await runQuery<{ found: boolean }>(
    client,
    `looking for references in ${formatTableKey(table)}`,
    `select exists (select from ${quoteQualified(table)} where ${isReferring}) as found`,
  );
  return row?.found === true;
}
