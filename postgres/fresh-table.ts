// A table that one transaction empties and fills needs no log for its rows (where wal_level is minimal) and may have them frozen, so
// that no vacuum writes them again. Only an empty table is emptied here, and only where nobody could notice.
import type pg from 'pg';
import { type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { runQuery } from './query.ts';

/**
 * Inside the transaction that brings all rows of a table without partitions: gives it a new file if it is empty, nobody works on it, no
 * foreign key points at it and neither a trigger nor a subscriber would hear of it. False: nothing was done.
 */
export async function startAfresh(client: pg.Client, relation: QualifiedName): Promise<boolean> {
  const name = quoteQualified(relation);
  const what = `starting ${name} afresh`;
  const [found] = await runQuery<{ mayTruncate: boolean }>(client, what, MAY_TRUNCATE, [name]);
  if (found?.mayTruncate !== true) return false;
  await runQuery(client, what, 'savepoint afresh');
  const isEmpty = await lockIfFree(client, name);
  if (!isEmpty) {
    await runQuery(client, what, 'rollback to savepoint afresh');
    return false;
  }
  await runQuery(client, what, `truncate only ${name}`);
  await runQuery(client, what, 'release savepoint afresh');
  return true;
}

// 32: the trigger fires at TRUNCATE.
const MAY_TRUNCATE = `
  select has_table_privilege(c.oid, 'TRUNCATE')
         and c.relkind = 'r'
         and not exists (select from pg_constraint k where k.confrelid = c.oid and k.contype = 'f')
         and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgtype & 32 <> 0)
         and not exists (select from pg_publication) as "mayTruncate"
  from pg_class c
  where c.oid = to_regclass($1)`;

/** False when somebody else uses the table or when it has rows. */
async function lockIfFree(client: pg.Client, name: string): Promise<boolean> {
  try {
    await client.query(`lock table only ${name} in access exclusive mode nowait`);
    const { rows } = await client.query<{ filled: boolean }>(`select exists (select from only ${name}) as filled`);
    return rows[0]?.filled === false;
  } catch {
    // A lock that is not to be had, by rights or by others: the rows go in as always.
    return false;
  }
}
