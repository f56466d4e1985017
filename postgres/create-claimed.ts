// Runs schema SQL and records all that it made as ours, in one transaction: a crash leaves both or neither, so teardown never
// meets a table of ours that it takes for the user's.
// What the SQL made is told by comparing the catalog before and after inside one snapshot. Not by xmin: a DO block that catches
// an exception makes its objects under a subtransaction's number, and ALTER gives old objects a new one. The
// one thing that it takes for ours: what another session commits meanwhile and the script then alters.
import type pg from 'pg';
import { recordTables } from './claim-tables.ts';
import { createSchemaWith } from './create-schema.ts';
import type { IdentifiedTable } from './marker.ts';
import { claimObjects, listObjects } from './marker-objects.ts';
import { runQuery } from './query.ts';

/** Oids of the tables that the SQL made. The marker must be there. Throws those of createSchema, and TARGET_NOT_EMPTY. */
export async function createClaimed(client: pg.ClientBase, sqlText: string): Promise<ReadonlySet<number>> {
  return createSchemaWith(client, sqlText, {
    before: async () => ({
      objects: await listObjects(client),
      tables: new Set((await listTables(client)).map(({ oid }) => oid)),
    }),
    after: async (before) => {
      await claimObjects(client, before.objects);
      const made = (await listTables(client)).filter(({ oid }) => !before.tables.has(oid));
      await recordTables(
        client,
        made.map((table) => ({ table, origin: 'created' as const })),
      );
      return new Set(made.map(({ oid }) => oid));
    },
  });
}

// Partitions come and go with their parent.
function listTables(client: pg.ClientBase): Promise<IdentifiedTable[]> {
  return runQuery<IdentifiedTable>(
    client,
    'listing tables',
    `select n.nspname as schema, c.relname as name, c.oid::int8::float8 as oid
     from pg_catalog.pg_class c
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p')
       and not c.relispartition
       and c.relpersistence <> 't'
       and n.nspname !~ '^pg_'
       and n.nspname not in ('information_schema', 'shapecast')`,
  );
}
