// Where a run's chunks go and what is there already: a database, a folder of files, or nowhere.
import type { MadeChunk } from '../build-report.ts';
import type { ChunkResult, WorkerSession } from '../work.ts';

export interface ChunkStore {
  /** In before this run, whoever made them. */
  readonly earlier: readonly MadeChunk[];
  /** Hears of each chunk as it is done. */
  add(result: ChunkResult): void;
  /** After this run's last chunk. Returns every chunk that is in, and closes the dataset when those are all of the plan's. */
  finish(made: readonly MadeChunk[]): Promise<readonly MadeChunk[]>;
  /** After an error: leaves nothing half-done behind. Never throws. */
  giveUp(): Promise<void>;
  /** Of a database: what the connections of its workers are told. */
  readonly session?: WorkerSession;
  /** Aborted when the store can take no more chunks, and when the run is interrupted. */
  readonly broken?: AbortSignal;
  /** The error to tell when this one has ended the run. */
  explain?(error: unknown): unknown;
}

/** Rows that go nowhere. */
export function emptyStore(): ChunkStore {
  return {
    earlier: [],
    add: () => undefined,
    finish: async (made) => made,
    giveUp: async () => undefined,
  };
}

/** What tells one chunk of a plan from another. */
export function chunkKey({ table, chunk }: Pick<MadeChunk, 'table' | 'chunk'>): string {
  return `${table}\0${chunk}`;
}
