// The proof that nothing of ours is left: asked of the server after the removal, not concluded from it.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, quoteQualified } from '../core/identifiers.ts';
import { formatCount } from '../core/progress.ts';
import { describeObject, listObjects } from '../postgres/marker-objects.ts';
import { MARKER_SCHEMA } from '../postgres/marker-tables.ts';
import { runQuery } from '../postgres/query.ts';
import type { TeardownProof, TeardownResult } from '../spec/teardown-result.ts';
import { countRows, type TeardownPlan } from './plan-teardown.ts';
import type { Removal } from './remove.ts';

export interface Proof {
  readonly answers: readonly TeardownProof[];
  readonly liveTuples: TeardownResult['liveTuples'];
}

/** askWhatIsLeft, and throws TEARDOWN_INCOMPLETE, naming what is left. */
export async function proveRemoval(client: pg.Client, done: Removal, print: (line: string) => void): Promise<Proof> {
  const proof = await askWhatIsLeft(client, done, print);
  refuseIncomplete(proof);
  return proof;
}

/** Prints one line per question. Also refreshes the emptied tables' statistics. */
export async function askWhatIsLeft(
  client: pg.Client,
  { plan, stillUsed }: Removal,
  print: (line: string) => void,
): Promise<Proof> {
  const answers: TeardownProof[] = [];
  const tell: Tell = (passed, subject, found) => {
    print(`[Teardown] ${passed ? '✓' : '✗'} ${subject}: ${found}`);
    answers.push({ subject, found, passed });
  };
  for (const table of plan.drop) {
    const isGone = !(await exists(client, 'to_regclass', quoteQualified(table)));
    tell(isGone, formatTableKey(table), isGone ? 'gone' : 'still there');
  }
  await proveObjects(client, plan, stillUsed, tell);
  for (const [key, rows] of await countRows(client, plan.empty)) tell(rows === 0, key, `COUNT(*) = ${formatCount(rows)}`);
  if (plan.kept.length === 0) {
    const isGone = !(await exists(client, 'to_regnamespace', MARKER_SCHEMA));
    tell(isGone, `schema ${MARKER_SCHEMA}`, isGone ? 'gone' : 'still there');
  }
  const liveTuples = await readLiveTuples(client, plan);
  for (const { table, rows } of liveTuples) print(`[Teardown]   n_live_tup ${table}: ${formatCount(rows)}`);
  if (answers.every(({ passed }) => passed)) print(`[Teardown] ✓ Nothing of shapecast's is left`);
  return { answers, liveTuples };
}

/** Throws TEARDOWN_INCOMPLETE where an answer is not the one that there should be. */
export function refuseIncomplete({ answers }: Proof): void {
  const left = answers.filter(({ passed }) => !passed).map(({ subject }) => subject);
  if (left.length > 0) throw new ShapecastError('TEARDOWN_INCOMPLETE', { left });
}

type Tell = (passed: boolean, subject: string, found: string) => void;

/** One line for all objects that had to go; each that is still there is named. */
async function proveObjects(client: pg.Client, plan: TeardownPlan, stillUsed: readonly string[], tell: Tell): Promise<void> {
  const wanted = plan.objects.filter((object) => !stillUsed.includes(describeObject(object)));
  if (wanted.length === 0) return;
  const there = new Set((await listObjects(client)).map((object) => `${object.classOid}/${object.oid}`));
  const left = wanted.filter((object) => there.has(`${object.classOid}/${object.oid}`));
  for (const object of left) tell(false, describeObject(object), 'still there');
  if (left.length === 0) tell(true, `${wanted.length} other ${wanted.length === 1 ? 'object' : 'objects'}`, 'gone');
}

async function exists(client: pg.Client, lookUp: 'to_regclass' | 'to_regnamespace', name: string): Promise<boolean> {
  const sql = `select ${lookUp}($1) is not null as there`;
  const [row] = await runQuery<{ there: boolean }>(client, 'looking for what is left', sql, [name]);
  return row?.there === true;
}

/** n_live_tup as the statistics collector has it; ANALYZE first, because it reports at once what a truncation reports late. */
async function readLiveTuples(client: pg.Client, plan: TeardownPlan): Promise<Proof['liveTuples']> {
  if (plan.empty.length === 0) return [];
  for (const table of plan.empty) {
    await runQuery(client, `analysing ${formatTableKey(table)}`, `analyze ${quoteQualified(table)}`);
  }
  const rows = await runQuery<{ schema: string; name: string; live: number }>(
    client,
    'reading n_live_tup',
    `select schemaname as schema, relname as name, n_live_tup::float8 as live
     from pg_stat_user_tables
     where relid = any ($1::oid[])
     order by schemaname collate "C", relname collate "C"`,
    [plan.empty.map((table) => table.oid)],
  );
  return rows.map((row) => ({ table: formatTableKey(row), rows: row.live }));
}
