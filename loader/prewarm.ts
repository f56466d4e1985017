// Reads relations into memory, so that a first measurement is not one of the disk, and tells what of the buffer cache each takes then. The
// extensions are made in a transaction that is rolled back: the pages stay in memory, and nothing of ours stays in the target.
import type pg from 'pg';
import { z } from 'zod';
import { formatBytes } from '../core/progress.ts';
import { PERMISSION_DENIED, runQuery, sqlStateIn } from '../postgres/query.ts';
import { readRows } from '../postgres/read-side.ts';
import type { PrewarmResult } from '../spec/run-record.ts';
import { borrowExtension } from './borrow-extension.ts';
import { takeBack } from './fidelity/rolled-back.ts';
import { choosePrewarm, type Memory, type PrewarmStep } from './prewarm/choose-prewarm.ts';
import { formatCacheShares, listLeftOut } from './prewarm/format-cache-shares.ts';
import type { PrewarmRequest } from './prewarm/list-relations.ts';
import { measureCache } from './prewarm/measure-cache.ts';
import type { Verification } from './target-tables.ts';

const memoryRow = z.strictObject({ sharedBytes: z.number(), cacheBytes: z.number() });

/** Prewarms what fits of the relations asked for; a server that does not allow it is told in one line and is no finding. */
export async function prewarm(verification: Verification, request: PrewarmRequest): Promise<PrewarmResult> {
  const { client, print } = verification;
  const memory = await readMemory(client);
  const nothing = { relations: 0, bytes: 0, choice: request.choice, sharedBytes: memory.sharedBytes, read: [], leftOut: [] };
  if (request.choice === 'none') {
    print('[Prewarm] left out: --prewarm none');
    return { ...nothing, reason: 'not asked for', measuredBy: null };
  }
  const relations = await request.list();
  const steps = choosePrewarm(relations, memory, request.choice);
  return takeBack(client, async () => {
    const borrowed = await borrowExtension(client, 'pg_prewarm');
    if ('reason' in borrowed) {
      print(`[Prewarm] left out: ${borrowed.reason}`);
      return { ...nothing, reason: borrowed.reason, measuredBy: null };
    }
    const done = await readSteps(verification, borrowed.schema, steps);
    const { measuredBy, read, whyComputed } = await measureCache(client, done, memory);
    const leftOut = listLabels(relations, done);
    const result = { ...nothing, relations: done.length, bytes: sumBytes(done), reason: null, measuredBy, read, leftOut };
    print(`[Prewarm] ✓ ${done.length} ${done.length === 1 ? 'relation' : 'relations'}, ${formatBytes(result.bytes)}`);
    for (const line of formatCacheShares(result, whyComputed)) print(`[Prewarm]   ${line}`);
    const refused = listLabels(steps, done);
    for (const line of listLeftOut(refused, 'the server does not allow it')) print(`[Prewarm]   ${line}`);
    const large = leftOut.filter((label) => !refused.includes(label));
    for (const line of listLeftOut(large, 'there is no room')) print(`[Prewarm]   ${line}`);
    return result;
  });
}

type Labelled = Pick<PrewarmStep, 'label' | 'oid'>;

function listLabels(all: readonly Labelled[], done: readonly Labelled[]): string[] {
  return all.filter(({ oid }) => done.every((step) => step.oid !== oid)).map(({ label }) => label);
}

/** The steps that were done: a table may be ours to read, and its index not (servers before 18). */
async function readSteps(verification: Verification, schema: string, steps: readonly PrewarmStep[]): Promise<PrewarmStep[]> {
  const progress = verification.startProgress('prewarming', sumBytes(steps), 'bytes');
  const done: PrewarmStep[] = [];
  for (const step of steps) {
    if (await readStep(verification, schema, step)) done.push(step);
    progress.advance(step.bytes);
  }
  progress.finish();
  return done;
}

async function readStep({ client }: Verification, schema: string, { mode, oid }: PrewarmStep): Promise<boolean> {
  try {
    const sql = `select ${schema}.pg_prewarm($1::oid::regclass, $2)`;
    await readRows({ client, serverMajor: 0 }, 'prewarming', sql, [oid, mode]);
    return true;
  } catch (error) {
    if (sqlStateIn(error) === PERMISSION_DENIED) return false;
    throw error;
  }
}

function sumBytes(steps: readonly PrewarmStep[]): number {
  return steps.reduce((sum, step) => sum + step.bytes, 0);
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
