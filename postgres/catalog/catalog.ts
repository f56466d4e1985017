// What introspection returns: the structure of a database, from pg_catalog only (information_schema hides foreign keys
// from a SELECT-only role). Plain data; names as the catalog stores them.
import type { QualifiedName } from '../../core/identifiers.ts';

export interface CatalogColumn {
  readonly name: string;
  /** Position in the table, attnum. */
  readonly position: number;
  /** format_type without a modifier: `integer`-like spellings are not used, the internal name is (int4, timestamptz, varchar). */
  readonly type: string;
  /** Schema of the type; pg_catalog for built-in ones. */
  readonly typeSchema: string;
  /** The type that stores the value: a domain's base type (followed to the end), else `type`; `enum` for enums. */
  readonly baseType: string;
  readonly kind: 'base' | 'enum' | 'domain' | 'array' | 'composite' | 'range' | 'other';
  /** Of an array: the stored type of its elements, `enum` for enums; else null. */
  readonly elementType: string | null;
  /** The enum that a column stores, directly or under domains, or that its array holds; else null. */
  readonly enumType: QualifiedName | null;
  readonly typeOid: number;
  /** varchar(n), char(n), or an array of them: n; else null. */
  readonly maxLength: number | null;
  /** numeric(p, s), or an array of them; else null. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** False also when a domain says NOT NULL. */
  readonly isNullable: boolean;
  readonly generated: boolean;
  readonly identity: 'none' | 'always' | 'byDefault';
  readonly hasDefault: boolean;
  /** Of a default: a sequence or a random uuid. */
  readonly hasUniqueDefault: boolean;
  /** Of a generated column: the columns that its expression reads. */
  readonly generatedFrom: readonly string[];
  /** pg_stats.n_distinct (negative: share of rows); null when never analysed. Used in the boundary only. */
  readonly distinctEstimate: number | null;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: QualifiedName;
  readonly referencedColumns: readonly string[];
  readonly isDeferrable: boolean;
  /** ALTER TABLE ... ADD of it: pg_get_constraintdef. */
  readonly definition: string;
}

export interface CatalogKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
}

export interface CatalogCheck {
  readonly name: string;
  readonly columns: readonly string[];
  /** pg_get_constraintdef: CHECK (...). */
  readonly definition: string;
  /** pg_get_expr of the condition alone; of a domain's check the word VALUE is replaced by the column's quoted name. */
  readonly expression: string;
  /** The domain that brings it along, else null. */
  readonly domain: QualifiedName | null;
}

export interface CatalogIndex {
  readonly name: string;
  /** null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly method: string;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  /** Made by a PRIMARY KEY, UNIQUE or EXCLUDE constraint. */
  readonly isConstraint: boolean;
  readonly isPartial: boolean;
  /** indnullsnotdistinct, from server 15 on. */
  readonly nullsNotDistinct: boolean;
  /** SQL of each key part as pg_get_indexdef gives it (a quoted column name, or an expression), in order. */
  readonly parts: readonly string[];
  /** Columns that the expressions read; empty without expressions. */
  readonly expressionColumns: readonly string[];
  /** pg_get_expr of the condition of a partial index, and the columns that it reads. */
  readonly predicate: string | null;
  readonly predicateColumns: readonly string[];
  /** pg_get_indexdef. */
  readonly definition: string;
}

/** How a partitioned table is cut. Keys that are expressions are null. */
export interface CatalogPartitioning {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly columns: readonly (string | null)[];
  /** Direct partitions, default ones included; `bound` is pg_get_expr of relpartbound. */
  readonly partitions: readonly (QualifiedName & { readonly bound: string; readonly isPartitioned: boolean })[];
}

export interface CatalogTable extends QualifiedName {
  readonly oid: number;
  readonly isPartitioned: boolean;
  /** The partitions that hold rows, at any depth; empty for a plain table. */
  readonly leaves: readonly QualifiedName[];
  /** null for a plain table. */
  readonly partitioning: CatalogPartitioning | null;
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: CatalogKey | null;
  readonly uniques: readonly CatalogKey[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly checks: readonly CatalogCheck[];
  readonly indexes: readonly CatalogIndex[];
  /** Names of exclusion constraints. */
  readonly exclusions: readonly string[];
  /** Names of the user's triggers that are enabled and fire on INSERT. */
  readonly insertTriggers: readonly string[];
  /** pg_class.reltuples, summed over leaves; -1 when never analysed. */
  readonly estimatedRows: number;
  /** Pages of the heap, from pg_relation_size, summed over leaves. */
  readonly pages: number;
  /** obj_description of the table; used to find our marker, never exported. */
  readonly hasMarkerComment: boolean;
}

export interface CatalogEnum extends QualifiedName {
  readonly labels: readonly string[];
}

/** Ordinary and partitioned tables of the wanted schemas (partitions only as leaves), sorted by schema and name. */
export interface Catalog {
  readonly serverVersion: number;
  readonly tables: readonly CatalogTable[];
  readonly enums: readonly CatalogEnum[];
}
