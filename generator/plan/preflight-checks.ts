// Sizes and types against the target, once all tables are resolved: whatever the server would refuse halfway through a load.
import type { Problem } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import type { SizeRequest } from './largest-fit.ts';
import { checkCapacity } from './preflight-capacity.ts';
import type { PreflightContext } from './preflight-context.ts';
import { checkReferredKeys } from './preflight-keys.ts';
import { checkTexts } from './preflight-lengths.ts';
import { checkServerRules } from './preflight-server-rules.ts';
import type { Problems } from './problems.ts';

/** Adds problems, and returns what is only worth a warning. Pure otherwise. */
export function checkSizes(
  request: SizeRequest & { readonly catalog: Catalog; readonly tables: readonly PlanTable[] },
  problems: Problems,
): Problem[] {
  const { spec, scale, overrides, catalog, tables } = request;
  const enums = new Map(catalog.enums.map((entry) => [formatTableKey(entry), entry.labels]));
  const context: PreflightContext = { spec, scale, overrides, tables, enums, problems, warnings: [] };
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  for (const table of tables) {
    const target = found.get(table.name);
    if (target === undefined) continue;
    checkCapacity(context, table, target);
    checkTexts(context, table, target);
    checkReferredKeys(context, table, target);
    checkServerRules(context, table, target);
  }
  return context.warnings;
}
