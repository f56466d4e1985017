// Unlogged tables: written without the server's log, and emptied by the server after its crash. The chunk ledger has to go with them, or it
// would count rows that are gone; so all tables of a plan and the ledger change in one transaction.
import type pg from 'pg';
import { quoteQualified } from '../core/identifiers.ts';
import type { CatalogTable } from './catalog/catalog.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery } from './query.ts';

interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Oids of the relations that its foreign keys point at. */
  readonly parents: readonly number[];
}

/** Makes the tables' relations that are logged, and the ledger, unlogged, and writes down which. The tables must be empty. */
export async function makeUnlogged(client: pg.Client, tables: readonly CatalogTable[]): Promise<void> {
  await inTransaction(client, async () => {
    for (const { oid } of tables) {
      const relations = await runQuery<Relation>(
        client,
        'listing relations',
        `${RELATIONS} where c.oid in (select $1::oid union select relid from pg_partition_tree($1::oid)) and c.relpersistence = 'p'`,
        [oid],
      );
      for (const relation of relations) await setPersistence(client, relation, 'unlogged');
      await runQuery(
        client,
        'recording unlogged relations',
        `update shapecast.tables set unlogged = coalesce(unlogged, '{}') || $2::oid[] where table_oid = $1::oid`,
        [oid, relations.map((relation) => relation.oid)],
      );
    }
    await runQuery(client, 'changing the chunk ledger', 'alter table shapecast.chunks set unlogged');
  });
}

/** Makes what makeUnlogged changed logged again, with its rows; the ledger too. Nothing recorded: does nothing. */
export async function makeLogged(client: pg.Client): Promise<void> {
  await inTransaction(client, async () => {
    await makeRecordedLogged(client, null);
    await runQuery(client, 'clearing a record', 'update shapecast.tables set unlogged = null where unlogged is not null');
    const [ledger] = await runQuery<{ isUnlogged: boolean }>(
      client,
      'looking at the chunk ledger',
      `select relpersistence = 'u' as "isUnlogged" from pg_class where oid = to_regclass('shapecast.chunks')`,
    );
    if (ledger?.isUnlogged) await runQuery(client, 'changing the chunk ledger', 'alter table shapecast.chunks set logged');
  });
}

/** Of the recorded relations those of these tables (null: all), in the caller's transaction, and not the ledger. */
export async function makeRecordedLogged(client: pg.Client, tables: readonly number[] | null): Promise<void> {
  // Through jsonb, because the marker of an earlier version lacks the column.
  const left = await runQuery<Relation>(
    client,
    'listing unlogged relations',
    `${RELATIONS}
     where c.relpersistence = 'u'
       and exists (
         select
         from shapecast.tables t
         where to_jsonb(t) -> 'unlogged' @> to_jsonb(c.oid::text)
           and ($1::oid[] is null or t.table_oid = any ($1))
       )`,
    [tables],
  );
  while (left.length > 0) {
    // A logged table may not point at an unlogged one. In a circle the server says so.
    const at = left.findIndex(({ oid, parents }) =>
      parents.every((parent) => parent === oid || !left.some((each) => each.oid === parent)),
    );
    const [next] = left.splice(Math.max(0, at), 1);
    if (next !== undefined) await setPersistence(client, next, 'logged');
  }
}

const RELATIONS = `
  select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name,
         array(select k.confrelid::int8::float8 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as parents
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and c.relkind = 'r'`;

async function setPersistence(client: pg.Client, relation: Relation, persistence: 'logged' | 'unlogged'): Promise<void> {
  const name = quoteQualified(relation);
  await runQuery(client, `making ${name} ${persistence}`, `alter table only ${name} set ${persistence}`);
}
