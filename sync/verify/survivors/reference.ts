// What a shadow's values are compared with: production itself, or the digest set that its sync left. Both answer the same two questions.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { ShapecastError } from '../../../core/errors.ts';
import { formatTableKey } from '../../../core/identifiers.ts';
import type { Progress } from '../../../core/progress.ts';
import { readCatalog } from '../../../postgres/catalog/read-catalog.ts';
import { openSnapshot } from '../../../postgres/read-only-snapshot.ts';
import type { NamedKey, ShadowDigests } from '../../../spec/shadow-digests.ts';
import type { ComparedColumn } from '../../../spec/shadow-verification.ts';
import type { Comparable } from '../../digests/comparable-columns.ts';
import { refuseOtherKey } from '../../digests/digest-key.ts';
import { hashOfWord, refuseOtherHashes } from '../../digests/hash-sql.ts';
import { readIdentitySha256, refuseSameDatabase } from '../../refuse.ts';
import { readKeys } from '../read-keys.ts';
import { compareWithDigests, compareWithSource } from './compare-columns.ts';

/** A compared column, or why it was not. */
export type Comparison = ComparedColumn | { readonly why: string };

export interface Reference {
  readonly kind: 'source' | 'another source' | 'digests';
  /** Keys, references and checks as the source has them. */
  keys(): Promise<readonly NamedKey[]>;
  /** One answer for each column, in order. */
  compare(columns: readonly Comparable[], progress: Progress): Promise<Comparison[]>;
}

export interface SourceOptions {
  readonly url: string;
  /** Of the source that the shadow was made from; null: not known. */
  readonly sourceSha256: string | null;
  readonly takesOtherSource: boolean;
  readonly statementTimeoutMs: number;
  readonly signal: AbortSignal;
}

const NOT_JSON = 'a server cannot read its values as jsonb';
const LOCK_TIMEOUT_MS = 30_000;

/**
 * Production, read in snapshots that last as long as a question. Throws SYNC_SAME_DATABASE and SHADOW_SOURCE_DIFFERS at once,
 * SHADOW_HASHES_DIFFER when it compares, and what connecting throws.
 */
export async function sourceReference(shadow: pg.Client, options: SourceOptions): Promise<Reference> {
  const isOther = await withSource(options, async (source) => {
    await refuseSameDatabase(source, shadow);
    return options.sourceSha256 !== null && (await readIdentitySha256(source)) !== options.sourceSha256;
  });
  if (isOther && !options.takesOtherSource) throw new ShapecastError('SHADOW_SOURCE_DIFFERS', {});
  return {
    kind: isOther ? 'another source' : 'source',
    keys: () => withSource(options, readKeys),
    compare: (columns, progress) =>
      withSource(options, async (source) => {
        await refuseOtherHashes(shadow, await hashOfWord(source));
        const there = await namesOf(source);
        const sides = { source, shadow, seed: randomBytes(8).readBigInt64LE() };
        const results: Comparison[] = [];
        for (const column of columns) {
          const isThere = there.has(`${column.table.key}\n${column.column}`);
          const found = isThere ? await compareWithSource(sides, column, progress) : null;
          results.push(found ?? { why: isThere ? NOT_JSON : 'the source does not have the column any more' });
        }
        return results;
      }),
  };
}

/** A digest set of this shadow's run. Throws SHADOW_KEY_DIFFERS at once, SHADOW_HASHES_DIFFER when it compares. */
export function digestReference(shadow: pg.Client, digests: ShadowDigests, key: Uint8Array): Reference {
  refuseOtherKey(key, digests);
  const nameOf = (table: string, column: string, path: string | null) => JSON.stringify([table, column, path]);
  const known = new Map(digests.columns.map((column) => [nameOf(column.table, column.column, column.path), column]));
  return {
    kind: 'digests',
    keys: async () => digests.keys,
    compare: async (columns, progress) => {
      await refuseOtherHashes(shadow, digests.wordHash);
      const results: Comparison[] = [];
      for (const column of columns) {
        const own = known.get(nameOf(column.table.key, column.column, column.path));
        const found = own === undefined ? null : await compareWithDigests({ shadow, key, digests: own }, column, progress);
        results.push(found ?? { why: own === undefined ? 'the digest set does not have it' : NOT_JSON });
      }
      return results;
    },
  };
}

async function withSource<Result>(
  { url, statementTimeoutMs, signal }: SourceOptions,
  action: (source: pg.Client) => Promise<Result>,
): Promise<Result> {
  const settings = { applicationName: 'shapecast verify-shadow', lockTimeoutMs: LOCK_TIMEOUT_MS, readers: 1 };
  const snapshot = await openSnapshot(url, { ...settings, statementTimeoutMs, signal });
  try {
    const [source] = snapshot.clients;
    if (source === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
    return await action(source);
  } finally {
    await snapshot.close();
  }
}

async function namesOf(source: pg.Client): Promise<ReadonlySet<string>> {
  const { tables } = await readCatalog(source);
  return new Set(tables.flatMap((table) => table.columns.map(({ name }) => `${formatTableKey(table)}\n${name}`)));
}
