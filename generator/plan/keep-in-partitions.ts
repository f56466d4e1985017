// A row without a partition is refused by the server, hours into a load: so values are kept inside the partitions at plan time, and
// what cannot be kept inside is a fault of the plan.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanBuilder, PlanColumn, PlanReference, PlanTable } from '../../spec/plan.ts';
import { clipBuilder } from './clip-builder.ts';
import { partitionRestrictions } from './partition-restrictions.ts';
import type { Problems } from './problems.ts';

export interface PartitionedColumns {
  readonly table: CatalogTable | undefined;
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly PlanColumn[];
  readonly references: readonly PlanReference[];
}

/** The columns with the values of partition keys inside the partitions; faults go to `problems`. */
export function keepInPartitions(request: PartitionedColumns, problems: Problems): readonly PlanColumn[] {
  const { table, columns } = request;
  if (!table?.partitioning || request.rows === 0) return columns;
  const restrictions = partitionRestrictions(table);
  return columns.map((column) => {
    const restriction = restrictions.get(column.name);
    if (restriction === undefined) return column;
    const path = `${request.path}.columns.${column.name}`;
    if (restriction.isNotNull && hasNulls(column, request.references))
      problems.add(path, 'is NULL in some rows, and no partition takes NULL: add a DEFAULT partition or set nullFraction: 0');
    const { baseType, decimals } = column;
    const builder = clipBuilder({ builder: column.builder, restriction, baseType, decimals, rows: request.rows });
    if (typeof builder !== 'string') return { ...column, builder };
    problems.add(path, builder);
    return column;
  });
}

function hasNulls(column: PlanColumn, references: readonly PlanReference[]): boolean {
  if (column.nullAs !== null) return false;
  if (column.builder.kind === 'reference') return (references[column.builder.reference]?.nulls ?? 0) > 0;
  if (column.builder.kind === 'constant') return column.builder.text === null;
  return (column.ranks?.nulls ?? 0) > 0;
}

/** Faults that show when all tables are resolved: keys of parents that have no partition, remainders without one. */
export function checkPartitions(
  tables: readonly PlanTable[],
  catalog: ReadonlyMap<string, CatalogTable>,
  problems: Problems,
): void {
  for (const table of tables) {
    const found = catalog.get(table.name);
    if (!found?.partitioning || table.rows === 0) continue;
    checkRemainders(table, problems);
    for (const [name, restriction] of partitionRestrictions(found)) {
      const path = `tables.${table.name}.columns.${name}`;
      const origin = originOf(tables, table, name);
      if (origin === null) continue;
      const { builder, rows, baseType, decimals } = origin;
      // Keys are made by their own table: they cannot move, so any that would have to is a fault.
      const kept = clipBuilder({ builder, restriction, baseType, decimals, rows });
      if (kept === builder || JSON.stringify(kept) === JSON.stringify(builder)) continue;
      problems.add(
        path,
        `takes keys of ${origin.table}, and not all of them have a partition: add partitions or a DEFAULT one, or change those keys`,
      );
    }
  }
}

function checkRemainders(table: PlanTable, problems: Problems): void {
  const routing = table.partitions?.routing;
  if (routing?.kind !== 'hash') return;
  const missing = routing.leafOfRemainder.filter((leaf) => leaf < 0).length;
  if (missing > 0)
    problems.add(
      `tables.${table.name}`,
      `${missing} of the ${routing.modulus} remainders of its hash partitions have no partition: add the missing partitions`,
    );
}

interface Origin {
  readonly table: string;
  readonly rows: number;
  readonly baseType: string;
  readonly decimals: number;
  readonly builder: PlanBuilder;
}

/** The column that a reference column's values are copied from, through as many keys as it takes; null for others. */
function originOf(tables: readonly PlanTable[], start: PlanTable, startColumn: string): Origin | null {
  let table: PlanTable | undefined = start;
  let name = startColumn;
  // A circle of keys is a fault of its own; here it only has to end.
  for (let step = 0; step <= tables.length && table !== undefined; step += 1) {
    const column: PlanColumn | undefined = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) return null;
    if (column.builder.kind !== 'reference') return step === 0 ? null : { table: table.name, rows: table.rows, ...column };
    const reference: PlanReference | undefined = table.references[column.builder.reference];
    name = reference?.to[column.builder.position] ?? '';
    table = reference === undefined ? undefined : tables[reference.table];
  }
  return null;
}
