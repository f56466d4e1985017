// One table's rows made, digested and let go by one thread, as a worker of `generate --to null` makes them.
import { Session } from 'node:inspector/promises';
import { discardChunk } from '../../generator/make-chunk.ts';
import type { TableKernel } from '../../generator/table-kernel.ts';
import { blocksOf } from '../../generator/work.ts';
import type { Plan } from '../../spec/plan.ts';
import { type ProfiledFunction, profileOf } from '../model-speed/profile.ts';
import { inSmallChunks, kernelMaker, spreadChunks, tableAt } from './table-rows.ts';
import { writeBlocks } from './write-bytes.ts';
import { readPlan } from './write-plan.ts';

export interface RowsRequest {
  readonly planFile: string;
  readonly table: string;
  /** To be made; a table of fewer is made several times. */
  readonly rows: number;
  /** A file for the rows, as often as they are made; null: nothing is written. */
  readonly file: string | null;
  readonly isProfiled: boolean;
}

export interface RowsMeasurement {
  readonly rows: number;
  readonly columns: number;
  readonly wallSeconds: number;
  /** Of all threads: the collector and the compiler have their own. */
  readonly processorSeconds: number;
  /** Of the file. */
  readonly writtenRows: number;
  readonly profile: readonly ProfiledFunction[];
}

/** Made before the clock starts: the code is compiled then. */
const WARM_UP_ROWS = 250_000;

/** Measures in this process, which should do nothing else. */
export async function measureRows({ file, isProfiled, planFile, rows, table }: RowsRequest): Promise<RowsMeasurement> {
  const plan = inSmallChunks(readPlan(planFile));
  const index = plan.tables.findIndex(({ name }) => name === table);
  const kernel = kernelMaker(plan)(index);
  const chunks = spreadChunks(tableAt(plan, index), rows);
  const session = new Session();
  session.connect();
  if (isProfiled) await startProfile(session);
  let warmRows = 0;
  while (warmRows < WARM_UP_ROWS) warmRows += await makeChunks(plan, index, kernel, chunks);
  const [startMs, start] = [performance.now(), process.cpuUsage()];
  let [made, times] = [0, 0];
  for (; made < rows; times += 1) made += await makeChunks(plan, index, kernel, chunks);
  const wallSeconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(start);
  const profile = isProfiled ? profileOf((await session.post('Profiler.stop')).profile) : [];
  const once = blocksOfChunks(plan, index, chunks);
  if (file !== null) writeBlocks(file, kernel, Array.from({ length: times }, () => once).flat());
  const columns = kernel.table.columns.length;
  return { rows: made, columns, wallSeconds, processorSeconds: (user + system) / 1e6, writtenRows: made, profile };
}

async function makeChunks(plan: Plan, table: number, kernel: TableKernel, chunks: readonly number[]): Promise<number> {
  let rows = 0;
  const hooks = { onRows: () => undefined, isStopping: () => false };
  for (const chunk of chunks) rows += (await discardChunk({ plan, planId: '', task: { table, chunk }, kernel }, hooks)).rows;
  return rows;
}

function blocksOfChunks(plan: Plan, table: number, chunks: readonly number[]): readonly number[] {
  return chunks.flatMap((chunk) => {
    const { end, first } = blocksOf(plan, { table, chunk });
    return Array.from({ length: end - first }, (_, at) => first + at);
  });
}

async function startProfile(session: Session): Promise<void> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
}
