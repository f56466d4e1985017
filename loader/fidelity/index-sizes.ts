// Metric 6, sizes: every index of both sides in pages. Read only.
import type { QualifiedName } from '../../core/identifiers.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import { quotient } from '../../stats/quotients.ts';
import { worst } from './degrees.ts';
import type { Figure } from './metric.ts';

/** One index of a database. */
export interface IndexFacts {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** Of an index over partitions: of all its leaves together. */
  readonly pages: number;
  /** What plans name when they read it: itself, or the leaves of an index over partitions. */
  readonly leaves: readonly QualifiedName[];
  /** It has leaves instead of pages of its own. */
  readonly isPartitioned: boolean;
  /** It keeps no rule (key, uniqueness, exclusion) and is no part of another, so that it could be dropped. */
  readonly isOptional: boolean;
}

// An index over partitions has no pages of its own, and it alone can be dropped, not its parts.
const INDEXES_SQL = `
  select
    n.nspname as "schema",
    t.relname as "table",
    c.relname as "name",
    l."pages",
    l."leaves",
    c.relkind = 'I' as "isPartitioned",
    not i.indisunique and not i.indisprimary and not i.indisexclusion and not c.relispartition
      and not exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid) as "isOptional"
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_class t on t.oid = i.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select
      coalesce(sum(pg_catalog.pg_relation_size(leaf.oid) / current_setting('block_size')::int8), 0)::float8 as "pages",
      coalesce(json_agg(json_build_object('schema', place.nspname, 'name', leaf.relname)), '[]') as "leaves"
    from pg_catalog.pg_class leaf
    join pg_catalog.pg_namespace place on place.oid = leaf.relnamespace
    where leaf.oid = any(
      case when c.relkind = 'I' then array(select p.relid from pg_catalog.pg_partition_tree(c.oid) p where p.isleaf)
      else array[c.oid::regclass] end)
  ) l
  where i.indisvalid and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'shapecast')
  order by 1, 3`;

/** Every valid index of the database's own schemas. Throws QUERY_FAILED. */
export async function readIndexes(side: Side): Promise<IndexFacts[]> {
  return readRows<IndexFacts>(side, 'reading the indexes', INDEXES_SQL);
}

/** Below this an index is a root and a handful of leaves: a page more is no finding. */
const LEAST_PAGES = 10;
const SIZE_TARGET = 1.1;

/** Indexes that both sides have; of one over partitions its leaves, which are listed themselves. */
export function indexSizeFigures(source: readonly IndexFacts[], target: readonly IndexFacts[]): Figure[] {
  const sizes = new Map(target.map((index) => [nameIndex(index), index.pages]));
  const places = source.flatMap((index) => {
    if (index.isPartitioned) return [];
    const other = sizes.get(nameIndex(index));
    return other === undefined ? [] : [{ place: nameIndex(index), value: quotient(index.pages, other, LEAST_PAGES) }];
  });
  return [worst(6, 'index sizes', places, SIZE_TARGET)];
}

/** As figures and findings call it. */
export function nameIndex({ schema, name }: Pick<IndexFacts, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}
