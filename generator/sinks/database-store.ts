// The target as a store of chunks: the workers commit each chunk with its row of the ledger, so the ledger says what is in.
// Shards meet in it and nowhere else. Keys and indexes of a table are put back by whoever finds its last chunk in the ledger: the last
// commit is before that reader's look or before a later one's, and a second one finds nothing left to put back.
import type pg from 'pg';
import { readChunks } from '../../postgres/chunk-ledger.ts';
import { readMarker } from '../../postgres/marker.ts';
import { failOtherRuns, finishRun, startRun } from '../../postgres/marker-runs.ts';
import { makeLogged } from '../../postgres/persistence.ts';
import { runQuery } from '../../postgres/query.ts';
import { holdRunLock, runSessionName } from '../../postgres/run-lock.ts';
import { withTargetLock } from '../../postgres/target-lock.ts';
import { planId } from '../../spec/plan.ts';
import { type MadeChunk, storedChunk } from '../build-report.ts';
import { placeTables } from '../citus/place-tables.ts';
import { type Claim, claimTarget, plannedTables } from '../prepare-target.ts';
import { TableRebuild } from '../rebuild-tables.ts';
import { setSequences } from '../set-sequences.ts';
import { listTasks } from '../work.ts';
import type { ChunkStore } from './chunk-store.ts';

/** Claims the target for the plan and records the run. Throws TARGET_NOT_EMPTY, TARGET_OTHER_RUN, QUERY_FAILED. */
export async function openDatabaseStore(client: pg.Client, claim: Claim): Promise<ChunkStore> {
  const { plan, options, run, target } = claim;
  // Where the server need not keep what it has just committed, a crash after our last word would take keys and rows back. The run's end is
  // recorded by this session, and what is written to the log before it is kept with it.
  await runQuery(client, 'asking the server to keep what it commits', 'set synchronous_commit = on');
  const { stored, isCluster } = await withTargetLock(client, async () => {
    const isCluster = await placeTables(client, plan, options.spec, target.catalog, options.warn ?? (() => undefined));
    const chunks = await claimTarget(client, claim);
    await holdRunLock(client, run.runId);
    await startRun(client, run, options.shard !== undefined);
    return { stored: chunks, isCluster };
  });
  const definitions = (await readMarker(client))?.definitions ?? [];
  const rebuild = new TableRebuild({ plan, options, runId: run.runId, definitions, stored });
  const hasForeignKeys = plannedTables(plan, target.catalog).some((table) => table.foreignKeys.length > 0);
  return {
    earlier: stored.map(storedChunk),
    session: {
      name: runSessionName(run.runId),
      ignoresForeignKeys: options.keepIndexes === true && hasForeignKeys,
      // Rows of a distributed table are not frozen, and its shards are not emptied by the way.
      mayStartAfresh: options.keepIndexes !== true && !isCluster,
    },
    broken: rebuild.broken,
    add: ({ task }) => rebuild.chunkIsIn(plan.tables[task.table]?.name ?? ''),
    finish: async () => {
      await rebuild.finish();
      await rebuild.end();
      return withTargetLock(client, () => finish(client, claim));
    },
    giveUp: async () => {
      await rebuild.end();
      await finishRun(client, run.runId, 'failed').catch(() => undefined);
    },
    explain: (error) => rebuild.explain(error),
  };
}

/** After the keys: sequences and the run's end. What fails here is done by the next run, of any shard. */
async function finish(client: pg.Client, { plan, run, options }: Claim): Promise<MadeChunk[]> {
  const chunks = await readChunks(client, planId(plan));
  if (chunks.length === listTasks(plan).length) {
    await setSequences(client, plan);
    if (options.unlogged !== true) await makeLogged(client);
    // Shards that were killed, and whose share another run made.
    await failOtherRuns(client, run);
  }
  await finishRun(client, run.runId, 'completed');
  return chunks.map(storedChunk);
}
