// Containment: how many of a column's different values exist in a key, and how much of the key they reach. Everything is
// counted inside the database; only counts and shares come back.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { SourceColumn, SourceTable } from '../introspect/source.ts';
import type { ParentKey } from './parent-keys.ts';
import { askNumbers, isSampled, keyExpression, type Questions, sampledFrom } from './questions.ts';

export interface ChildColumn {
  readonly table: SourceTable;
  readonly column: SourceColumn;
}

export interface Containment {
  /** Different values that are not NULL; 0, -1 and '' count only where the key has them. */
  readonly values: number;
  readonly found: number;
  /** Share of the key's rows that were found. */
  readonly hitShare: number;
  /** Of numbers: the share of the key's range that the found values span; else null. */
  readonly rangeShare: number | null;
  /** Of numbers: keys per number in the key's range, 1 where no number is left out; else null. */
  readonly density: number | null;
}

/** The statement that measures containment. */
export function containmentSql(child: ChildColumn, parent: ParentKey): string {
  const value = keyExpression(child.column, 'c');
  const key = keyExpression(parent.column, 'p');
  const relation = relationOf(parent.table.table);
  const isNumber = parent.family === 'integer';
  const sentinels = { integer: 'v.value in (0, -1)', text: `v.value = ''`, caseless: `v.value = ''`, uuid: 'false' }[
    parent.family
  ];
  // Large parents are not counted: the planner's estimate is near enough for a share.
  const rows =
    isSampled(parent.table) && parent.table.table.estimatedRows > 0
      ? `${Math.round(parent.table.table.estimatedRows)}::float8`
      : `(select count(*) from ${relation} as p)::float8`;
  const bound = (which: 'min' | 'max') => `(select ${which}(${key}) from ${relation} as p)::float8`;
  return `with picked as materialized (
  select distinct ${value} as value
  from ${sampledFrom(child.table, 'c')}
  where c.${quoteIdentifier(child.column.name)} is not null
)
select
  (count(*) filter (where ${key} is not null or not (${sentinels})))::float8 as values,
  count(${key})::float8 as found,
  ${rows} as keys${
    isNumber
      ? `,
  (max(v.value) filter (where ${key} is not null) - min(v.value) filter (where ${key} is not null))::float8
    / nullif(${bound('max')} - ${bound('min')}, 0) as reach,
  ${rows} / (${bound('max')} - ${bound('min')} + 1) as density`
      : ''
  }
from picked as v
left join ${relation} as p on ${key} = v.value`;
}

/** Measures one pair. Throws QUERY_FAILED. */
export async function measureContainment(questions: Questions, child: ChildColumn, parent: ParentKey): Promise<Containment> {
  const what = `comparing ${child.table.key} with ${parent.table.key}`;
  const { values, found, keys, reach, density } = await askNumbers(questions, what, containmentSql(child, parent));
  return {
    values: values ?? 0,
    found: found ?? 0,
    hitShare: shareOf(found ?? 0, keys ?? 0),
    rangeShare: reach === null || reach === undefined ? null : clampShare(reach),
    density: density ?? null,
  };
}

export function shareOf(part: number, whole: number): number {
  return whole <= 0 ? 0 : clampShare(part / whole);
}

/** Four digits: a share, and no way back to the numbers behind it. */
function clampShare(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000;
}

const PROBES = 50;
const PARENTS_PER_PROBE = 40;

/** Keeps the parents that have all of a few of the child's values: cheap where the parents are indexed. */
export async function probeParents(
  questions: Questions,
  child: ChildColumn,
  parents: readonly ParentKey[],
): Promise<ParentKey[]> {
  const kept: ParentKey[] = [];
  for (let at = 0; at < parents.length; at += PARENTS_PER_PROBE) {
    const group = parents.slice(at, at + PARENTS_PER_PROBE);
    const counts = await askNumbers(questions, `probing ${child.table.key}`, probeSql(child, group));
    kept.push(...group.filter((_, index) => counts[`p${index}`] === counts.probes && (counts.probes ?? 0) > 0));
  }
  return kept;
}

function probeSql(child: ChildColumn, parents: readonly ParentKey[]): string {
  const value = keyExpression(child.column, 'c');
  const sentinels = parents[0]?.family === 'integer' ? ' and c.value not in (0, -1)' : '';
  const found = parents.map((parent, at) => {
    const key = keyExpression(parent.column, 'p');
    const exists = `exists (select from ${relationOf(parent.table.table)} as p where ${key} = v.value)`;
    return `(select count(*) from probes as v where ${exists})::float8 as p${at}`;
  });
  return `with probes as materialized (
  select distinct c.value
  from (
    select ${value} as value
    from ${sampledFrom(child.table, 'c')}
    where c.${quoteIdentifier(child.column.name)} is not null
    limit ${PROBES * 20}
  ) as c
  where true${sentinels}
  limit ${PROBES}
)
select
  (select count(*) from probes)::float8 as probes,
  ${found.join(',\n  ')}`;
}
