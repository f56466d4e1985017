// Catalog entries with everything that a test does not care about filled in.
import type { CatalogColumn, CatalogTable } from '../../../postgres/catalog/catalog.ts';

/** A nullable column of a built-in type. */
export function column(name: string, baseType: string, rest: Partial<CatalogColumn> = {}): CatalogColumn {
  return {
    name,
    position: 1,
    type: baseType,
    typeSchema: 'pg_catalog',
    baseType,
    kind: 'base',
    elementType: null,
    enumType: null,
    typeOid: 0,
    maxLength: null,
    precision: null,
    scale: null,
    isNullable: true,
    generated: false,
    identity: 'none',
    hasDefault: false,
    hasUniqueDefault: false,
    generatedFrom: [],
    distinctEstimate: null,
    ...rest,
  };
}

/** A plain table of schema public with the primary key `id`. */
export function table(name: string, columns: readonly CatalogColumn[], rest: Partial<CatalogTable> = {}): CatalogTable {
  return {
    schema: 'public',
    name,
    oid: 0,
    isPartitioned: false,
    partitioning: null,
    leaves: [],
    columns,
    primaryKey: { name: `${name}_pkey`, columns: ['id'], nullsNotDistinct: false },
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    exclusions: [],
    insertTriggers: [],
    estimatedRows: 1000,
    pages: 10,
    hasMarkerComment: false,
    ...rest,
  };
}
