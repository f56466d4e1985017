// Who stands behind a row: the subject that owns it, found along one reference per table (its attribution edge). The edges
// form a forest with the subject tables as roots: a table gets its edge only towards a table that already has an owner.
import { type Problem, ShapecastError } from '../../core/errors.ts';
import type { CountingUnit } from '../../spec/pack.ts';
import type { Policy } from '../../spec/policy.ts';
import { findColumn, type Reference, type Source, type SourceTable } from './source.ts';

export interface Ownership {
  readonly unit: CountingUnit;
  /** The edges from this table to a subject table; empty for subject tables and for tables without an owner. */
  readonly path: readonly Reference[];
}

export interface Attribution {
  readonly owners: ReadonlyMap<string, Ownership>;
  /** References to a subject table that are no attribution edge: `public.commits(committer_id)`, sorted. */
  readonly uncoveredReferences: readonly string[];
}

interface Candidate {
  readonly path: readonly Reference[];
  /** Keys on the path that may be null: rows behind them have no owner, so fewer is better. */
  readonly nullableHops: number;
}

const MAX_TEXT = 100;

/**
 * The owner of every table. Of several ways to a subject, the one that the policy names, else the one with the fewest
 * nullable keys, then the shortest, then the first in column order. Throws POLICY_MISMATCH for a named edge that is no
 * reference or leads to no subject.
 */
export function attributeTables(source: Source, policy: Policy): Attribution {
  const forced = readForcedEdges(source, policy);
  const found = findPaths(source, policy, forced);
  refuseDeadEdges(policy, found);
  const owners = new Map(source.tables.map(({ key }) => [key, ownershipOf(key, policy, found)]));
  return { owners, uncoveredReferences: listUncovered(source, policy, owners) };
}

function ownershipOf(key: string, policy: Policy, found: ReadonlyMap<string, Candidate>): Ownership {
  if (policy.publicTables.includes(key)) return { unit: 'public', path: [] };
  const candidate = found.get(key);
  return candidate === undefined ? { unit: 'row', path: [] } : { unit: 'subject', path: candidate.path };
}

function readForcedEdges(source: Source, policy: Policy): Map<string, Reference> {
  const forced = new Map<string, Reference>();
  const problems: Problem[] = [];
  policy.attribution.forEach(({ table, columns }, at) => {
    const references = source.tables.find(({ key }) => key === table)?.references ?? [];
    const edge = references.find((reference) => isSameList(reference.columns, columns) && reference.parent !== table);
    if (edge !== undefined) forced.set(table, edge);
    else problems.push({ path: `attribution.${at}`, message: `${table} has no foreign key over these columns to another table` });
  });
  if (problems.length > 0) throw new ShapecastError('POLICY_MISMATCH', { problems });
  return forced;
}

/** Settles the best table each time (Dijkstra), so every edge points at a settled table and no cycle can close. */
function findPaths(source: Source, policy: Policy, forced: ReadonlyMap<string, Reference>): Map<string, Candidate> {
  const settled = new Map<string, Candidate>(policy.subjects.map((key) => [key, { path: [], nullableHops: 0 }]));
  const open = source.tables.filter(({ key }) => !settled.has(key) && !policy.publicTables.includes(key));
  for (;;) {
    const next = bestCandidate(source, open, settled, forced);
    if (next === null) return settled;
    settled.set(next.key, next.candidate);
  }
}

function bestCandidate(
  source: Source,
  open: readonly SourceTable[],
  settled: ReadonlyMap<string, Candidate>,
  forced: ReadonlyMap<string, Reference>,
): { key: string; candidate: Candidate } | null {
  let best: { key: string; candidate: Candidate } | null = null;
  for (const table of open) {
    if (settled.has(table.key)) continue;
    const edge = forced.get(table.key);
    for (const reference of edge === undefined ? inColumnOrder(table) : [edge]) {
      const beyond = settled.get(reference.parent);
      if (beyond === undefined || !isFollowable(source, reference, beyond)) continue;
      const candidate = {
        path: [reference, ...beyond.path],
        nullableHops: beyond.nullableHops + (isNullable(table, reference) ? 1 : 0),
      };
      if (best === null || isBetter(candidate, best.candidate)) best = { key: table.key, candidate };
    }
  }
  return best;
}

// On the way to a subject the parent's row is joined: a virtual reference to columns that are no key would multiply rows.
function isFollowable(source: Source, reference: Reference, beyond: Candidate): boolean {
  if (beyond.path.length === 0) return true;
  const parent = source.tables.find(({ key }) => key === reference.parent)?.table;
  const keys = [parent?.primaryKey, ...(parent?.uniques ?? [])].flatMap((key) => (key ? [key.columns] : []));
  const indexes = (parent?.indexes ?? []).filter((index) => index.isUnique && !index.isPartial).map(({ columns }) => columns);
  return [...keys, ...indexes].some((columns) =>
    columns.every((name) => name !== null && reference.referencedColumns.includes(name)),
  );
}

function isBetter(left: Candidate, right: Candidate): boolean {
  if (left.nullableHops !== right.nullableHops) return left.nullableHops < right.nullableHops;
  return left.path.length < right.path.length;
}

function inColumnOrder(table: SourceTable): Reference[] {
  const position = (reference: Reference) => findColumn(table, reference.columns[0] ?? '')?.position ?? 0;
  return [...table.references].sort((left, right) => position(left) - position(right));
}

function isNullable(table: SourceTable, reference: Reference): boolean {
  return reference.columns.some((name) => findColumn(table, name)?.isNullable ?? true);
}

function refuseDeadEdges(policy: Policy, found: ReadonlyMap<string, Candidate>): void {
  const problems = policy.attribution.flatMap(({ table }, at) =>
    found.has(table) || policy.publicTables.includes(table)
      ? []
      : [{ path: `attribution.${at}`, message: `this edge of ${table} does not lead to a subject` }],
  );
  if (problems.length > 0) throw new ShapecastError('POLICY_MISMATCH', { problems });
}

function listUncovered(source: Source, policy: Policy, owners: ReadonlyMap<string, Ownership>): string[] {
  const subjects = new Set(policy.subjects);
  return source.tables
    .filter(({ key }) => owners.get(key)?.unit === 'subject')
    .flatMap(({ key, references }) =>
      references.filter((reference) => subjects.has(reference.parent) && owners.get(key)?.path[0] !== reference),
    )
    .map((reference) => `${reference.child}(${reference.columns.join(', ')})`.slice(0, MAX_TEXT))
    .sort();
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
