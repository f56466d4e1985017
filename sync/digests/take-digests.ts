// The digest set of a sync: in the very snapshot that was copied, one pass over each table takes the values whose hash is small enough.
// Both sides choose the same values that way, and at most 65,536 different ones of a column are kept, however large it is.
import type pg from 'pg';
import { copyToStdout } from '../../postgres/copy-streams.ts';
import { runQuery, sqlStateIn, wrapQueryError } from '../../postgres/query.ts';
import { DIGESTS_FORMAT, type DigestColumn, MOST_DIGESTS, type ShadowDigests } from '../../spec/shadow-digests.ts';
import type { PlannedTable } from '../planned-table.ts';
import { readLines } from '../verify/line-reader.ts';
import { readKeys } from '../verify/read-keys.ts';
import { type Comparable, listComparable } from './comparable-columns.ts';
import { createDigestMaker, packDigests, proofOfKey } from './digest-key.ts';
import { DIGEST_SEED, hashOfWord, hashSql, LARGEST_HASH, limitOf } from './hash-sql.ts';

export interface DigestWork {
  readonly tables: readonly PlannedTable[];
  /** Connections in one snapshot of the source. */
  readonly clients: readonly pg.Client[];
  readonly key: Uint8Array;
  readonly runId: string;
  readonly rulesSha256: string;
  readonly now: () => Date;
}

/** Reads every table with a sensitive column once. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function takeDigests(work: DigestWork): Promise<ShadowDigests> {
  const waiting = groupReadings(listComparable(work.tables).comparable);
  const taken: DigestColumn[] = [];
  const run = async (client: pg.Client) => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift())
      taken.push(...(await takeTogether(client, group, work.key)));
  };
  const results = await Promise.allSettled(work.clients.map(run));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const [client] = work.clients;
  if (client === undefined) throw new RangeError('a snapshot without a connection');
  const nameOf = ({ table, column, path }: DigestColumn) => JSON.stringify([table, column, path]);
  return {
    format: DIGESTS_FORMAT,
    version: 1,
    runId: work.runId,
    rulesSha256: work.rulesSha256,
    createdAt: work.now().toISOString(),
    keyProof: proofOfKey(work.key),
    wordHash: await hashOfWord(client),
    columns: taken.sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1)),
    keys: await readKeys(client),
  };
}

/** Columns of one table are read in one pass; members of documents unfold rows, and are read by themselves. */
function groupReadings(comparable: readonly Comparable[]): (readonly Comparable[])[] {
  const groups = new Map<string, Comparable[]>();
  for (const one of comparable) groups.set(one.from, [...(groups.get(one.from) ?? []), one]);
  return [...groups.values()];
}

async function takeTogether(client: pg.Client, group: readonly Comparable[], key: Uint8Array): Promise<DigestColumn[]> {
  const [first] = group;
  if (first === undefined) return [];
  const collectors = group.map((one) => createCollector(one, key));
  const values = group.map(
    ({ value }, at) => `(${at}, ${hashSql(value, DIGEST_SEED)}, (${collectors[at]?.limit ?? LARGEST_HASH})::bigint)`,
  );
  // Asked of the chosen values alone: a form is dearer than a hash.
  const forms = group.map(({ form }, at) => `when ${at} then coalesce(${form ?? 'false'}, false)`);
  const chosen = `from ${first.from}, lateral (values ${values.join(', ')}) as hashed (c, h, most) where h <= most`;
  const sampled = `select c, h, case c ${forms.join(' ')} end as f ${chosen}`;
  const sql = `copy (select c, h, bool_or(f) from (${sampled}) as sampled group by c, h order by c, h) to stdout`;
  try {
    await runQuery(client, 'taking digests', 'savepoint digests');
    const reader = readLines(copyToStdout(client, sql));
    for (;;) {
      const line = await reader.next();
      if (line === null) break;
      const [place = '', hash = '', isOfForm] = line.split('\t');
      collectors[Number(place)]?.add(BigInt(hash), isOfForm === 't');
    }
    await runQuery(client, 'taking digests', 'release savepoint digests');
    return collectors.map((collector) => collector.finish());
  } catch (error) {
    await client.query('rollback to savepoint digests').catch(() => undefined);
    const failure = wrapQueryError(error, `taking digests of ${first.table.key}`);
    // A json that no jsonb can hold: the check then says that its members were not compared.
    if (first.path !== null && /^22/.test(sqlStateIn(failure) ?? '')) return [];
    throw failure;
  }
}

interface Collector {
  readonly limit: bigint;
  add(hash: bigint, isOfForm: boolean): void;
  finish(): DigestColumn;
}

/** Hashes come in ascending order; where the catalog's estimate was too low, those past the most are left out and the limit is lowered. */
function createCollector({ table, column, path }: Comparable, key: Uint8Array): Collector {
  const place = { table: table.key, column, path };
  const maker = createDigestMaker(key, place);
  const digests: bigint[] = [];
  const expected = path === null ? estimateDistinct(table, column) : table.estimatedRows;
  const limit = limitOf(expected <= MOST_DIGESTS ? 1 : (MOST_DIGESTS * 0.97) / expected);
  let last = limit;
  let ofForm = 0;
  return {
    limit,
    add(hash, isOfForm) {
      if (digests.length >= MOST_DIGESTS) return;
      digests.push(maker.digest(hash));
      if (isOfForm) ofForm += 1;
      if (digests.length === MOST_DIGESTS) last = hash;
    },
    finish: () => ({ ...place, limit: String(last), ofForm, digests: packDigests(digests) }),
  };
}

/** Of the server's statistics; all rows different where it has none. */
function estimateDistinct({ catalog, estimatedRows }: PlannedTable, name: string): number {
  const estimate = catalog.columns.find((column) => column.name === name)?.distinctEstimate ?? -1;
  return estimate >= 0 ? estimate : -estimate * Math.max(estimatedRows, 0);
}
