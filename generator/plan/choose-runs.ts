// Which member of a table's distinct pairs owns the runs of rows. Only its children stand one after another, so whoever counts children or
// chooses among them must ask that one; else it is the one that the spec's marginals say most about, because only it can follow profiles
// in a table of any size.
import { classCount } from '../../spec/pair-axis.ts';
import type { PlanCurve } from '../../spec/plan.ts';
import type { ColumnSpec, ReferenceSpec, Spec, TableSpec } from '../../spec/spec.ts';
import { type Read, readMarginals } from './profiles/read-marginals.ts';

/** One side of a pair: a reference or a domain, by its place in the plan. */
export interface Member {
  readonly name: string;
  readonly side: number;
  readonly curve: PlanCurve;
}

export interface RunsRequest {
  readonly key: string;
  readonly wanted: readonly (readonly [string, string])[];
  readonly members: readonly Member[];
  readonly spec: Spec;
}

/**
 * The members that could own the runs, the best first: the one that marginals tell most about, the one with the largest parent. Empty where
 * the pairs share none.
 */
export function listRuns({ key, members, spec, wanted }: RunsRequest): Member[] {
  const asked = askedFor(key, spec);
  const shared = members.filter(({ name }) => wanted.every((pair) => pair.includes(name)));
  const needed = shared.filter(({ name }) => asked.has(name));
  const open = needed.length > 0 ? needed : shared;
  const largest = ({ curve }: Member) => curve.degree.at(-1) ?? 0;
  const [usual, ...others] = [...open].sort((left, right) => largest(right) - largest(left));
  if (usual === undefined) return [];
  const bits = new Map(open.map(({ name }) => [name, bitsAbout(spec.tables[key], name)]));
  const bitsOf = ({ name }: Member) => bits.get(name) ?? 0;
  const told = others.reduce((best, each) => (bitsOf(each) > bitsOf(best) ? each : best), usual);
  return told === usual ? [usual] : [told, usual];
}

/** Members whose children somebody asks for, although they do not own the runs. */
export function askedInVain({ key, members, spec }: RunsRequest, runs: Member): Member[] {
  const asked = askedFor(key, spec);
  return members.filter((member) => member !== runs && asked.has(member.name));
}

/** References of the table whose children are counted or chosen from: memberships, groups, line numbers, degree classes. */
function askedFor(key: string, spec: Spec): Set<string> {
  const own = spec.tables[key];
  const all = Object.values(spec.tables);
  return new Set([
    ...all.flatMap((table) => Object.values(table.references).flatMap((reference) => groupsAsked(key, reference))),
    ...all.flatMap((table) => Object.values(table.columns).flatMap((column) => classesAsked(key, column))),
    ...Object.values(own?.columns ?? {}).flatMap((column) => (column.kind === 'ordinal' ? [column.reference] : [])),
    ...Object.values(own?.references ?? {}).flatMap(({ within }) => within?.distinctFor ?? []),
  ]);
}

function groupsAsked(key: string, { memberOf, within, table }: ReferenceSpec): string[] {
  const member = memberOf?.junction === key ? [memberOf.group] : [];
  return within !== undefined && table === key ? [...member, within.reference] : member;
}

function classesAsked(key: string, column: ColumnSpec): string[] {
  return column.kind === 'degreeClass' && column.child === key ? [column.reference] : [];
}

/** What the marginals over the parents of a reference tell about its rows, in bits; 0 for a member that is none. */
function bitsAbout(table: TableSpec | undefined, name: string): number {
  const reference = table?.references[name];
  if (table === undefined || reference === undefined) return 0;
  const isAbout = ({ axes }: Read) =>
    axes.some(
      (axis) =>
        'via' in axis && axis.via?.references === reference.table && String(axis.via.columns) === String(reference.columns),
    );
  return readMarginals(table)
    .filter(isAbout)
    .reduce((sum, marginal) => sum + sharedBits(marginal), 0);
}

/** Mutual information of the two axes of a marginal; 0 where there is one. */
function sharedBits({ axes, cells }: Read): number {
  const [, second] = axes;
  if (second === undefined) return 0;
  const columns = classCount(second);
  const sums = { rows: new Float64Array(Math.ceil(cells.length / columns)), columns: new Float64Array(columns) };
  let total = 0;
  for (const [at, count] of cells.entries()) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    sums.rows[row] = (sums.rows[row] ?? 0) + count;
    sums.columns[column] = (sums.columns[column] ?? 0) + count;
    total += count;
  }
  return cells.reduce((bits, count, at) => {
    if (count <= 0) return bits;
    const chance = (sums.rows[Math.floor(at / columns)] ?? 0) * (sums.columns[at % columns] ?? 0);
    return bits + (count / total) * Math.log2((count * total) / chance);
  }, 0);
}
