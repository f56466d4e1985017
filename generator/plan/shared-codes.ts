// A unique index over an expression of several texts, such as coalesce(alias, code): unique codes of two columns could still meet
// each other. With one code for all of a row's texts, equal texts are texts of one row.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanColumn, PlanKey } from '../../spec/plan.ts';

/** The columns; unique texts that stand together in a unique expression take their codes from one key. */
export function shareCodes(table: CatalogTable, columns: readonly PlanColumn[], key: PlanKey): readonly PlanColumn[] {
  const together = new Set(
    table.indexes
      .filter((index) => index.isUnique && index.expressionColumns.length > 1)
      .flatMap((index) => index.expressionColumns),
  );
  return columns.map((column) => {
    const { builder } = column;
    if (!together.has(column.name) || builder.kind !== 'text' || builder.codeDigits === 0) return column;
    return { ...column, builder: { ...builder, codeKey: key } };
  });
}
