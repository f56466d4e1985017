// Texts against what the column takes, where the builder itself does not look: constants, ids of other columns, numbers written as
// text, and labels that the target's enum must know.
import type { CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanColumn, PlanTable } from '../../spec/plan.ts';
import { enumKeyOf } from './enum-of.ts';
import type { PreflightContext } from './preflight-context.ts';
import { longestText } from './text-length.ts';
import { isTextType } from './value-types.ts';

/** Reports what is too long and what the enum lacks. No label is named. */
export function checkTexts(context: PreflightContext, table: PlanTable, catalog: CatalogTable): void {
  if (table.rows === 0) return;
  for (const column of table.columns) {
    const found = catalog.columns.find((candidate) => candidate.name === column.name);
    if (found === undefined) continue;
    checkLength(context, table, column, found);
    checkEnum(context, table, column, found);
  }
}

function checkLength(context: PreflightContext, table: PlanTable, column: PlanColumn, found: CatalogColumn): void {
  const { kind } = column.builder;
  // Labels, templates, lengths of texts and ids are checked where they are resolved.
  if (found.maxLength === null || !isTextType(found.baseType) || ['labels', 'template', 'text', 'id'].includes(kind)) return;
  const longest = longestText(context.tables, table, column);
  if (longest <= found.maxLength) return;
  const what = kind === 'reference' ? 'the keys that it refers to have' : 'its values have';
  context.problems.add(
    `tables.${table.name}.columns.${column.name}`,
    `${what} up to ${longest} characters and the column takes ${found.maxLength}: widen the column, or shorten what the spec makes`,
  );
}

function checkEnum(context: PreflightContext, table: PlanTable, column: PlanColumn, found: CatalogColumn): void {
  const key = enumKeyOf(found);
  const known = context.enums.get(key ?? '');
  if (key === null || known === undefined) return;
  const used = usedLabels(context, table, column);
  const missing = used.filter((label) => !known.includes(label)).length;
  if (missing === 0) return;
  context.problems.add(
    `tables.${table.name}.columns.${column.name}`,
    `${missing} of its ${used.length} labels are not in the target's enum ${key} (${known.length} labels): add them to the enum, or change the labels here`,
  );
}

function usedLabels(context: PreflightContext, table: PlanTable, { builder, name }: PlanColumn): readonly string[] {
  switch (builder.kind) {
    case 'labels':
      return builder.labels.filter((_, at) => (builder.cumulative[at + 1] ?? 0) > (builder.cumulative[at] ?? 0));
    case 'degreeClass':
      return builder.labels;
    case 'constant':
      return builder.text === null ? [] : [builder.text];
    case 'array': {
      // The plan has them as an array spells them, with quotes.
      const spec = context.spec.tables[table.name]?.columns[name];
      return spec?.kind === 'array' && spec.element.kind === 'labels' ? spec.element.labels : [];
    }
    case 'domain':
      return (table.domains[builder.domain]?.values ?? []).map(String);
    default: {
      // Random text is no label at all.
      const spec = context.spec.tables[table.name]?.columns[name];
      return spec?.kind === 'text' ? [''] : [];
    }
  }
}
