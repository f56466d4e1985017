// Which pairs are counted: all that could be chosen, until the work limit is reached. The kinds that carry most come first, so that the
// limit takes from the end.
import type { PairReason } from '../../../spec/pack.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';
import type { PairSource } from './pair-sources.ts';

/** A source with its cuts. */
export interface CutSource {
  readonly source: PairSource;
  readonly axis: PairAxis;
}

export interface Candidate {
  /** Positions among the sources. */
  readonly axes: readonly number[];
  readonly why: PairReason;
}

/** Counting a pair of a row takes some nanoseconds: this is about twenty seconds a table. */
const MAX_WORK = 4e9;
const MIN_CANDIDATES = 60;
const MAX_CANDIDATES = 800;

/** The candidates of one pass, most wanted first. Pure. */
export function listCandidates(sources: readonly CutSource[], indexed: ReadonlySet<string>, rows: number): Candidate[] {
  const limit = Math.min(MAX_CANDIDATES, Math.max(MIN_CANDIDATES, Math.floor(MAX_WORK / Math.max(1, rows))));
  const all = sources.map(({ source }) => source);
  const single = sources.flatMap(({ source: { role } }, at): Candidate[] => {
    if (role === 'flag') return [{ axes: [at], why: 'flag' }];
    return role === 'lag' ? [{ axes: [at], why: 'lag' }] : [];
  });
  const pairs = sources.flatMap((one, first) =>
    sources.slice(first + 1).flatMap((two, step): Candidate[] => {
      const why = isOfPass(all, [one.source, two.source]) ? reasonOf(one, two, indexed) : null;
      return why === null ? [] : [{ axes: [first, first + 1 + step], why }];
    }),
  );
  return [...single, ...pairs.sort((left, right) => ORDER.indexOf(left.why) - ORDER.indexOf(right.why))].slice(0, limit);
}

/** A pass that counts children is asked only for what has their number: all else is counted over the rows, with nothing to join. */
export function isOfPass(sources: readonly PairSource[], pair: readonly PairSource[]): boolean {
  const isDegree = ({ role }: PairSource) => role === 'degree' || role === 'child';
  return !sources.some(isDegree) || pair.some(isDegree);
}

/** Most wanted first. */
export const ORDER: readonly PairReason[] = [
  'flag',
  'siblings',
  'lag',
  'degree',
  'tree',
  'heap',
  'parent',
  'round',
  'all',
  'policy',
];

/** Why one would want the pair; null where it says nothing that is not known from elsewhere. */
function reasonOf(one: CutSource, two: CutSource, indexed: ReadonlySet<string>): PairReason | null {
  const roles = [one.source.role, two.source.role].sort().join(' ');
  switch (roles) {
    case 'own own':
      return isSameColumn(one, two) ? null : 'tree';
    case 'own parent':
      return isPresenceOfKey(one.axis, two.axis) ? null : 'parent';
    case 'own parentDegree':
      return isPresenceOfKey(one.axis, two.axis) ? null : 'round';
    case 'degree parent':
    case 'degree parentDegree':
      return 'round';
    case 'parent parent':
    case 'parent parentDegree':
    case 'parentDegree parentDegree':
      return one.source.reference === two.source.reference ? null : 'round';
    case 'degree degree':
      return 'siblings';
    case 'child degree':
    case 'degree own':
      return 'degree';
    case 'lag parent':
      return isLagBesideItsParent(one.axis, two.axis) || isLagBesideItsParent(two.axis, one.axis) ? 'lag' : null;
    case 'heap own':
      return isIndexedByHeap(one, two, indexed) || isIndexedByHeap(two, one, indexed) ? 'heap' : null;
    case 'heap heap':
      return isOfRow(one) || isOfRow(two) ? 'heap' : null;
    default:
      return null;
  }
}

function isSameColumn({ axis: one }: CutSource, { axis: two }: CutSource): boolean {
  return 'column' in one && 'column' in two && one.column === two.column;
}

/** Whether there is a parent and what it is like: known from the one side alone. */
function isPresenceOfKey(one: PairAxis, two: PairAxis): boolean {
  const isKey = (own: PairAxis, other: PairAxis) =>
    own.kind === 'presence' && 'via' in other && other.via?.columns.includes(own.column) === true;
  return isKey(one, two) || isKey(two, one);
}

function isLagBesideItsParent(lag: PairAxis, parent: PairAxis): boolean {
  if (lag.kind !== 'lag' || parent.kind !== 'time' || parent.via === undefined) return false;
  return parent.column === lag.since && JSON.stringify(parent.via) === JSON.stringify(lag.via);
}

/** An indexed column or a time beside the row's own place: a parent's place is known from the pair of places. */
function isIndexedByHeap(column: CutSource, heap: CutSource, indexed: ReadonlySet<string>): boolean {
  const { axis, source } = column;
  return source.role === 'own' && 'column' in axis && (indexed.has(axis.column) || axis.kind === 'time') && isOfRow(heap);
}

function isOfRow({ source: { reference } }: CutSource): boolean {
  return reference === null;
}
