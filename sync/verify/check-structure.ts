// The first stage, answered by the catalog: every column has its rule, what has to be empty is, and the server vouches for every key,
// reference and check that the source has.
import type pg from 'pg';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { NamedKey } from '../../spec/shadow-digests.ts';
import type { VerificationFinding } from '../../spec/shadow-verification.ts';
import { fromSql, type ShadowPlan } from './plan-shadow.ts';
import { readKeys } from './read-keys.ts';

/** Reads the catalog, and one row of tables that have to be empty. `expected`: the source's keys, or null where they are not known. */
export async function checkStructure(
  client: pg.Client,
  plan: ShadowPlan,
  expected: readonly NamedKey[] | null,
): Promise<VerificationFinding[]> {
  return [
    ...plan.drift,
    ...(await findFilled(client, plan)),
    ...(await findLargeObjects(client)),
    ...compareKeys(await readKeys(client), expected),
  ];
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

/** Keys that are missing or that the server does not vouch for. A key that the source itself never validated is no fault. Pure. */
export function compareKeys(found: readonly NamedKey[], expected: readonly NamedKey[] | null): VerificationFinding[] {
  const nameOf = ({ table, name }: NamedKey) => `${table}\n${name}`;
  const known = new Map(expected?.map((key) => [nameOf(key), key]));
  const here = new Set(found.map(nameOf));
  const invalid = found.filter((key) => !key.isValid && known.get(nameOf(key))?.isValid !== false);
  const missing = (expected ?? []).filter((key) => !here.has(nameOf(key)));
  return [
    ...invalid.map(({ table, name, kind }) => finding(table, `the ${kind} key ${name} is not validated`)),
    ...missing.map(({ table, name, kind }) => finding(table, `the ${kind} key ${name} of the source is not there`)),
  ].map((one) => ({ ...one, what: one.what.replace('check key', 'check').replace('foreign key', 'reference') }));
}

function finding(table: string, what: string): VerificationFinding {
  return { stage: 'structure', table, column: null, rule: null, what, count: null };
}
