// suggest: what a person may want to say in the policy, read off a database: references that nobody declared, pairs that are
// memberships, integers that are times, values that act as NULL. One read-only snapshot; only counts and shares leave it.
import { type Progress, silentProgress } from '../core/progress.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { openSnapshot } from '../postgres/read-only-snapshot.ts';
import type { Policy } from '../spec/policy.ts';
import type { SuggestedRelationship, Suggestions } from '../spec/suggestions.ts';
import { checkPolicy } from './introspect/check-policy.ts';
import { describeSource, type Reference, type Source } from './introspect/source.ts';
import { untilAborted } from './run-passes.ts';
import { suggestEpochs } from './suggest/epochs.ts';
import { suggestMemberships } from './suggest/memberships.ts';
import { UniqueKeys } from './suggest/parent-keys.ts';
import type { Questions } from './suggest/questions.ts';
import { suggestRelationships } from './suggest/relationships.ts';
import { suggestSentinels } from './suggest/sentinels.ts';

export { formatSuggestions } from './suggest/format-suggestions.ts';

export interface SuggestOptions {
  /** The source; empty means libpq's environment. */
  readonly url: string;
  readonly policy: Policy;
  /** Milliseconds after which the server ends a statement, and with it the run. */
  readonly statementTimeoutMs: number;
  readonly startProgress?: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
  readonly warn?: (text: string) => void;
}

const LOCK_TIMEOUT_MS = 5000;

/**
 * Reads the source in one snapshot on one connection and writes nothing. What the database declares and the policy says is left
 * out. Throws POLICY_MISMATCH, QUERY_FAILED, CONNECT_FAILED, SERVER_TOO_OLD, and INTERRUPTED at once when the signal aborts.
 */
export async function suggestPolicy(options: SuggestOptions): Promise<Suggestions> {
  const { signal, policy, statementTimeoutMs } = options;
  const limits = { readers: 1, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS, applicationName: 'shapecast suggest' };
  const snapshot = await openSnapshot(options.url, { ...limits, ...(signal === undefined ? {} : { signal }) });
  try {
    const [client] = snapshot.clients;
    if (client === undefined) throw new RangeError('a snapshot has at least one connection');
    if (!snapshot.isReplica) options.warn?.(PRIMARY_WARNING);
    const catalog = await untilAborted(signal, readCatalog(client, policy.schemas), 'suggest');
    checkPolicy(catalog, policy);
    const source = describeSource(catalog, policy);
    const progress = options.startProgress?.('suggest', source.tables.length, 'tables') ?? silentProgress;
    const work = suggestAll(source, { client, progress }).finally(() => progress.finish());
    return await untilAborted(signal, work, 'suggest');
  } finally {
    await snapshot.close();
  }
}

const PRIMARY_WARNING =
  'The source is a primary server: a long read-only transaction holds back its vacuum. A replica is the better place.';

async function suggestAll(source: Source, questions: Questions): Promise<Suggestions> {
  const single = await suggestRelationships(source, questions, new UniqueKeys(questions));
  const references = singleReferences(source, single);
  const memberships = await suggestMemberships(source, references, questions);
  const isReference = (table: string, column: string) =>
    (references.get(table) ?? []).some(({ columns }) => columns.includes(column));
  const epochs = await suggestEpochs(source, isReference, questions);
  return {
    format: 'shapecast-suggestions',
    version: 1,
    relationships: [...single, ...memberships],
    epochColumns: epochs,
    sentinels: await suggestSentinels(source, { references, epochs }, questions),
  };
}

/** References of one column by table: declared, of the policy, and suggested. */
function singleReferences(source: Source, suggested: readonly SuggestedRelationship[]): Map<string, Reference[]> {
  return new Map(
    source.tables.map(({ key, references }) => [
      key,
      [...references, ...suggested.filter(({ table }) => table === key).map(asReference)].filter(
        ({ columns }) => columns.length === 1,
      ),
    ]),
  );
}

function asReference({ table, columns, references, referencedColumns }: SuggestedRelationship): Reference {
  return { child: table, columns, parent: references, referencedColumns, isVirtual: true };
}
