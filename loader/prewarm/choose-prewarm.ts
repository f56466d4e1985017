// What of the relations is read into memory, and how. Pure.

interface Sized {
  readonly oid: number;
  readonly bytes: number;
}

/** The server's settings: shared_buffers, and effective_cache_size with the operating system's cache in it. */
export interface Memory {
  readonly sharedBytes: number;
  readonly cacheBytes: number;
}

/** `buffer`: into shared buffers. `read`: through the operating system's cache. */
export interface PrewarmStep extends Sized {
  readonly label: string;
  readonly mode: 'buffer' | 'read';
}

/** Into shared buffers while they last, then into the rest of the cache, then no more: all relations largest first, named ones as they were named. */
export function choosePrewarm<Relation extends Sized>(
  relations: readonly Relation[],
  memory: Memory,
  choice: 'all' | 'named',
): (Relation & Pick<PrewarmStep, 'mode'>)[] {
  const largestFirst = (left: Sized, right: Sized) => right.bytes - left.bytes || left.oid - right.oid;
  let sharedLeft = memory.sharedBytes;
  let cacheLeft = Math.max(0, memory.cacheBytes - memory.sharedBytes);
  return (choice === 'all' ? [...relations].sort(largestFirst) : relations).flatMap(
    (relation): (Relation & Pick<PrewarmStep, 'mode'>)[] => {
      if (relation.bytes <= sharedLeft) {
        sharedLeft -= relation.bytes;
        return [{ ...relation, mode: 'buffer' }];
      }
      if (relation.bytes > cacheLeft) return [];
      cacheLeft -= relation.bytes;
      return [{ ...relation, mode: 'read' }];
    },
  );
}
