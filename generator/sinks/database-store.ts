// The target as a store of chunks: the workers commit each chunk with its row of the ledger, so the ledger says what is in.
// Shards meet in it and nowhere else. Whoever finds every chunk of the plan in the ledger, under the target's lock, puts keys and indexes
// back: the last commit is before that reader's look or before a later one's, and a second one finds nothing left to put back.
import type pg from 'pg';
import { failOtherRuns, finishRun, readChunks, startRun } from '../../postgres/marker.ts';
import { putBack } from '../../postgres/set-aside.ts';
import { withTargetLock } from '../../postgres/target-lock.ts';
import { type Plan, planId } from '../../spec/plan.ts';
import { type MadeChunk, storedChunk } from '../build-report.ts';
import { claimTarget, type TargetTables } from '../prepare-target.ts';
import { setSequences } from '../set-sequences.ts';
import { listTasks } from '../work.ts';
import type { ChunkStore } from './chunk-store.ts';

type Run = Parameters<typeof startRun>[1];

/** Claims the target for the plan and records the run. Throws TARGET_NOT_EMPTY, TARGET_OTHER_RUN, QUERY_FAILED. */
export async function openDatabaseStore(
  client: pg.Client,
  plan: Plan,
  target: TargetTables,
  run: Run,
  isShard: boolean,
): Promise<ChunkStore> {
  const stored = await withTargetLock(client, async () => {
    const chunks = await claimTarget(client, plan, target);
    await startRun(client, run, isShard);
    return chunks;
  });
  return {
    earlier: stored.map(storedChunk),
    add: () => undefined,
    finish: () => withTargetLock(client, () => finish(client, plan, run)),
    giveUp: async () => {
      await finishRun(client, run.runId, 'failed').catch(() => undefined);
    },
  };
}

/** What fails here is put back by the next run, of any shard, or by teardown. */
async function finish(client: pg.Client, plan: Plan, run: Run): Promise<MadeChunk[]> {
  const chunks = await readChunks(client, planId(plan));
  if (chunks.length === listTasks(plan).length) {
    await putBack(client);
    await setSequences(client, plan);
    // Shards that were killed, and whose share another run made.
    await failOtherRuns(client, run);
  }
  await finishRun(client, run.runId, 'completed');
  return chunks.map(storedChunk);
}
