// The proof that nothing of ours is left: asked of the server after the removal, not concluded from it.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, quoteQualified } from '../core/identifiers.ts';
import { formatCount } from '../core/progress.ts';
import { describeObject, listObjects } from '../postgres/marker-objects.ts';
import { MARKER_SCHEMA } from '../postgres/marker-tables.ts';
import { runQuery } from '../postgres/query.ts';
import { countRows, type TeardownPlan } from './plan-teardown.ts';

/** Prints one line per question. Throws TEARDOWN_INCOMPLETE, naming what is left. Also refreshes the emptied tables' statistics. */
export async function proveRemoval(
  client: pg.Client,
  { plan, stillUsed }: { readonly plan: TeardownPlan; readonly stillUsed: readonly string[] },
  print: (line: string) => void,
): Promise<void> {
  const left: string[] = [];
  const tell: Tell = (isClean, line, name) => {
    print(`[Teardown] ${isClean ? '✓' : '✗'} ${line}`);
    if (!isClean) left.push(name);
  };
  for (const table of plan.drop) {
    const isGone = !(await exists(client, 'to_regclass', quoteQualified(table)));
    tell(isGone, `${formatTableKey(table)}: ${isGone ? 'gone' : 'still there'}`, formatTableKey(table));
  }
  await proveObjects(client, plan, stillUsed, tell);
  for (const [key, rows] of await countRows(client, plan.empty)) tell(rows === 0, `${key}: COUNT(*) = ${formatCount(rows)}`, key);
  if (plan.kept.length === 0) {
    const isGone = !(await exists(client, 'to_regnamespace', MARKER_SCHEMA));
    tell(isGone, `schema ${MARKER_SCHEMA}: ${isGone ? 'gone' : 'still there'}`, `schema ${MARKER_SCHEMA}`);
  }
  await printLiveTuples(client, plan, print);
  if (left.length > 0) throw new ShapecastError('TEARDOWN_INCOMPLETE', { left });
  print(`[Teardown] ✓ Nothing of shapecast's is left`);
}

type Tell = (isClean: boolean, line: string, name: string) => void;

/** One line for all objects that had to go; each that is still there is named. */
async function proveObjects(client: pg.Client, plan: TeardownPlan, stillUsed: readonly string[], tell: Tell): Promise<void> {
  const wanted = plan.objects.filter((object) => !stillUsed.includes(describeObject(object)));
  if (wanted.length === 0) return;
  const there = new Set((await listObjects(client)).map((object) => `${object.classOid}/${object.oid}`));
  const left = wanted.filter((object) => there.has(`${object.classOid}/${object.oid}`));
  for (const object of left) tell(false, `${describeObject(object)}: still there`, describeObject(object));
  if (left.length === 0) tell(true, `${wanted.length} other ${wanted.length === 1 ? 'object' : 'objects'}: gone`, '');
}

async function exists(client: pg.Client, lookUp: 'to_regclass' | 'to_regnamespace', name: string): Promise<boolean> {
  const sql = `select ${lookUp}($1) is not null as there`;
  const [row] = await runQuery<{ there: boolean }>(client, 'looking for what is left', sql, [name]);
  return row?.there === true;
}

/** n_live_tup as the statistics collector has it; ANALYZE first, because it reports at once what a truncation reports late. */
async function printLiveTuples(client: pg.Client, plan: TeardownPlan, print: (line: string) => void): Promise<void> {
  if (plan.empty.length === 0) return;
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
  for (const row of rows) print(`[Teardown]   n_live_tup ${formatTableKey(row)}: ${formatCount(row.live)}`);
}
