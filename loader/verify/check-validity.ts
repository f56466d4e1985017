// Question: does the server itself take every index and constraint of the tables for whole? An index that a broken CREATE INDEX CONCURRENTLY
// left is used by no query, and one that lost an entry answers wrongly: either way the target is no place to measure.
import { formatCount } from '../../core/progress.ts';
import type { Validity, Verdict } from '../../spec/run-record.ts';
import type { Verification } from '../target-tables.ts';
import { listStoredObjects, type StoredObjects } from './list-stored-objects.ts';
import { runAmcheck } from './run-amcheck.ts';

/** A verdict per object that is not whole, one for all of them where every one is; and how much was looked at. */
export async function checkValidity(verification: Verification): Promise<{ verdicts: Verdict[]; validity: Validity }> {
  const { print } = verification;
  const objects = await listStoredObjects(verification);
  const faulty = [...objects.indexes, ...objects.constraints].flatMap(({ fault, label }) =>
    fault === null ? [] : [verdictOf(label, fault)],
  );
  const { faults, amcheck } = await runAmcheck(verification, objects);
  const broken = [...faulty, ...faults.map(({ label, fault }) => verdictOf(label, fault))];
  for (const { found, subject } of broken) print(`[Validity] ✗ ${subject}: ${found}`);
  if (faulty.length === 0) print(`[Validity] ✓ ${countObjects(objects)} valid`);
  return {
    verdicts: broken.length > 0 ? broken : [verdictOf('indexes and constraints', VALID)],
    validity: { indexes: objects.indexes.length, constraints: objects.constraints.length, amcheck },
  };
}

const VALID = 'valid';

function verdictOf(subject: string, found: string): Verdict {
  return { question: 'validity', subject, passed: found === VALID, expected: VALID, found };
}

function countObjects({ indexes, constraints }: StoredObjects): string {
  const count = (length: number, one: string, many: string) => `${formatCount(length)} ${length === 1 ? one : many}`;
  return `${count(indexes.length, 'index', 'indexes')} and ${count(constraints.length, 'constraint', 'constraints')}`;
}
