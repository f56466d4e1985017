// One builder per column of the target, in the target's column order. A column that nothing makes is a fault, never a silent NULL.
import type { CatalogColumn, CatalogEnum, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanBuilder, PlanColumn, PlanRanks, PlanReference } from '../../spec/plan.ts';
import type { ColumnSpec, TableSpec } from '../../spec/spec.ts';
import { deriveKey } from '../random/mixer.ts';
import { builderFor } from './builder-for.ts';
import { nullAsOfReference, resolveNullAs } from './null-as.ts';
import { orderColumns } from './order-columns.ts';
import { partitionRestrictions } from './partition-restrictions.ts';
import { nullsOf, type PlanContext, withoutWeight } from './resolve-references.ts';
import { restrictTable, type TableRestrictions } from './restrict.ts';
import { intersectRestrictions, UNRESTRICTED } from './restriction.ts';
import { isNumberType, isSecondsType } from './value-types.ts';

/** The columns that COPY will name; those left to the server are absent. */
export function resolveColumns(
  key: string,
  table: TableSpec,
  references: readonly PlanReference[],
  context: PlanContext & { readonly enums: readonly CatalogEnum[] },
): PlanColumn[] {
  const catalog = context.catalog.get(key);
  if (catalog === undefined) return [];
  reportUnknownColumns(key, table, catalog, context);
  const restrictions = withPartitions(restrictTable(catalog, context.enums), catalog);
  reportContradictions(key, restrictions, context);
  const columns = catalog.columns.flatMap((column): PlanColumn[] => {
    const reference = referenceBuilder(key, column, references, context);
    if (reference !== null)
      return [
        {
          ...planColumn(column, 0, null, reference),
          nullAs: nullAsOfReference(key, column, table, reference, references, context),
        },
      ];
    const spec = table.columns[column.name];
    if (spec === undefined || spec.kind === 'server') return leaveToServer(key, column, context);
    return resolveColumn(key, column, spec, references, restrictions, context);
  });
  const own = references.flatMap((reference, index) => (reference.table === context.index.get(key) ? [index] : []));
  return orderColumns(columns, restrictions.orders, new Set(own));
}

/** Values outside of all partitions are as little allowed as those outside of a check. */
function withPartitions(restrictions: TableRestrictions, catalog: CatalogTable): TableRestrictions {
  const columns = new Map(restrictions.columns);
  for (const [name, restriction] of partitionRestrictions(catalog))
    columns.set(name, intersectRestrictions(columns.get(name) ?? UNRESTRICTED, restriction));
  return { ...restrictions, columns };
}

function reportContradictions(key: string, { contradictions }: TableRestrictions, context: PlanContext): void {
  if ((context.rows.get(key) ?? 0) === 0) return;
  for (const { check, column } of contradictions)
    context.problems.add(
      `tables.${key}.checks.${check}`,
      `with the other checks of the table it leaves no value for column ${column}: drop one of them before loading`,
    );
}

function reportUnknownColumns(key: string, table: TableSpec, catalog: CatalogTable, context: PlanContext): void {
  const known = new Set(catalog.columns.map((column) => column.name));
  for (const name of Object.keys(table.columns)) {
    if (!known.has(name))
      context.problems.add(
        `tables.${key}.columns.${name}`,
        'the target table has no such column: take it out of the spec, or add it to the target',
      );
  }
  for (const [at, { columns }] of (table.statistics ?? []).entries()) {
    for (const column of columns) {
      if (!known.has(column))
        context.problems.add(
          `tables.${key}.statistics.${at}`,
          `the target table has no column ${column}: change the statistics, or add the column to the target`,
        );
    }
  }
  for (const [name, reference] of Object.entries(table.references)) {
    for (const column of reference.columns) {
      if (!known.has(column))
        context.problems.add(
          `tables.${key}.references.${name}`,
          `the target table has no column ${column}: change the reference, or add the column to the target`,
        );
    }
  }
}

function referenceBuilder(
  key: string,
  column: CatalogColumn,
  references: readonly PlanReference[],
  context: PlanContext,
): PlanBuilder | null {
  // What the spec makes itself is not copied, and a reference that follows from others gives nothing: the first of the rest does.
  if (context.spec.tables[key]?.columns[column.name] !== undefined) return null;
  const [owner] = references.flatMap((reference, index) => {
    const position = reference.columns.indexOf(column.name);
    return position < 0 || reference.through !== null ? [] : [{ reference: index, position }];
  });
  if (owner === undefined) return null;
  const reference = references[owner.reference];
  const isAlwaysSet = !column.isNullable && reference !== undefined && reference.nulls > 0 && reference.nullAs === null;
  return { kind: 'reference', ...owner, ...(isAlwaysSet ? { isAlwaysSet } : {}) };
}

function leaveToServer(key: string, column: CatalogColumn, context: PlanContext): PlanColumn[] {
  if (column.generated || column.hasDefault || column.identity !== 'none' || column.isNullable) return [];
  context.problems.add(
    `tables.${key}.columns.${column.name}`,
    'is NOT NULL in the target and the spec does not make it: add the column to the spec, for example as a constant',
  );
  return [];
}

function resolveColumn(
  key: string,
  column: CatalogColumn,
  spec: ColumnSpec,
  references: readonly PlanReference[],
  restrictions: TableRestrictions,
  context: PlanContext,
): PlanColumn[] {
  const path = `tables.${key}.columns.${column.name}`;
  if (column.generated) {
    context.problems.add(path, 'is generated by the server: set kind: server, or take it out of the spec');
    return [];
  }
  const rows = context.rows.get(key) ?? 0;
  const restriction = restrictions.columns.get(column.name) ?? UNRESTRICTED;
  const nulls = restriction.isNotNull && column.isNullable ? 0 : nullsOf(spec, rows);
  const nullAs = resolveNullAs(path, column, spec, context.problems);
  if (nullAs === null && (nulls > 0 || (spec.kind === 'constant' && spec.value === null && rows > 0)) && !column.isNullable) {
    context.problems.add(
      `${path}.nullFraction`,
      'the column is NOT NULL in the target: set it to 0 (or give a value), or drop NOT NULL there',
    );
  }
  const decimals = decimalsOf(spec, column);
  const builder = withoutWeight(path, context, () =>
    builderFor({ key, path, column, spec, rows, values: rows - nulls, decimals, references, restriction, context }),
  );
  if (builder === null || builder === undefined) return [];
  return [{ ...planColumn(column, decimals, ranksOf(key, column.name, spec, nulls, context), builder), nullAs }];
}

/** Digits after the point that values have: never more than the column keeps. */
function decimalsOf(spec: ColumnSpec, column: CatalogColumn): number {
  if (isSecondsType(column.baseType)) return secondsDecimals(spec);
  if (!isNumberType(column.baseType) || ['int2', 'int4', 'int8', 'bool'].includes(column.baseType)) return 0;
  if (spec.kind === 'number') return Math.min(spec.decimals, column.scale ?? spec.decimals);
  if (spec.kind !== 'constant') return 0;
  const written = String(spec.value).split('.')[1]?.length ?? 0;
  return Math.min(written, column.scale ?? written);
}

/** The server keeps microseconds. */
function secondsDecimals(spec: ColumnSpec): number {
  if (spec.kind === 'number') return Math.min(spec.decimals, 6);
  return spec.kind === 'constant' ? Math.min(String(spec.value).split('.')[1]?.length ?? 0, 6) : 0;
}

function ranksOf(key: string, name: string, spec: ColumnSpec, nulls: number, context: PlanContext): PlanRanks | null {
  if (['sequence', 'constant', 'degreeClass'].includes(spec.kind)) return null;
  const order = (spec.kind === 'time' || spec.kind === 'id') && spec.order === 'row' && nulls === 0 ? 'row' : 'shuffled';
  return { order, key: deriveKey(context.seed, key, name, 'ranks'), nulls };
}

function planColumn(column: CatalogColumn, decimals: number, ranks: PlanRanks | null, builder: PlanBuilder): PlanColumn {
  return {
    name: column.name,
    baseType: column.kind === 'enum' ? 'enum' : column.baseType,
    decimals,
    shownDecimals: Math.max(0, decimals, column.scale ?? 0),
    ranks,
    builder,
    nullAs: null,
    below: [],
  };
}
