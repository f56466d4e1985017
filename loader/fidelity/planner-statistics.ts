// Metric 7: what the planner believes, column by column. Numbers of pg_stats and pg_class only: the values in it are not read.

import { readRows, type Side } from '../../postgres/read-side.ts';
import { arithmeticMean, quotient } from '../../stats/quotients.ts';
import type { Figure } from './metric.ts';
import { mean } from './query-metrics.ts';

interface ColumnStatistics {
  readonly column: string;
  readonly distinct: number;
  readonly nullFraction: number;
  readonly averageWidth: number;
  readonly frequencies: readonly number[];
  readonly correlation: number | null;
  readonly isIndexed: boolean;
}

export interface PlannerStatistics {
  readonly columns: readonly ColumnStatistics[];
  readonly relations: readonly { readonly relation: string; readonly pages: number }[];
}

// Of a partitioned table the statistics over all partitions count (inherited); its partitions speak for themselves too.
const COLUMNS_SQL = `
  select
    format('%I.%I.%I', s.schemaname, s.tablename, s.attname) as "column",
    case when s.n_distinct < 0 then -s.n_distinct * greatest(c.reltuples, 0) else s.n_distinct end::float8 as "distinct",
    s.null_frac::float8 as "nullFraction",
    s.avg_width::float8 as "averageWidth",
    coalesce(s.most_common_freqs::float8[], '{}') as "frequencies",
    s.correlation::float8 as "correlation",
    exists (
      select from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and a.attname = s.attname
    ) as "isIndexed"
  from pg_catalog.pg_stats s
  join pg_catalog.pg_namespace n on n.nspname = s.schemaname
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
  where s.schemaname not in ('pg_catalog', 'information_schema', 'shapecast')
    and s.inherited = (c.relkind = 'p')
    and c.relkind in ('r', 'p')
  order by 1`;

const RELATIONS_SQL = `
  select format('%I.%I', n.nspname, c.relname) as relation, c.relpages::float8 as pages
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'i') and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'shapecast')
  order by 1`;

export async function readPlannerStatistics(side: Side): Promise<PlannerStatistics> {
  return {
    columns: await readRows<ColumnStatistics>(side, 'reading the statistics of the planner', COLUMNS_SQL),
    relations: await readRows<PlannerStatistics['relations'][number]>(side, 'reading the sizes of relations', RELATIONS_SQL),
  };
}

/** Figures over the columns and relations that both sides have statistics of. */
export function plannerFigures(source: PlannerStatistics, target: PlannerStatistics): Figure[] {
  const others = new Map(target.columns.map((column) => [column.column, column]));
  const pairs = source.columns.flatMap((one) => {
    const other = others.get(one.column);
    return other === undefined ? [] : [{ place: one.column, one, other }];
  });
  const lacking = source.columns.length - pairs.length;
  const remark = lacking === 0 ? '' : `${lacking} columns have statistics on production only`;
  const ordered = pairs.filter(({ one, other }) => one.correlation !== null && other.correlation !== null);
  const correlations = (kept: typeof pairs) =>
    kept.map(({ place, one, other }) => ({ place, value: Math.abs((one.correlation ?? 0) - (other.correlation ?? 0)) }));
  const places = <Value>(take: (one: ColumnStatistics, other: ColumnStatistics) => Value) =>
    pairs.map(({ place, one, other }) => ({ place, value: take(one, other) }));
  const sizes = new Map(target.relations.map(({ relation, pages }) => [relation, pages]));
  const pages = source.relations.flatMap(({ relation, pages: size }) => {
    const other = sizes.get(relation);
    return other === undefined ? [] : [{ place: relation, value: quotient(size, other) }];
  });
  return [
    {
      ...mean(
        7,
        'n_distinct',
        places((one, other) => quotient(one.distinct, other.distinct)),
        1.05,
      ),
      remark,
    },
    average(
      'null_frac',
      places((one, other) => Math.abs(one.nullFraction - other.nullFraction)),
      0.01,
    ),
    mean(
      7,
      'avg_width',
      places((one, other) => quotient(one.averageWidth, other.averageWidth)),
      1.05,
    ),
    average(
      'frequencies of common values, TV by rank',
      places((one, other) => differenceByRank(one.frequencies, other.frequencies)),
      0.01,
    ),
    average('correlation', correlations(ordered), 0.05),
    average('correlation of indexed columns', correlations(ordered.filter(({ one }) => one.isIndexed)), 0.05),
    mean(7, 'pages', pages, 1.05),
  ];
}

/** Half the difference of the shares by rank; what is in no list is one more class. */
function differenceByRank(left: readonly number[], right: readonly number[]): number {
  const sumOf = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0);
  const length = Math.max(left.length, right.length);
  const differences = Array.from({ length }, (_, rank) => Math.abs((left[rank] ?? 0) - (right[rank] ?? 0)));
  return (sumOf(differences) + Math.abs(sumOf(left) - sumOf(right))) / 2;
}

function average(name: string, places: Figure['places'], target: number): Figure {
  return {
    number: 7,
    name,
    value: arithmeticMean(places.map(({ value }) => value)),
    target,
    direction: 'atMost',
    samples: places.length,
    remark: places.length === 0 ? 'nothing to compare' : 'mean absolute difference',
    places,
  };
}
