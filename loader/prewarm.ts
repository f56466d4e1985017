// Reads the largest relations into memory, so that a first measurement is not one of the disk. The extension is created in
// a transaction that is rolled back: the pages stay in memory, and nothing of ours stays in the target.
import type pg from 'pg';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { type QualifiedName, quoteIdentifier } from '../core/identifiers.ts';
import { formatBytes } from '../core/progress.ts';
import { describeFailure, runQuery } from '../postgres/query.ts';
import type { PrewarmResult } from '../spec/run-record.ts';
import type { Verification } from './target-tables.ts';

const relationRow = z.strictObject({ oid: z.number(), bytes: z.number() });
const memoryRow = z.strictObject({ sharedBytes: z.number(), cacheBytes: z.number() });

type Relation = z.output<typeof relationRow>;
type Memory = z.output<typeof memoryRow>;

/** `buffer`: into shared buffers. `read`: through the operating system's cache. */
export interface PrewarmStep extends Relation {
  readonly mode: 'buffer' | 'read';
}

/** Prewarms what fits; a server that does not allow it is told in one line and is no finding. */
export async function prewarm(verification: Verification): Promise<PrewarmResult> {
  const { client, print } = verification;
  const steps = choosePrewarm(await listRelations(verification), await readMemory(client));
  await runQuery(client, 'opening a transaction', 'begin');
  try {
    const reason = await createExtension(client);
    if (reason !== null) {
      print(`[Prewarm] left out: ${reason}`);
      return { relations: 0, bytes: 0, reason };
    }
    return await readSteps(verification, steps);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** Largest first: into shared buffers while they last, then into the rest of the cache, then no more. */
export function choosePrewarm(relations: readonly Relation[], memory: Memory): PrewarmStep[] {
  let sharedLeft = memory.sharedBytes;
  let cacheLeft = Math.max(0, memory.cacheBytes - memory.sharedBytes);
  return [...relations]
    .sort((left, right) => right.bytes - left.bytes || left.oid - right.oid)
    .flatMap((relation): PrewarmStep[] => {
      if (relation.bytes <= sharedLeft) {
        sharedLeft -= relation.bytes;
        return [{ ...relation, mode: 'buffer' }];
      }
      if (relation.bytes > cacheLeft) return [];
      cacheLeft -= relation.bytes;
      return [{ ...relation, mode: 'read' }];
    });
}

async function readSteps(verification: Verification, steps: readonly PrewarmStep[]): Promise<PrewarmResult> {
  const { client, print } = verification;
  const schema = quoteIdentifier(await extensionSchema(client));
  const bytes = steps.reduce((sum, step) => sum + step.bytes, 0);
  const progress = verification.startProgress('prewarming', bytes, 'bytes');
  for (const step of steps) {
    await runQuery(client, 'prewarming', `select ${schema}.pg_prewarm($1::oid::regclass, $2)`, [step.oid, step.mode]);
    progress.advance(step.bytes);
  }
  progress.finish();
  print(`[Prewarm] ✓ ${steps.length} ${steps.length === 1 ? 'relation' : 'relations'}, ${formatBytes(bytes)}`);
  return { relations: steps.length, bytes, reason: null };
}

/** The reason why it cannot be had, or null. */
async function createExtension(client: pg.Client): Promise<string | null> {
  try {
    // A schema of its own: the search path is pg_catalog, and `public` need not be there.
    const [found] = await runQuery(client, 'looking for pg_prewarm', `select from pg_extension where extname = 'pg_prewarm'`);
    if (found !== undefined) return null;
    await client.query('create schema shapecast_prewarm');
    await client.query('create extension pg_prewarm schema shapecast_prewarm');
    return null;
  } catch (error) {
    if (error instanceof ShapecastError) throw error;
    return `pg_prewarm cannot be created here: ${describeFailure(error)}`;
  }
}

async function extensionSchema(client: pg.Client): Promise<string> {
  const [row] = await runQuery<{ schema: string }>(
    client,
    'looking for pg_prewarm',
    `select n.nspname as schema
     from pg_extension e
     join pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'pg_prewarm'`,
  );
  return row?.schema ?? 'public';
}

/** The tables that hold rows, and their indexes. */
async function listRelations({ client, tables }: Verification): Promise<Relation[]> {
  const holders: QualifiedName[] = tables.flatMap(({ found }) => {
    if (found === null) return [];
    return found.isPartitioned ? found.leaves : [found];
  });
  const rows = await runQuery(
    client,
    'listing relations',
    `with holders as (
       select c.oid
       from unnest($1::text[], $2::text[]) as h(schema, name)
       join pg_namespace n on n.nspname = h.schema
       join pg_class c on c.relnamespace = n.oid and c.relname = h.name
     )
     select r.oid::int8::float8 as oid, pg_relation_size(r.oid)::float8 as bytes
     from (select oid from holders union select indexrelid from pg_index where indrelid in (select oid from holders)) as r
     where pg_relation_size(r.oid) > 0`,
    [holders.map((each) => each.schema), holders.map((each) => each.name)],
  );
  return z.array(relationRow).parse(rows);
}

async function readMemory(client: pg.Client): Promise<Memory> {
  const [row] = await runQuery(
    client,
    'reading memory settings',
    `select pg_size_bytes(current_setting('shared_buffers'))::float8 as "sharedBytes",
            pg_size_bytes(current_setting('effective_cache_size'))::float8 as "cacheBytes"`,
  );
  return memoryRow.parse(row);
}
