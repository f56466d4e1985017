// Question: does every child row have its parent? One anti-join per key, declared or virtual. Declared keys are asked too:
// a trigger that was off or a NOT VALID key lets orphans in.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { formatCount } from '../../core/progress.ts';
import { equalsSql } from '../../postgres/equality.ts';
import { runQuery } from '../../postgres/query.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Verdict } from '../../spec/run-record.ts';
import type { Verification } from '../target-tables.ts';
import { type KeyToCheck, listKeys } from './list-keys.ts';
import { valueOrNull } from './null-as.ts';

/** Counts children whose columns are all set and that have no parent; under MATCH FULL also those that are set in part. */
export function findOrphansSql(key: KeyToCheck): string {
  const columns = key.columns.map((column) => valueOrNull(column.name, key.nullAs, 'c.'));
  const joins = key.parentColumns.map((column, index) => {
    return equalsSql(column, `p.${quoteIdentifier(column.name)}`, columns[index] ?? '');
  });
  const isSet = columns.map((column) => `${column} is not null`).join(' and ');
  const isPartly = columns.map((column) => `${column} is null`).join(' or ');
  const isAnySet = columns.map((column) => `${column} is not null`).join(' or ');
  const isOrphan = `(${isSet} and not exists (select from ${relationOf(key.parent)} p where ${joins.join(' and ')}))`;
  const where = key.isMatchFull && columns.length > 1 ? `${isOrphan} or ((${isPartly}) and (${isAnySet}))` : isOrphan;
  return `select count(*)::float8 as orphans from ${relationOf(key.child)} c where ${where}`;
}

/** One verdict per key; prints a line per finding, and one line when there is none. */
export async function findOrphans(verification: Verification): Promise<Verdict[]> {
  const { keys, missing } = listKeys(verification);
  const progress = verification.startProgress('checking foreign keys', keys.length, 'keys');
  const verdicts: Verdict[] = missing.map(({ label, reason }) => verdictOf(label, reason));
  for (const key of keys) {
    verdicts.push(verdictOf(key.label, await countOrphans(verification, key)));
    progress.advance(1);
  }
  progress.finish();
  for (const verdict of verdicts) if (!verdict.passed) verification.print(`[Integrity] ✗ ${verdict.subject}: ${verdict.found}`);
  return verdicts;
}

async function countOrphans({ client }: Verification, key: KeyToCheck): Promise<string> {
  const [row] = await runQuery<{ orphans: number }>(client, `looking for orphans of ${key.label}`, findOrphansSql(key));
  const orphans = row?.orphans ?? 0;
  return `${formatCount(orphans)} ${orphans === 1 ? 'orphan' : 'orphans'}`;
}

function verdictOf(label: string, found: string): Verdict {
  return { question: 'integrity', subject: label, passed: found === NO_ORPHANS, expected: NO_ORPHANS, found };
}

const NO_ORPHANS = '0 orphans';
