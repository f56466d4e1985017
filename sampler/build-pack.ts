// The pack as a document: structure from the catalog, marginals from the passes, and where both come from. No expression,
// no constraint name, no default and no estimate goes in.
import { formatTableKey } from '../core/identifiers.ts';
import { newRunId, toolCommit, toolVersion } from '../core/tool.ts';
import type { CatalogColumn, CatalogEnum, CatalogIndex } from '../postgres/catalog/catalog.ts';
import type { Snapshot } from '../postgres/read-only-snapshot.ts';
import { PACK_FORMAT, PACK_LIFETIME_DAYS, PACK_VERSION, type Pack, type PackColumn, type PackTable } from '../spec/pack.ts';
import type { Policy } from '../spec/policy.ts';
import type { Attribution } from './introspect/attribution.ts';
import type { Source, SourceColumn, SourceTable } from './introspect/source.ts';
import { withoutIdleForms } from './measure/idle-forms.ts';
import { releaseMarginals, releaseRowCount } from './measure/release.ts';
import { formatDay, type Window } from './measure/window.ts';
import { sumCosts } from './protect/budget.ts';
import type { MeasuredTable } from './run-passes.ts';

export interface PackParts {
  readonly source: Source;
  readonly policy: Policy;
  readonly attribution: Attribution;
  readonly window: Window | null;
  readonly measured: readonly MeasuredTable[];
  /** What releaseTables made of them. */
  readonly marginals: Pack['marginals'];
  readonly pairs: Pack['pairs'];
  readonly hasThreshold: boolean;
  readonly snapshot: Pick<Snapshot, 'serverMajor' | 'isReplica'>;
  readonly operator: string;
  readonly now: Date;
}

const MS_PER_DAY = 86_400_000;

/** The pack. Pure apart from the random run id and reading the tool's version. */
export function buildPack(parts: PackParts): Pack {
  const { marginals, pairs } = parts;
  return {
    format: PACK_FORMAT,
    version: PACK_VERSION,
    provenance: describeProvenance(parts),
    privacy: describePrivacy(parts),
    structure: { enums: describeEnums(parts.source), tables: parts.measured.map((table) => describeTable(parts, table)) },
    marginals,
    pairs,
  };
}

/** The publishable one-axis marginals; all of them where exactly another pack's axes are wanted. Pure. */
export function releaseTables(tables: readonly MeasuredTable[], isOfShape: boolean): Pack['marginals'] {
  const measured = tables.flatMap(({ rows, others }) =>
    [rows, ...others].flatMap(({ pass, counts }) => releaseMarginals(pass, counts)),
  );
  return isOfShape ? measured : withoutIdleForms(measured);
}

/** The day on which a pack of that day is no longer accepted. */
function expiryOf(now: Date): string {
  return formatDay(new Date(now.getTime() + PACK_LIFETIME_DAYS * MS_PER_DAY));
}

function describeProvenance({ operator, now, window, snapshot }: PackParts): Pack['provenance'] {
  return {
    runId: newRunId(),
    tool: toolVersion(),
    commit: toolCommit(),
    operator,
    day: formatDay(now),
    expires: expiryOf(now),
    window,
    serverMajor: snapshot.serverMajor,
    isReplica: snapshot.isReplica,
  };
}

function describePrivacy(parts: PackParts): Pack['privacy'] {
  const { attribution, hasThreshold, policy, source } = parts;
  const isPresent = new Set(source.tables.map(({ key }) => key));
  return {
    guarantee: hasThreshold ? 'threshold' : 'none',
    k: hasThreshold ? policy.k : 1,
    subjects: policy.subjects.filter((table) => isPresent.has(table)),
    uncoveredReferences: [...attribution.uncoveredReferences],
    rowUnitTables: source.tables.map(({ key }) => key).filter((key) => attribution.owners.get(key)?.unit === 'row'),
    budget: { rho: sumCosts([...parts.marginals, ...parts.pairs.marginals].map(({ cost }) => cost.rho)) },
  };
}

function describeEnums(source: Source): Pack['structure']['enums'] {
  const used = new Set(source.tables.flatMap(({ columns }) => columns.flatMap(enumNames)));
  return source.enums
    .map((entry: CatalogEnum) => ({ name: formatTableKey(entry), labels: [...entry.labels] }))
    .filter(({ name }) => used.has(name));
}

/** The enum that a column stores, or that the type of an array is named after. */
function enumNames(column: CatalogColumn): string[] {
  return column.enumType === null ? [] : [formatTableKey(column.enumType)];
}

function describeTable({ attribution }: PackParts, { plan, rows }: MeasuredTable): PackTable {
  const { key, table, columns, references } = plan.source;
  const visible = new Set(columns.map(({ name }) => name));
  const isVisible = (names: readonly (string | null)[]) => names.every((name) => name === null || visible.has(name));
  return {
    name: key,
    unit: attribution.owners.get(key)?.unit ?? 'row',
    columns: columns.map(describeColumn),
    primaryKey: table.primaryKey !== null && isVisible(table.primaryKey.columns) ? [...table.primaryKey.columns] : null,
    uniques: table.uniques
      .filter((unique) => isVisible(unique.columns))
      .map(({ columns: names, nullsNotDistinct }) => ({ columns: [...names], nullsNotDistinct })),
    foreignKeys: describeReferences(references),
    indexes: table.indexes
      .filter((index) => isVisible([...index.columns, ...index.expressionColumns, ...index.predicateColumns]))
      .map(describeIndex),
    isPartitioned: table.isPartitioned,
    rows: releaseRowCount(rows.pass, rows.counts),
  };
}

/** No expression leaves: what it reads is named. */
function describeIndex({
  columns,
  method,
  isUnique,
  expressionColumns,
  predicateColumns,
}: CatalogIndex): PackTable['indexes'][number] {
  return {
    columns: [...columns],
    method,
    isUnique,
    ...(expressionColumns.length === 0 ? {} : { expressionColumns: [...expressionColumns] }),
    ...(predicateColumns.length === 0 ? {} : { predicateColumns: [...predicateColumns] }),
  };
}

function describeReferences(references: SourceTable['references']): PackTable['foreignKeys'] {
  return references.map(({ columns, parent, referencedColumns, isVirtual }) => ({
    columns: [...columns],
    references: parent,
    referencedColumns: [...referencedColumns],
    virtual: isVirtual,
  }));
}

function describeColumn(column: SourceColumn): PackColumn {
  return {
    name: column.name,
    type: typeName(column),
    baseType: column.baseType,
    kind: column.kind,
    ...(column.maxLength === null ? {} : { maxLength: column.maxLength }),
    // Since PostgreSQL 15 a scale may be negative: such numbers have no decimals, and more digits before the point.
    ...(column.precision === null ? {} : { precision: column.precision - Math.min(0, column.scale ?? 0) }),
    ...(column.scale === null ? {} : { scale: Math.max(0, column.scale) }),
    nullable: column.isNullable,
    generated: column.generated,
    identity: column.identity,
    hasDefault: column.hasDefault,
    ...(column.generatedFrom.length === 0 ? {} : { generatedFrom: [...column.generatedFrom] }),
    ...(column.elementType === null ? {} : { elementType: column.elementType }),
    ...(column.enumType === null ? {} : { enumType: formatTableKey(column.enumType) }),
    ...(column.epoch === undefined ? {} : { epoch: column.epoch }),
    ...(column.sentinel === undefined ? {} : { sentinel: column.sentinel }),
  };
}

/** Built-in types by their name, others with their schema. */
function typeName(column: CatalogColumn): string {
  return column.typeSchema === 'pg_catalog' ? column.type : formatTableKey({ schema: column.typeSchema, name: column.type });
}
