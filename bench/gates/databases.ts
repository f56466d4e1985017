// Databases of the scratch cluster: each data set's tables as they are made, and bare of every key, constraint and index; and a fresh copy of
// one of the two for every run.
import fs from 'node:fs';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { withClient } from '../../postgres/connect.ts';
import { createSchema } from '../../postgres/create-schema.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Cluster } from './cluster.ts';
import type { DataSet } from './data-sets.ts';

export type Shape = 'full' | 'bare';

const CONNECTION = { applicationName: 'shapecast bench' };

// Foreign keys first: they need the keys that they point to.
const STRIP = `
do $$
declare statement text;
begin
  for statement in
    select format('alter table %s drop constraint %I', conrelid::regclass, conname)
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('f', 'p', 'u', 'x')
    order by contype <> 'f'
  loop execute statement; end loop;
  for statement in
    select format('drop index %s', indexrelid::regclass)
    from pg_index
    where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
  loop execute statement; end loop;
end $$`;

/** The name of the empty database of that shape, made now when there is none. */
export async function provideTemplate(cluster: Cluster, dataSet: DataSet, shape: Shape): Promise<string> {
  const name = `${dataSet.name}_${shape}`;
  const known = await onDatabase(cluster, 'postgres', `select datname from pg_database where datname = '${name}'`);
  if (known.length > 0) return name;
  await onDatabase(cluster, 'postgres', `create database ${quoteIdentifier(name)}`);
  await withClient(cluster.url(name), CONNECTION, async (client) => {
    await createSchema(client, fs.readFileSync(dataSet.createFile, 'utf8'));
    if (shape === 'bare') await runQuery(client, 'taking keys and indexes away', STRIP);
  });
  return name;
}

let made = 0;

/** Runs the action on a new copy of the template (template0: empty), after a checkpoint, and drops the copy. */
export async function withCopy<Result>(
  cluster: Cluster,
  template: string,
  action: (url: string) => Promise<Result>,
): Promise<Result> {
  made += 1;
  const name = `run_${made}`;
  await onDatabase(cluster, 'postgres', `create database ${name} template ${quoteIdentifier(template)}`);
  try {
    await onDatabase(cluster, 'postgres', 'checkpoint');
    return await action(cluster.url(name));
  } finally {
    await onDatabase(cluster, 'postgres', `drop database ${name} with (force)`);
  }
}

/** Runs statements of a cluster's database one after another; rows of the last one. */
export async function onDatabase(cluster: Cluster, database: string, ...statements: readonly string[]): Promise<unknown[]> {
  return onUrl(cluster.url(database), ...statements);
}

/** The same, by URL. */
export async function onUrl(url: string, ...statements: readonly string[]): Promise<unknown[]> {
  return withClient(url, CONNECTION, async (client) => {
    let rows: unknown[] = [];
    for (const sql of statements) rows = await runQuery(client, 'a step of the bench', sql);
    return rows;
  });
}
