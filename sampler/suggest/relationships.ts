// References that nobody declared. A name proposes, the data disposes: pairs are chosen by name and type, and kept where the
// child's values exist in the key. Where the name of a pointing column fits no table, the data must speak alone, and loudly.

import type { SuggestedRelationship } from '../../spec/suggestions.ts';
import type { Source, SourceTable } from '../introspect/source.ts';
import { type ChildColumn, type Containment, measureContainment, probeParents } from './containment.ts';
import { compareMatches, hasRoleInOwnTable, isOwnKeyName, isPointingName, matchName, type NameMatch } from './names.ts';
import { listParentKeys, type ParentKey, type UniqueKeys } from './parent-keys.ts';
import { isSampled, keyFamilyOf, type Questions } from './questions.ts';

/** Share of the child's values that must exist in the key, when the name fits: production has orphans where nothing forbids them. */
const NAMED_SHARE = 0.95;
/** A bare name (`views`, `position`) is also an ordinary word: at least so many values, over so much of the key's range. */
const BARE_VALUES = 5;
const BARE_RANGE = 0.5;
/** Without a name: so many values, all of them found. */
const DATA_VALUES = 20;
/** Small dense numbers are in every numbered key, so they must span most of it... */
const DATA_RANGE = 0.8;
/** ...unless less than this share of the key's numbers exists: then 20 hits by chance have odds below one in a million. */
const SPARSE_DENSITY = 0.5;
/** Pairs that are measured for one column. */
const MAX_PAIRS = 8;

interface Candidate {
  readonly parent: ParentKey;
  readonly from: 'name' | 'role' | 'data';
  readonly match: NameMatch | null;
}

/** The relationships of one column that the source's rows support, in the source's order. Throws QUERY_FAILED. */
export async function suggestRelationships(
  source: Source,
  questions: Questions,
  unique: UniqueKeys,
): Promise<SuggestedRelationship[]> {
  const parents = listParentKeys(source);
  const found: SuggestedRelationship[] = [];
  for (const table of source.tables) {
    for (const child of childrenOf(table)) {
      const suggested = await suggestFor(child, parents, questions, unique);
      if (suggested !== null) found.push(suggested);
    }
    questions.progress.advance(1);
  }
  return found;
}

/** Columns that may point somewhere and are not known to. */
function childrenOf(table: SourceTable): ChildColumn[] {
  const known = new Set(table.references.flatMap(({ columns }) => columns));
  return table.columns
    .filter((column) => !known.has(column.name) && !column.generated && keyFamilyOf(column) !== null)
    .filter((column) => column.epoch === undefined)
    .map((column) => ({ table, column }));
}

async function suggestFor(
  child: ChildColumn,
  parents: readonly ParentKey[],
  questions: Questions,
  unique: UniqueKeys,
): Promise<SuggestedRelationship | null> {
  const fitting = parents.filter((parent) => parent.family === keyFamilyOf(child.column) && !isSameColumn(child, parent));
  const isOwnKey = await isKeyOfItsOwn(child, parents, unique);
  const named = await best(child, namedCandidates(child, fitting, isOwnKey), questions, unique);
  if (named !== null) return named;
  if (!isPointingName(child.table, child.column.name) || isOwnKey) return null;
  const probed = await probeParents(questions, child, fitting);
  const others = probed.map((parent): Candidate => ({ parent, from: 'data', match: null }));
  return best(child, bySize(others), questions, unique);
}

function isSameColumn(child: ChildColumn, parent: ParentKey): boolean {
  return child.table === parent.table && child.column === parent.column;
}

/** A table's own number points nowhere, however dense the numbers of other tables are. A key that is named like it must be unique. */
async function isKeyOfItsOwn(child: ChildColumn, parents: readonly ParentKey[], unique: UniqueKeys): Promise<boolean> {
  const own = parents.find((parent) => isSameColumn(child, parent));
  return own !== undefined && isOwnKeyName(child.table, child.column.name) && (await unique.isUnique(own));
}

function namedCandidates(child: ChildColumn, parents: readonly ParentKey[], isOwnKey: boolean): Candidate[] {
  const { table, column } = child;
  const byName = parents.flatMap((parent): Candidate[] => {
    const match = isOwnKey && parent.table === table ? null : matchName(table, column.name, parent.table, parent.column.name);
    return match === null || (isOwnKey && match.score < 3) ? [] : [{ parent, from: 'name', match }];
  });
  const sorted = byName.sort(
    (left, right) =>
      compareMatches(left.match ?? WORST, right.match ?? WORST) ||
      Number(right.parent.table.table.schema === table.table.schema) -
        Number(left.parent.table.table.schema === table.table.schema),
  );
  const isRole = hasRoleInOwnTable(table, column.name) && !isOwnKey;
  const own = parents.filter((parent) => parent.table === table && isOwnKeyName(table, parent.column.name));
  return [...sorted, ...(isRole ? own.map((parent): Candidate => ({ parent, from: 'role', match: null })) : [])].slice(
    0,
    MAX_PAIRS,
  );
}

const WORST: NameMatch = { score: 1, length: 0 };

/** Small parents first: a column that fits a small key by chance is rarer than one that fits a large one. */
function bySize(candidates: readonly Candidate[]): Candidate[] {
  const rows = ({ parent }: Candidate) => Math.max(0, parent.table.table.estimatedRows);
  return [...candidates].sort((left, right) => rows(left) - rows(right)).slice(0, MAX_PAIRS);
}

/** The first named candidate that holds; among those that only the data supports, the one that is hit most. */
async function best(
  child: ChildColumn,
  candidates: readonly Candidate[],
  questions: Questions,
  unique: UniqueKeys,
): Promise<SuggestedRelationship | null> {
  let found: SuggestedRelationship | null = null;
  for (const candidate of candidates) {
    if (!(await unique.isUnique(candidate.parent))) continue;
    const containment = await measureContainment(questions, child, candidate.parent);
    if (!holds(candidate, containment)) continue;
    const suggestion = describe(child, candidate, containment);
    if (candidate.from !== 'data') return suggestion;
    if (found === null || containment.hitShare > found.evidence.hitShare) found = suggestion;
  }
  return found;
}

function holds({ from, match }: Candidate, { values, found, rangeShare, density }: Containment): boolean {
  if (found === 0) return false;
  const isWide = (least: number) => rangeShare === null || rangeShare >= least;
  if (from === 'role') return found === values;
  if (from === 'data') {
    const isSparse = density === null || density < SPARSE_DENSITY;
    return found === values && values >= DATA_VALUES && (isSparse || isWide(DATA_RANGE));
  }
  if (match?.score === 1) return found === values && values >= BARE_VALUES && isWide(BARE_RANGE);
  return found >= NAMED_SHARE * values;
}

function describe(child: ChildColumn, { parent, from }: Candidate, containment: Containment): SuggestedRelationship {
  return {
    table: child.table.key,
    columns: [child.column.name],
    references: parent.table.key,
    referencedColumns: [parent.column.name],
    evidence: {
      from,
      values: containment.values,
      found: containment.found,
      hitShare: containment.hitShare,
      rangeShare: containment.rangeShare,
      isSampled: isSampled(child.table),
    },
  };
}
