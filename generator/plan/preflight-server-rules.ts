// What the target does to rows on its own and no plan can see: exclusion constraints, which are refused, because nothing keeps two
// rows from a conflict; and triggers on INSERT, which are told.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import type { PreflightContext } from './preflight-context.ts';

/** Adds a problem for each exclusion constraint, and one warning for the triggers of the table. */
export function checkServerRules({ problems, warnings }: PreflightContext, table: PlanTable, target: CatalogTable): void {
  if (table.rows === 0) return;
  if (table.rows > 1)
    for (const name of target.exclusions)
      problems.add(
        `tables.${table.name}.exclusions.${name}`,
        'nothing keeps two rows from a conflict in this exclusion constraint: drop it before loading, and add it again afterwards where the rows allow it',
      );
  if (target.insertTriggers.length > 0)
    warnings.push({
      path: `tables.${table.name}`,
      message: `${target.insertTriggers.length === 1 ? 'the trigger' : 'the triggers'} ${target.insertTriggers.join(', ')} will fire for the rows that are copied, with search_path = pg_catalog: names without a schema are not found there, and what a trigger writes or changes is not what the spec says. To leave them out: alter table ... disable trigger user, and enable it after the load`,
    });
}
