// The first stage, answered by the catalog: every column has its rule, what has to be empty is, and the server vouches for every key,
// reference and check that the source has.
import type pg from 'pg';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { NamedKey } from '../../spec/shadow-digests.ts';
import type { UncheckedColumn, VerificationFinding } from '../../spec/shadow-verification.ts';
import { findOtherRelations } from './find-other-relations.ts';
import { fromSql, type ShadowPlan } from './plan-shadow.ts';
import { readKeys } from './read-keys.ts';

export interface StructureResult {
  readonly findings: readonly VerificationFinding[];
  readonly notChecked: readonly UncheckedColumn[];
}

/** Reads the catalog, and one row of tables that have to be empty. `expected`: the source's keys, or null where they are not known. */
export async function checkStructure(
  client: pg.Client,
  plan: ShadowPlan,
  expected: readonly NamedKey[] | null,
): Promise<StructureResult> {
  const filled = await findFilled(client, plan);
  const largeObjects = await findLargeObjects(client);
  const others = await findOtherRelations(client);
  const keys = compareKeys(await readKeys(client), expected);
  return {
    findings: [...plan.drift, ...filled, ...largeObjects, ...others.findings, ...keys.findings],
    notChecked: [...others.notChecked, ...keys.notChecked],
  };
}

async function findFilled(client: pg.Client, { empty }: ShadowPlan): Promise<VerificationFinding[]> {
  const findings: VerificationFinding[] = [];
  for (const table of empty) {
    const sql = `select exists (select from ${fromSql(table)}) as "hasRows"`;
    const [found] = await runQuery<{ hasRows: boolean }>(client, 'looking into an empty table', sql);
    if (found?.hasRows === true) findings.push(finding(formatTableKey(table), 'rows, and its rule is rows: none'));
  }
  return findings;
}

async function findLargeObjects(client: pg.Client): Promise<VerificationFinding[]> {
  const sql = 'select count(*)::int as count from pg_largeobject_metadata';
  const [found] = await runQuery<{ count: number }>(client, 'counting large objects', sql);
  const count = found?.count ?? 0;
  return count === 0 ? [] : [{ ...finding('(large objects)', 'large objects, which no rule masks'), count }];
}

/**
 * Keys that are missing or that the server does not vouch for. A reference or check that the source itself never validated is no fault;
 * where the source's are not known, one like that is told. Pure.
 */
export function compareKeys(found: readonly NamedKey[], expected: readonly NamedKey[] | null): StructureResult {
  const nameOf = ({ table, name }: NamedKey) => `${table}\n${name}`;
  const known = new Map(expected?.map((key) => [nameOf(key), key]));
  const here = new Set(found.map(nameOf));
  const invalid = found.filter((key) => !key.isValid && known.get(nameOf(key))?.isValid !== false);
  const missing = (expected ?? []).filter((key) => !here.has(nameOf(key)));
  const other = found.filter((key) => {
    const expectedKey = known.get(nameOf(key));
    return isComparable(key, expectedKey) && key.definition !== expectedKey?.definition;
  });
  // Servers of two major versions may write one thing in two ways.
  const [untold] = found.filter((key) => known.has(nameOf(key)) && !isComparable(key, known.get(nameOf(key))));
  const isUnknown = (key: NamedKey) => expected === null && mayBeUnvalidated(key);
  return {
    findings: [
      ...invalid.filter((key) => !isUnknown(key)).map((key) => finding(key.table, `${describeKey(key)} is not validated`)),
      ...other.map((key) => finding(key.table, `${describeKey(key)} is not what it is in the source`)),
      ...missing.map((key) => finding(key.table, `${describeKey(key)} of the source is not there`)),
    ],
    notChecked: [
      ...invalid.filter(isUnknown).map((key) => unchecked(key.table, `${describeKey(key)} is NOT VALID, as the source's may be`)),
      ...(untold === undefined ? [] : [unchecked('(keys, references and checks)', UNTOLD)]),
    ],
  };
}

const UNTOLD =
  'compared by their names alone: the source is of another major version, or its digest set is of an older shapecast';

function unchecked(table: string, why: string): UncheckedColumn {
  return { stage: 'structure', table, column: null, rule: null, why };
}

function isComparable(key: NamedKey, expected: NamedKey | undefined): boolean {
  const majorOf = ({ definition }: NamedKey) => definition?.split(':')[0];
  return expected !== undefined && majorOf(key) !== undefined && majorOf(key) === majorOf(expected);
}

/** References and checks may be NOT VALID on purpose; an index may not. */
export function mayBeUnvalidated({ kind }: NamedKey): boolean {
  return kind === 'foreign' || kind === 'check';
}

function describeKey({ kind, name }: NamedKey): string {
  return `${kind === 'foreign' ? 'the reference' : kind === 'check' ? 'the check' : `the ${kind} key`} ${name}`;
}

function finding(table: string, what: string): VerificationFinding {
  return { stage: 'structure', table, column: null, rule: null, what, count: null };
}
