// Who stands behind a row, in SQL: a bucket 0..255, a hash of the owner's key. Whoever sees at least k buckets has seen at
// least k distinct owners, so 256 bits per cell prove a threshold without any key leaving the server.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { equalsSql } from '../../postgres/equality.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Ownership } from '../introspect/attribution.ts';
import { findColumn, type Reference, type Source } from '../introspect/source.ts';
import type { CodeSeeds } from './codes.ts';
import { isInteger } from './column-types.ts';
import { columnValue } from './column-value.ts';

const LAST_BUCKET = 255;

/** How a statement over a table finds the owner of each row. */
export interface RowUnits {
  /** Joins to the tables between the row and its owner, to follow the FROM item; empty when the row itself has the key. */
  readonly joins: readonly string[];
  /** SQL of the bucket, int4, never null. */
  readonly bucket: string;
}

/**
 * The joins and the bucket for rows called `alias`. A row without an owner stands for itself, and so does a subject's own
 * row: its place in the heap is hashed. The key in the last table before the subject is enough; the subject is not joined.
 * `hop` begins the names of the joined tables.
 */
export function unitsOfRows(source: Source, ownership: Ownership, alias: string, seeds: CodeSeeds, hop = 'o'): RowUnits {
  const self = `hashtidextended(${alias}.ctid, ${seeds.bucket})`;
  const last = ownership.path.at(-1);
  if (last === undefined) return { joins: [], bucket: `(${self} & ${LAST_BUCKET})::int4` };
  const hops = ownership.path.slice(0, -1);
  const joins = hops.map((reference, at) => joinParent(source, reference, at === 0 ? alias : `${hop}${at}`, `${hop}${at + 1}`));
  const owner = hops.length === 0 ? alias : `${hop}${hops.length}`;
  const hash = hashKey(columnsOf(source, last), owner, seeds);
  return { joins, bucket: `(coalesce(${hash}, ${self}) & ${LAST_BUCKET})::int4` };
}

export function joinParent(source: Source, reference: Reference, child: string, parent: string): string {
  const table = source.tables.find(({ key }) => key === reference.parent);
  if (table === undefined) throw new RangeError('an attribution edge leads to a table that is not there');
  const on = reference.columns.map((column, at) => {
    const to = reference.referencedColumns[at] ?? '';
    return equalsSql(findColumn(table, to), `${parent}.${quoteIdentifier(to)}`, `${child}.${quoteIdentifier(column)}`);
  });
  return `left join ${relationOf(table.table)} as ${parent} on ${on.join(' and ')}`;
}

function columnsOf(source: Source, reference: Reference): CatalogColumn[] {
  const child = source.tables.find(({ key }) => key === reference.child);
  return reference.columns.flatMap((name) => (child === undefined ? [] : (findColumn(child, name) ?? [])));
}

/** NULL when a column of the key is null. */
function hashKey(columns: readonly CatalogColumn[], alias: string, seeds: CodeSeeds): string {
  const [first] = columns;
  const values = columns.map((column) => columnValue(column, alias));
  if (columns.length === 1 && first !== undefined && isInteger(first)) {
    return `hashint8extended(${values.join('')}::int8, ${seeds.bucket})`;
  }
  if (columns.length === 1 && first?.baseType === 'uuid') return `uuid_hash_extended(${values.join('')}, ${seeds.bucket})`;
  // Lengths keep ('a', 'bc') apart from ('ab', 'c'); || with a null gives null.
  const texts = columns.map((column, at) => oneSpelling(values[at] ?? '', column));
  const text = texts.map((value) => `length(${value}) || ':' || ${value}`).join(` || `);
  return `hashtextextended((${text}) collate "C", ${seeds.bucket})`;
}

/** The text of a key such that equal keys have equal texts, or one person would count as several. */
function oneSpelling(value: string, { baseType }: CatalogColumn): string {
  if (baseType === 'citext') return `lower(${value}::text)`;
  if (baseType === 'numeric') return `trim_scale(${value})::text`;
  if (baseType === 'float4' || baseType === 'float8') return `(${value} + 0)::text`;
  return `${value}::text`;
}
