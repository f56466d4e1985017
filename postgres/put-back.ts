// Making again what setAside recorded and dropped. Each record leaves the marker in the transaction that makes the last part of
// its object, so from any later session this goes on where it stopped.
// What takes long has a step of its own that may come first and keeps the record (buildIndex, addForeignKey): a session that
// builds an index and then wants more of the table would wait for another one that does the same.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import { readDefinition, readMarker } from './marker.ts';
import { inTransaction } from './marker-transaction.ts';
import { commentOn, runDefinition } from './put-back-statements.ts';
import { runQuery } from './query.ts';
import { readServerMajor } from './server-version.ts';
import type { StoredDefinition } from './stored-definitions.ts';

/** `public.messages."messages_idx"`-like name for progress and lists: the table, then the object. */
export function describeDefinition({ schema, table, name }: Pick<StoredDefinition, 'schema' | 'table' | 'name'>): string {
  return `${formatTableKey({ schema, name: table })}: ${name}`;
}

/**
 * Makes everything again that setAside recorded and that is not there, indexes first, each in a transaction of its own that
 * also removes its record. `onStep` hears the name before each. Nothing recorded, or no marker: does nothing.
 */
export async function putBack(client: pg.Client, onStep?: (name: string) => void): Promise<void> {
  const definitions = (await readMarker(client))?.definitions ?? [];
  for (const definition of definitions) {
    onStep?.(describeDefinition(definition));
    await inTransaction(client, () => putBackOne(client, definition));
  }
}

/**
 * Makes one recorded object where it is missing, and removes its record; the caller's transaction holds both. The record is read
 * again there: its table may have been renamed since. Throws PUT_BACK_UNSURE, and then the record stays.
 */
export async function putBackOne(client: pg.Client, { id }: Pick<StoredDefinition, 'id'>): Promise<void> {
  const definition = await claimDefinition(client, id);
  if (definition === undefined) return;
  // A table that is gone took its keys and indexes along: nothing is left to put back.
  if (!definition.isGone) {
    if (definition.kind === 'index') await makeIndex(client, definition);
    else await makeForeignKey(client, definition);
  }
  await runQuery(client, 'removing a record', 'delete from shapecast.definitions where id = $1', [id]);
}

/** Builds one recorded index where it is missing, in a transaction of its own, and leaves the rest of its record to putBackOne. */
export async function buildIndex(client: pg.Client, { id }: Pick<StoredDefinition, 'id'>): Promise<void> {
  await inTransaction(client, async () => {
    const index = await claimDefinition(client, id);
    if (index === undefined || index.isGone || index.isPartitioned) return;
    const state = await readIndexState(client, index);
    if (!state.isCovered && !state.isThere) await createIndex(client, index);
  });
}

/**
 * Adds one recorded foreign key without looking at the rows, in a transaction of its own, and leaves that to putBackOne. Does nothing where the
 * server cannot (a partitioned table before 18) or the key asks for it itself.
 */
export async function addForeignKey(client: pg.Client, { id }: Pick<StoredDefinition, 'id'>): Promise<void> {
  const major = await readServerMajor(client);
  await inTransaction(client, async () => {
    // Adding locks both tables: in one order, or two sessions wait for each other.
    await runQuery(client, 'waiting for other keys', `select pg_advisory_xact_lock(hashtext('shapecast foreign keys'))`);
    const key = await claimDefinition(client, id);
    if (key === undefined || key.isGone || (key.isPartitioned && major < 18)) return;
    if (/ NOT (VALID|ENFORCED)$/.test(key.definition) || (await readForeignKeyState(client, key)) !== null) return;
    await createForeignKey(client, { ...key, definition: `${key.definition} NOT VALID` });
  });
}

/** The record as it applies now, for this transaction alone; undefined when somebody else has put it back. Throws PUT_BACK_UNSURE. */
async function claimDefinition(client: pg.Client, id: number): Promise<StoredDefinition | undefined> {
  await runQuery(client, 'claiming a record', `select pg_advisory_xact_lock(hashtext('shapecast definition'), $1::int)`, [id]);
  const definition = await readDefinition(client, id);
  if (definition?.isUnsure && !definition.isGone) {
    throw new ShapecastError('PUT_BACK_UNSURE', { object: describeDefinition(definition) });
  }
  return definition;
}

async function makeForeignKey(client: pg.Client, key: StoredDefinition): Promise<void> {
  const state = await readForeignKeyState(client, key);
  if (state === null) await createForeignKey(client, key);
  else if (!state.isValid && !/ NOT (VALID|ENFORCED)$/.test(key.definition)) {
    const table = quoteQualified({ schema: key.schema, name: key.table });
    const sql = `alter table ${table} validate constraint ${quoteIdentifier(key.name)}`;
    await runQuery(client, `putting back ${describeDefinition(key)}`, sql);
  }
}

async function createForeignKey(client: pg.Client, key: StoredDefinition): Promise<void> {
  const table = quoteQualified({ schema: key.schema, name: key.table });
  const name = quoteIdentifier(key.name);
  await runDefinition(client, key, `alter table ${table} add constraint ${name} ${key.definition}`);
  await commentOn(client, key, `constraint ${name} on ${table}`, key.description);
}

async function makeIndex(client: pg.Client, index: StoredDefinition): Promise<void> {
  const state = await readIndexState(client, index);
  // The parent's index was made by hand, and the server gave this partition one of another name.
  if (state.isCovered) return;
  // The constraint of a partitioned table takes no index that is there.
  const isMadeByKey = index.isPartitioned && index.keyDefinition !== null;
  if (!state.isThere && !isMadeByKey) await createIndex(client, index);
  if (index.keyDefinition !== null && !state.hasKey) await createKey(client, index, index.keyDefinition);
  if (index.isClustered) {
    const sql = `alter table only ${tableOf(index)} cluster on ${quoteIdentifier(index.name)}`;
    await runQuery(client, `marking ${describeDefinition(index)}`, sql);
  }
  if (index.attachSchema === null || index.attachIndex === null) return;
  const parent = quoteQualified({ schema: index.attachSchema, name: index.attachIndex });
  await runQuery(
    client,
    `attaching ${describeDefinition(index)}`,
    `alter index ${parent} attach partition ${quoteQualified(index)}`,
  );
}

async function createIndex(client: pg.Client, index: StoredDefinition): Promise<void> {
  await chooseTablespace(client, index);
  await runDefinition(client, index, index.definition);
  await commentOn(client, index, `index ${quoteQualified(index)}`, index.description);
}

/** From the index that is there, which has what the constraint's text does not say: storage parameters, tablespace, INCLUDE. */
async function createKey(client: pg.Client, index: StoredDefinition, definition: string): Promise<void> {
  const name = quoteIdentifier(index.name);
  const kind = definition.startsWith('PRIMARY KEY') ? 'primary key' : 'unique';
  const deferral = /( DEFERRABLE)?( INITIALLY DEFERRED)?$/.exec(definition)?.[0] ?? '';
  const text = index.isPartitioned ? definition : `${kind} using index ${name}${deferral}`;
  if (index.isPartitioned) await chooseTablespace(client, index);
  await runDefinition(client, index, `alter table only ${tableOf(index)} add constraint ${name} ${text}`);
  if (index.isPartitioned) await commentOn(client, index, `index ${quoteQualified(index)}`, index.description);
  await commentOn(client, index, `constraint ${name} on ${tableOf(index)}`, index.keyDescription);
}

/** pg_get_indexdef does not say the tablespace; the empty name is the database's own. */
async function chooseTablespace(client: pg.Client, { tablespace }: StoredDefinition): Promise<void> {
  const sql = `select set_config('default_tablespace', $1, true)`;
  await runQuery(client, 'choosing the tablespace', sql, [tablespace ?? '']);
}

function tableOf({ schema, table }: StoredDefinition): string {
  return quoteQualified({ schema, name: table });
}

async function readForeignKeyState(client: pg.Client, key: StoredDefinition): Promise<{ isValid: boolean } | null> {
  const [found] = await runQuery<{ isValid: boolean }>(
    client,
    'looking for a foreign key',
    `select convalidated as "isValid" from pg_constraint where conrelid = to_regclass($1) and conname = $2`,
    [tableOf(key), key.name],
  );
  return found ?? null;
}

interface IndexState {
  /** The table has an index of this name. */
  readonly isThere: boolean;
  /** The table has a constraint of this name. */
  readonly hasKey: boolean;
  /** It has one attached to the wanted parent index already. */
  readonly isCovered: boolean;
}

async function readIndexState(client: pg.Client, index: StoredDefinition): Promise<IndexState> {
  const attach = index.attachSchema === null || index.attachIndex === null ? null : [index.attachSchema, index.attachIndex];
  const [state] = await runQuery<IndexState>(
    client,
    'looking for an index',
    `select exists (select from pg_index where indrelid = to_regclass($1) and indexrelid = to_regclass($2)) as "isThere",
            exists (select from pg_constraint where conrelid = to_regclass($1) and conname = $4) as "hasKey",
            exists (
              select
              from pg_index i
              join pg_inherits h on h.inhrelid = i.indexrelid
              where i.indrelid = to_regclass($1)
                and h.inhparent = to_regclass($3)
            ) as "isCovered"`,
    [
      tableOf(index),
      quoteQualified(index),
      attach === null ? null : quoteQualified({ schema: attach[0] ?? '', name: attach[1] ?? '' }),
      index.name,
    ],
  );
  return state ?? { isThere: false, hasKey: false, isCovered: false };
}
