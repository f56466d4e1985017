// "The sender is a member of the conversation": a table that refers to both ends of a junction table, and whose pairs are all in
// the junction. Kept only where the junction is far from holding every pair, because then any pair would be in it.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { SuggestedRelationship } from '../../spec/suggestions.ts';
import { findColumn, type Reference, type Source, type SourceTable } from '../introspect/source.ts';
import { shareOf } from './containment.ts';
import { countDistinctSql, declaredKeys } from './parent-keys.ts';
import { askNumbers, isSampled, keyExpression, type Questions, sampledFrom } from './questions.ts';

const MIN_PAIRS = 20;
/** Share of all possible pairs that the junction may hold. */
const MAX_FILL = 0.2;

interface Ends {
  readonly group: Reference;
  readonly member: Reference;
}

/** The two-column relationships that the rows support. `references`: declared and suggested ones of one column, by table. */
export async function suggestMemberships(
  source: Source,
  references: ReadonlyMap<string, readonly Reference[]>,
  questions: Questions,
): Promise<SuggestedRelationship[]> {
  const found: SuggestedRelationship[] = [];
  for (const junction of source.tables) {
    for (const [group, member] of pairsOf(references.get(junction.key) ?? [])) {
      const pairs = source.tables.flatMap((child) => childPairs(child, junction, { group, member }, references));
      if (pairs.length === 0 || !(await isPairUnique(questions, junction, { group, member }))) continue;
      for (const pair of pairs) {
        const suggestion = await measurePair(questions, pair.child, pair.ends, junction, { group, member });
        if (suggestion !== null) found.push(suggestion);
      }
    }
  }
  return found;
}

/** Two references of one table, each pair once. */
function pairsOf(references: readonly Reference[]): [Reference, Reference][] {
  return references.flatMap((first, at) => references.slice(at + 1).map((second): [Reference, Reference] => [first, second]));
}

/** Pairs of the child's references that lead to the same two keys, and are not known to be in the junction. */
function childPairs(
  child: SourceTable,
  junction: SourceTable,
  { group, member }: Ends,
  references: ReadonlyMap<string, readonly Reference[]>,
): { child: SourceTable; ends: Ends }[] {
  if (child === junction) return [];
  const own = references.get(child.key) ?? [];
  const isKnown = (columns: readonly string[]) =>
    child.references.some((one) => one.parent === junction.key && columns.every((column) => one.columns.includes(column)));
  return own
    .filter((one) => isSameEnd(one, group))
    .flatMap((one) =>
      own.filter((other) => other !== one && isSameEnd(other, member)).map((other) => ({ group: one, member: other })),
    )
    .filter((ends) => !isKnown([...ends.group.columns, ...ends.member.columns]))
    .map((ends) => ({ child, ends }));
}

function isSameEnd(left: Reference, right: Reference): boolean {
  return left.parent === right.parent && left.referencedColumns[0] === right.referencedColumns[0];
}

async function isPairUnique(questions: Questions, junction: SourceTable, ends: Ends): Promise<boolean> {
  const columns = columnsOf(junction, ends);
  const names = columns.map(({ name }) => name);
  if (columns.length !== 2) return false;
  if (declaredKeys(junction).some((key) => key.length === 2 && key.every((name) => names.includes(name)))) return true;
  const { rows, values } = await askNumbers(
    questions,
    `counting the pairs of ${junction.key}`,
    countDistinctSql(junction, columns),
  );
  return (rows ?? 0) > 0 && rows === values;
}

function columnsOf(table: SourceTable, { group, member }: Ends): CatalogColumn[] {
  return [group, member].flatMap(({ columns: [name = ''] }) => findColumn(table, name) ?? []);
}

async function measurePair(
  questions: Questions,
  child: SourceTable,
  childEnds: Ends,
  junction: SourceTable,
  ends: Ends,
): Promise<SuggestedRelationship | null> {
  const what = `comparing pairs of ${child.key} with ${junction.key}`;
  const counts = await askNumbers(
    questions,
    what,
    pairsSql(child, columnsOf(child, childEnds), junction, columnsOf(junction, ends)),
  );
  const { values, found, pairs, groups, members } = counts;
  if ((values ?? 0) < MIN_PAIRS || values !== found) return null;
  if (shareOf(pairs ?? 0, (groups ?? 0) * (members ?? 0)) > MAX_FILL) return null;
  return {
    table: child.key,
    columns: columnsOf(child, childEnds).map(({ name }) => name),
    references: junction.key,
    referencedColumns: columnsOf(junction, ends).map(({ name }) => name),
    evidence: {
      from: 'junction',
      values: values ?? 0,
      found: found ?? 0,
      hitShare: shareOf(found ?? 0, pairs ?? 0),
      rangeShare: null,
      isSampled: isSampled(child),
    },
  };
}

/** The statement that counts a table's pairs and those that the junction has. */
function pairsSql(
  child: SourceTable,
  [childGroup, childMember]: readonly CatalogColumn[],
  junction: SourceTable,
  [group, member]: readonly CatalogColumn[],
): string {
  if (childGroup === undefined || childMember === undefined || group === undefined || member === undefined)
    throw new RangeError('a pair has two columns');
  const [first, second] = [keyExpression(childGroup, 'c'), keyExpression(childMember, 'c')];
  const [left, right] = [keyExpression(group, 'j'), keyExpression(member, 'j')];
  const relation = relationOf(junction.table);
  return `with picked as materialized (
  select distinct ${first} as a, ${second} as b
  from ${sampledFrom(child, 'c')}
  where ${first} is not null and ${second} is not null
)
select
  count(*)::float8 as values,
  count(${left})::float8 as found,
  (select count(*) from ${relation} as j)::float8 as pairs,
  (select count(distinct ${left}) from ${relation} as j)::float8 as groups,
  (select count(distinct ${right}) from ${relation} as j)::float8 as members
from picked as v
left join ${relation} as j on ${left} = v.a and ${right} = v.b`;
}
