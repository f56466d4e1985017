// The parent row of any row of a table, for each reference: by an exact curve, by distinct pairs, or by membership.
// Nothing is looked up; parents are recomputed from the plan, so any row can be asked at any time.
import type { Plan, PlanMembership, PlanPairs, PlanReference, PlanTable } from '../../spec/plan.ts';
import { mixBelow } from '../random/mixer.ts';
import { Permutation } from '../random/permutation.ts';
import { CurveLookup } from './curve-lookup.ts';
import { PairsLookup } from './pairs-lookup.ts';
import { TreeSource } from './tree-source.ts';

/** Parent rows by row. */
export interface ParentSource {
  /** The parent's row number, or -1 for NULL. */
  parentOf(row: number): number;
}

/** A parent source that also knows the way back: how many children a parent has and, where rows stand in runs, which. */
export interface CurveSource extends ParentSource {
  degreeOf(parent: number): number;
  /** First child number of the parent in curve order. */
  firstChildOf(parent: number): number;
}

/** The parents of every reference of a plan, made on demand and kept. */
export class Parents {
  private readonly plan: Plan;
  private readonly made = new Map<string, ParentSource>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /** The source of reference `reference` of table `table`, both by index. */
  source(table: number, reference: number): ParentSource {
    const key = `${table}.${reference}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = this.make(table, reference);
    this.made.set(key, made);
    return made;
  }

  /** The same where the reference has a curve of its own. */
  curve(table: number, reference: number): CurveSource {
    return this.source(table, reference) as CurveSource;
  }

  private make(tableIndex: number, index: number): ParentSource {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const reference = table.references[index] as PlanReference;
    if (reference.membership !== null) return new MemberSource(this, this.plan, tableIndex, reference.membership);
    if (reference.tree !== null) return new TreeSource(table.rows, reference, reference.tree);
    const parents = this.plan.tables[reference.table]?.rows ?? 0;
    const pairs = table.pairs.find((pair) => pair.other === index);
    if (pairs !== undefined) return new PairSource(pairs, reference, parents);
    return new RankedSource(table, reference, parents);
  }
}

/** Row -> rank in the column -> child number -> rank of the parent -> parent row. */
class RankedSource implements CurveSource {
  private readonly curve: CurveLookup;
  private readonly ranks: Permutation | null;
  private readonly parents: Permutation;
  private readonly nulls: number;

  constructor(table: PlanTable, reference: PlanReference, parents: number) {
    this.curve = new CurveLookup(reference.curve as NonNullable<PlanReference['curve']>);
    this.ranks = reference.ranks.order === 'row' ? null : new Permutation({ size: table.rows, key: reference.ranks.key });
    this.parents = new Permutation({ size: parents, key: reference.parentKey });
    this.nulls = reference.nulls;
  }

  parentOf(row: number): number {
    const child = (this.ranks === null ? row : this.ranks.forward(row)) - this.nulls;
    return child < 0 ? -1 : this.parents.forward(this.curve.rankOfChild(child));
  }

  degreeOf(parent: number): number {
    return this.curve.degreeOfRank(this.parents.inverse(parent));
  }

  firstChildOf(parent: number): number {
    return this.curve.firstChildOfRank(this.parents.inverse(parent));
  }
}

/** The side of distinct pairs that does not own the runs. */
class PairSource implements ParentSource {
  private readonly pairs: PairsLookup;
  private readonly parents: Permutation;

  constructor(pairs: PlanPairs, reference: PlanReference, parents: number) {
    this.pairs = new PairsLookup(pairs);
    this.parents = new Permutation({ size: parents, key: reference.parentKey });
  }

  parentOf(row: number): number {
    return this.parents.forward(this.pairs.otherRank(row));
  }
}

/** Tries before the next member is taken instead of another draw. */
const MAX_DRAWS = 16;

/** A member of the row's group, drawn evenly; with `except`, another one than that. */
class MemberSource implements ParentSource {
  private readonly group: CurveSource;
  private readonly member: ParentSource;
  private readonly given: readonly ParentSource[];
  private readonly except: readonly ParentSource[] | null;
  private readonly key: PlanMembership['key'];

  constructor(parents: Parents, plan: Plan, table: number, membership: PlanMembership) {
    this.group = parents.curve(membership.table, membership.group);
    this.member = parents.source(membership.table, membership.member);
    this.given = sourcesAlong(parents, plan, table, membership.given);
    this.except = membership.except === null ? null : sourcesAlong(parents, plan, table, membership.except);
    this.key = membership.key;
  }

  parentOf(row: number): number {
    const group = follow(this.given, row);
    const size = group < 0 ? 0 : this.group.degreeOf(group);
    if (size === 0) return -1;
    const first = this.group.firstChildOf(group);
    if (this.except === null) return this.member.parentOf(first + mixBelow(this.key, row, size));
    const excluded = follow(this.except, row);
    for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
      const candidate = this.member.parentOf(first + mixBelow([this.key[0] + draw, this.key[1]], row, size));
      if (candidate !== excluded) return candidate;
    }
    return this.firstOther(first, size, excluded);
  }

  private firstOther(first: number, size: number, excluded: number): number {
    for (let at = 0; at < size; at += 1) {
      const candidate = this.member.parentOf(first + at);
      if (candidate !== excluded) return candidate;
    }
    return excluded;
  }
}

function sourcesAlong(parents: Parents, plan: Plan, table: number, steps: readonly number[]): ParentSource[] {
  let at = table;
  return steps.map((step) => {
    const source = parents.source(at, step);
    at = plan.tables[at]?.references[step]?.table ?? at;
    return source;
  });
}

function follow(sources: readonly ParentSource[], row: number): number {
  let at = row;
  for (const source of sources) {
    if (at < 0) return -1;
    at = source.parentOf(at);
  }
  return at;
}
