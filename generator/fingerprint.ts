// The dataset's fingerprint: one SHA-256 over the list of (table, block, digest), in table and block order. It names the rows
// that were copied and how many bytes they were, whoever made which chunk.
import { createHash } from 'node:crypto';
import type { StoredChunk } from '../postgres/chunk-ledger.ts';

/** Tables in the order of the plan; its report has the same. */
interface CountedTables {
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

/** 64 hex digits. `chunks` hold every chunk of the plan once, in any order. */
export function fingerprintOf(
  plan: CountedTables,
  chunks: readonly Pick<StoredChunk, 'table' | 'chunk' | 'blockDigests'>[],
): string {
  const hash = createHash('sha256');
  for (const table of plan.tables) {
    hash.update(`${table.name}\0${table.rows}\0`);
    const own = chunks.filter((chunk) => chunk.table === table.name).sort((left, right) => left.chunk - right.chunk);
    for (const chunk of own) hash.update(chunk.blockDigests);
  }
  return hash.digest('hex');
}
