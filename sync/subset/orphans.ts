// Rows whose virtual reference leads nowhere. Nothing but this question proves virtual references in the shadow: there may be as many such
// rows as came with the copy, and not one more.
import type pg from 'pg';
import { type Problem, ShapecastError } from '../../core/errors.ts';
import { runQuery } from '../../postgres/query.ts';
import type { SyncPlan } from '../plan-sync.ts';
import type { PlannedTable } from '../planned-table.ts';
import { isOpen, matches, rowsOf } from './relation.ts';
import type { RowReference } from './row-references.ts';

/** SELECT of the number of rows that come and point at no row of the whole parent. Needs the plan's sets. Pure. */
export function countOrphansSql(reference: RowReference, tables: readonly PlannedTable[]): string {
  return orphansSql(reference, tables, (child) => child.filter?.condition ?? null);
}

function orphansSql(
  reference: RowReference,
  tables: readonly PlannedTable[],
  conditionOf: (child: PlannedTable) => string | null,
): string {
  const child = tables.find(({ key }) => key === reference.child);
  const parent = tables.find(({ key }) => key === reference.parent);
  if (child === undefined || parent === undefined) throw new RangeError('a reference to a table that is not planned');
  const columnsOf = (side: 'mine' | 'theirs') => reference.pairs.map((pair) => pair[side]);
  const children = rowsOf(child, columnsOf('mine'), conditionOf(child));
  const parents = rowsOf(parent, columnsOf('theirs'), null);
  const isClosed = `not (${isOpen(reference, 'c') ?? 'false'})`;
  return `select count(*) from ${children.sql} as c left join ${parents.sql} as p on ${matches(reference, 'c', 'p')} where p."row" is null and ${isClosed}`;
}

/** Asks the filled shadow. Throws SYNC_REFERENCES_BROKEN naming the virtual references with more orphans than came along. */
export async function refuseNewOrphans(shadow: pg.Client, plan: SyncPlan, known: readonly number[]): Promise<void> {
  const problems: Problem[] = [];
  for (const [at, reference] of plan.virtualReferences.entries()) {
    const sql = `select (${orphansSql(reference, plan.tables, () => null)})::text as count`;
    const [found] = await runQuery<{ count: string }>(shadow, 'checking a virtual reference', sql);
    const more = Number(found?.count ?? 0) - (known[at] ?? 0);
    const message = `${more} rows of ${reference.child} point at no row of ${reference.parent}, and did in the source`;
    if (more > 0) problems.push({ path: reference.name, message });
  }
  if (problems.length > 0) throw new ShapecastError('SYNC_REFERENCES_BROKEN', { problems });
}
