// Before the load, on a target with the citus extension: tables that we made are distributed, and what Citus cannot keep is told. Elsewhere nothing happens.
import type pg from 'pg';
import type { Problem } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import { readMarker } from '../../postgres/marker.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Plan } from '../../spec/plan.ts';
import type { Spec } from '../../spec/spec.ts';
import { parentsFirst } from '../parents-first.ts';
import { Problems } from '../plan/problems.ts';
import { choosePlacements } from './choose-placements.ts';
import { type PlacementStatement, placementStatements } from './placement-statements.ts';

/** Whether the database is a Citus cluster's. */
export async function hasCitus(client: pg.Client): Promise<boolean> {
  const found = await runQuery(client, 'looking for citus', `select from pg_extension where extname = 'citus'`);
  return found.length > 0;
}

/** What would be run to place the plan's tables, and what is wrong with the placements of the spec. Pure. */
export function planPlacements(
  plan: Plan,
  spec: Spec,
  catalog: Catalog,
): { readonly statements: readonly PlacementStatement[]; readonly problems: readonly Problem[] } {
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  const inputs = parentsFirst(plan).order.flatMap(({ name, rows }) => {
    const table = found.get(name);
    return table === undefined ? [] : [{ name, rows, catalog: table, wanted: spec.tables[name]?.placement }];
  });
  const { placed, problems } = choosePlacements(inputs);
  return { statements: placementStatements(placed), problems };
}

/** One line a statement: what and why. */
export function placementLines(statements: readonly PlacementStatement[]): string[] {
  return statements.map(({ sql, because }) => `citus: ${sql}; -- ${because}`);
}

/**
 * Places the tables that we made and that are not placed yet. Tables that were there before stay as they are. Call it under the target's lock, before
 * anything is set aside. Returns whether the target is a cluster. Throws PLAN_IMPOSSIBLE, QUERY_FAILED.
 */
export async function placeTables(
  client: pg.Client,
  plan: Plan,
  spec: Spec,
  catalog: Catalog,
  tell: (line: string) => void,
): Promise<boolean> {
  if (!(await hasCitus(client))) return false;
  const { statements, problems } = planPlacements(plan, spec, catalog);
  const all = new Problems();
  for (const { path, message } of problems) all.add(path, message);
  all.refuse();
  const ours = new Set(
    ((await readMarker(client))?.tables ?? []).filter(({ origin }) => origin === 'created').map(formatTableKey),
  );
  if (plan.tables.some(({ name }) => !ours.has(name))) {
    tell('citus: the tables were there before; they stay where they are');
    return true;
  }
  const placed = await readPlaced(client);
  const missing = statements.filter(({ table }) => !placed.has(table));
  for (const line of placementLines(missing)) tell(line);
  // Each by itself: Citus does not take all of them in one transaction. A run that is killed here goes on with the tables that are not placed.
  for (const { sql, table } of missing) await runQuery(client, `placing ${table}`, sql);
  return true;
}

async function readPlaced(client: pg.Client): Promise<ReadonlySet<string>> {
  const rows = await runQuery<{ schema: string; name: string }>(
    client,
    'reading which tables are distributed',
    `select n.nspname as schema, c.relname as name
       from pg_dist_partition p
       join pg_class c on c.oid = p.logicalrelid
       join pg_namespace n on n.oid = c.relnamespace
      where p.partmethod in ('h', 'n')`,
  );
  return new Set(rows.map(formatTableKey));
}
