// A shard is a share of a plan's chunks, the same on every machine that is asked for it: no shard needs to know of another.
import type { ChunkTask } from './work.ts';

/** Share `index` (from 0) of `of`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The shard's chunks: every `of`-th of the list, so that each shard gets of every table. All of them without a shard. */
export function tasksOfShard(tasks: readonly ChunkTask[], shard: Shard | undefined): ChunkTask[] {
  return shard === undefined ? [...tasks] : tasks.filter((_, position) => position % shard.of === shard.index);
}
