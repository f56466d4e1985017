// What a difference between the spec's structure and the target means for a run: a refusal where rows could not be put in or a key
// would be broken, a warning for the rest. Whoever wants the difference says so by changing `structure` in the spec.
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { structureOfCatalog } from '../../postgres/catalog/catalog-structure.ts';
import { compareStructures, type Difference, type Drift, toDrift } from '../../spec/compare-structure.ts';
import type { Spec, TableSpec } from '../../spec/spec.ts';
import { parseColumnText } from '../../spec/structure.ts';
import { enumKeyOf } from './enum-of.ts';

export interface JudgedDrift extends Drift {
  readonly severity: 'refusal' | 'warning';
  /** Where the spec says what breaks: `tables.public.users.columns.email`; the difference's own path where it says nothing. */
  readonly specPath: string;
}

/** How the target differs from what the spec was measured on; empty for a spec without `structure`. Pure. */
export function findDrift(spec: Spec, catalog: Catalog): JudgedDrift[] {
  if (spec.structure === undefined) return [];
  const found = structureOfCatalog(catalog);
  const tables = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  return compareStructures(spec.structure, found).map((difference) => {
    const wayOut = judge({ spec, tables, difference, text: textOf(found.tables, difference) });
    const { message, ...rest } = toDrift(difference);
    return wayOut === null
      ? { ...rest, message, severity: 'warning', specPath: rest.path }
      : { ...rest, message: `${message}: ${wayOut}`, severity: 'refusal', specPath: specPathOf(difference) };
  });
}

function textOf(tables: ReturnType<typeof structureOfCatalog>['tables'], { object, name }: Difference): string {
  return tables[object]?.columns[name ?? ''] ?? '';
}

function specPathOf({ what, object, name, path }: Difference): string {
  if (what === 'label') return path;
  return `tables.${object}${name === null || what === 'key' ? '' : `.columns.${name}`}`;
}

interface Judgement {
  readonly spec: Spec;
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly difference: Difference;
  /** The column's text in the target. */
  readonly text: string;
}

/** The way out of a difference that breaks the run; null for one that does not. */
function judge(judgement: Judgement): string | null {
  const { spec, difference, text } = judgement;
  const table = spec.tables[difference.object];
  const column = difference.name ?? '';
  switch (difference.what) {
    case 'table':
      return difference.change === 'removed' && table !== undefined ? 'create it, or take the table out of the spec' : null;
    case 'column':
      return judgeColumn(table, difference, text);
    case 'length':
      return table !== undefined && makesColumn(table, column)
        ? 'widen the column, or write the new length into structure to accept shorter texts'
        : null;
    case 'nullability':
      return table !== undefined && parseColumnText(text).isNotNull && makesNulls(table, column)
        ? 'set nullFraction: 0, or drop NOT NULL in the target'
        : null;
    case 'label':
      return judgeLabel(judgement);
    // What a builder cannot make, and a key that nothing keeps, the plan itself refuses, with its reason.
    case 'key':
    case 'type':
    case 'default':
      return null;
  }
}

function judgeColumn(table: TableSpec | undefined, { change, name }: Difference, text: string): string | null {
  if (table === undefined) return null;
  const isMade = makesColumn(table, name ?? '');
  if (change === 'removed') return isMade ? 'add it to the target, or take it out of the spec' : null;
  const { isNotNull, isFilled } = parseColumnText(text);
  return isNotNull && !isFilled && !isMade ? 'add the column to the spec, for example as a constant' : null;
}

function makesColumn(table: TableSpec, column: string): boolean {
  const spec = table.columns[column];
  if (spec !== undefined) return spec.kind !== 'server';
  return Object.values(table.references).some((reference) => reference.columns.includes(column));
}

function makesNulls(table: TableSpec, column: string): boolean {
  const spec = table.columns[column];
  if (spec?.kind === 'constant') return spec.value === null;
  const sources = [
    ...(spec === undefined ? [] : [spec]),
    ...Object.values(table.references).filter(({ columns }) => columns.includes(column)),
  ];
  return sources.some((source) => 'nullFraction' in source && source.nullFraction > 0 && source.nullAs === undefined);
}

/** A label that the spec writes and that the target's enum lacks. */
function judgeLabel({ spec, tables, difference }: Judgement): string | null {
  if (difference.change === 'added') return null;
  const gone = new Set(difference.labels);
  const users = [...tables].flatMap(([key, table]) =>
    table.columns
      .filter((column) => enumKeyOf(column) === difference.object)
      .filter((column) => labelsOf(spec.tables[key]?.columns[column.name]).some((label) => gone.has(label)))
      .map((column) => `tables.${key}.columns.${column.name}`),
  );
  return users.length === 0 ? null : `add them to the target's enum, or change ${users.join(', ')}`;
}

function labelsOf(column: TableSpec['columns'][string] | undefined): readonly string[] {
  switch (column?.kind) {
    case 'category':
      return column.values.flatMap((value) => ('label' in value ? [value.label] : []));
    case 'degreeClass':
      return column.classes.map(({ label }) => label);
    case 'constant':
      return [String(column.value)];
    case 'array':
      return column.element.kind === 'labels' ? column.element.labels : [];
    default:
      return [];
  }
}
