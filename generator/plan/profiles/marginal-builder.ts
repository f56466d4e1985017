// From the spec's marginals to those of a population: its own, what children say of their parents, and what two references of children say together.
import { classCount, FIRST_CLASS, isOrdered, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import type { PlanTable } from '../../../spec/plan.ts';
import type { LagAxis, PopulationAxis, PopulationMarginal, Tie } from '../../../stats/population/population.ts';
import type { ChildOfTable, FitTableRequest } from './fit-request.ts';
import { joinCells } from './join-cells.ts';
import { degreesByPlace, parentCounts } from './parent-counts.ts';
import type { PopulationDraft } from './population-draft.ts';
import { type Read, readMarginals } from './read-marginals.ts';
import { referenceAt } from './reference-at.ts';
import { siblingCounts } from './same-parents.ts';
import { secondsByPlace } from './seconds-by-place.ts';
import { type JoinedLags, joinShortLags, shortestLag } from './short-lags.ts';
import { spreadOther } from './spread-other.ts';

/** Neighbours on a line that are sorted by other things than their time. */
const MIXED_PLACES = 8;

/** A lag axis of the fit, with what it joined. */
export interface BuiltLag {
  readonly axis: PairAxis & { kind: 'lag' };
  readonly reference: number;
  readonly population: LagAxis;
  readonly joined: JoinedLags;
}

export class MarginalBuilder {
  readonly axes: PopulationAxis[] = [];
  readonly lags: BuiltLag[] = [];
  private readonly known = new Map<string, number>();
  private readonly draft: PopulationDraft;
  private readonly table: PlanTable;
  private readonly size: number;

  constructor(draft: PopulationDraft, table: PlanTable, size: number) {
    this.draft = draft;
    this.table = table;
    this.size = size;
  }

  /** The marginal over axes of the population; null for one that nothing here follows. */
  add({ axes, blocks, cells, other }: Read): PopulationMarginal | null {
    const at = axes.map((axis) => this.indexOf(axis));
    const [first, second] = at;
    if (first === undefined || at.some((each) => each === null)) return null;
    const joined = this.joinLags(axes, cells, blocks);
    const spread = axes.map((axis, position) => ({
      place: this.axes[at[position] ?? 0] as PopulationAxis,
      isOrdered: isOrdered(axis),
    }));
    const wanted = spreadOther(joined.cells, other, spread);
    if (second === undefined || second === null) return { axes: [first ?? 0], wanted, blocks: joined.blocks };
    // Cells that nobody counted are one more block: the rows of `other` are somewhere in it.
    const rest = joined.blocks.reduce((most, block) => Math.max(most, block), 0) + 1;
    const all = joined.blocks.map((block, at) => (block === 0 && (joined.cells[at] ?? 0) === 0 ? rest : block));
    return { axes: [first ?? 0, second], wanted, blocks: all };
  }

  /**
   * What the children's marginals say about their parents, counted by children: who has many of them cannot be left to chance, or
   * there would be too few children of such parents.
   */
  addChildren({ child, reference }: ChildOfTable, { tables, childSpecs }: FitTableRequest): PopulationMarginal[] {
    const variable = this.draft.degreeVariable(child, reference);
    const children = tables[child] as PlanTable;
    const own = children.references[reference];
    const curve = own?.curve;
    const spec = childSpecs.get(child);
    if (variable === null || curve === null || curve === undefined || spec === undefined) return [];
    const of = degreesByPlace(curve, this.size, this.table.rows);
    const isOwn = (via: Via) => referenceAt(children, tables, via) === reference;
    const nullShare = children.rows > 0 ? (own?.nulls ?? 0) / children.rows : 0;
    return parentCounts(readMarginals(spec), isOwn, nullShare).flatMap(({ axis, counts, other }) => {
      const at = this.indexOf(axis);
      const place = at === null ? null : (this.axes[at] as PopulationAxis);
      // The curve fixes how many children have a parent of each degree under the same reference.
      if (at === null || place === null || place.variable === variable) return [];
      return [
        {
          axes: [at] as const,
          wanted: spreadOther(counts, other, [{ place, isOrdered: isOrdered(axis) }]),
          weight: { variable, of },
        },
      ];
    });
  }

  /**
   * What the share of children with the same parent under two references says about the numbers of children under both, where these
   * were not counted together: the child's first reference says it for both.
   */
  addSiblings(
    { child, reference }: ChildOfTable,
    { tables, childSpecs }: FitTableRequest,
    own: readonly Read[],
  ): { readonly marginal: PopulationMarginal; readonly ties: readonly Tie[] }[] {
    const children = tables[child] as PlanTable;
    const spec = childSpecs.get(child);
    return (spec === undefined ? [] : readMarginals(spec)).flatMap(({ axes, cells, other }) => {
      const [axis] = axes;
      if (axes.length !== 1 || axis?.kind !== 'sameParent' || referenceAt(children, tables, axis.via) !== reference) return [];
      const second = referenceAt(children, tables, { columns: axis.other, references: axis.via.references });
      const degrees = [reference, second].map((at) => this.degreesOf(child, at));
      const [one, two] = degrees;
      if (one === null || one === undefined || two === null || two === undefined) return [];
      if (areCountedTogether(own, children, [reference, second])) return [];
      const rows = cells.reduce((left, right) => left + right, other);
      const same = ((cells[FIRST_CLASS + 1] ?? 0) * children.rows) / Math.max(1, rows) / this.table.rows;
      const counts = siblingCounts({ first: one.of, second: two.of, same });
      if (counts === null) return [];
      const { classes, firstClasses, secondClasses, strength, wanted } = counts;
      const first = this.axes.push({ kind: 'place', variable: one.variable, classes, classOf: firstClasses }) - 1;
      const last = this.axes.push({ kind: 'place', variable: two.variable, classes, classOf: secondClasses }) - 1;
      const ties = [
        { variable: one.variable, with: two.variable, correlation: strength },
        { variable: two.variable, with: one.variable, correlation: strength },
      ];
      return [{ marginal: { axes: [first, last] as const, wanted }, ties }];
    });
  }

  private degreesOf(child: number, reference: number): { readonly variable: number; readonly of: Float64Array } | null {
    const variable = reference < 0 ? null : this.draft.degreeVariable(child, reference);
    const curve = this.draft.curve(child, reference);
    return variable === null || curve === null ? null : { variable, of: degreesByPlace(curve, this.size, this.table.rows) };
  }

  private indexOf(axis: PairAxis): number | null {
    const name = JSON.stringify(axis);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const made =
      axis.kind === 'lag' ? this.lagAxis(axis) : axis.kind === 'sameParent' ? this.sameAxis(axis) : this.draft.axis(axis);
    if (made === null) return null;
    const at = this.axes.push(made) - 1;
    this.known.set(name, at);
    return at;
  }

  /** Whether two keys lead to one row: a difference of parents' profiles, so only where these are single rows. */
  private sameAxis({ via, other }: PairAxis & { kind: 'sameParent' }): LagAxis | null {
    const first = this.draft.referenceOf(via);
    const second = this.draft.referenceOf({ columns: other, references: via.references });
    const [one, two] = [first < 0 ? null : this.draft.line(first), second < 0 ? null : this.draft.line(second)];
    if (one === null || two === null || one.shape.size !== one.shape.rows) return null;
    const parents = (line: Int32Array) => Float64Array.from(line, (parent) => (parent < 0 ? Number.NaN : parent));
    return {
      kind: 'lag',
      variable: this.draft.lineVariable(second),
      since: this.draft.lineVariable(first),
      classes: FIRST_CLASS + 2,
      valueOf: parents(two.parents),
      sinceOf: parents(one.parents),
      cuts: Float64Array.of(-0.5, 0.5),
      classOf: [FIRST_CLASS, FIRST_CLASS + 1, FIRST_CLASS],
    };
  }

  private lagAxis(axis: PairAxis & { kind: 'lag' }): LagAxis | null {
    const reference = this.draft.referenceOf(axis.via);
    const column = this.draft.column(axis.column);
    const variable = this.draft.columnVariable(axis.column);
    const line = reference < 0 ? null : this.draft.line(reference);
    const sinceOfParents = line?.shape.secondsOf(axis.since) ?? null;
    if (column === undefined || variable === null || line === null || sinceOfParents === null) return null;
    const values = secondsByPlace(column, this.size, this.table.rows);
    if (values === null) return null;
    const sinceOf = Float64Array.from(line.parents, (parent) => (parent < 0 ? Number.NaN : (sinceOfParents[parent] as number)));
    const joined = joinShortLags(axis, shortestLag(values, sinceOf, this.size === this.table.rows ? 1 : MIXED_PLACES));
    const population: LagAxis = {
      kind: 'lag',
      variable,
      since: this.draft.lineVariable(reference),
      classes: FIRST_CLASS + joined.cuts.length + 1,
      valueOf: values,
      sinceOf,
      cuts: joined.cuts,
      classOf: Array.from({ length: joined.cuts.length + 1 }, (_, at) => FIRST_CLASS + at),
    };
    this.lags.push({ axis, reference, population, joined });
    return population;
  }

  /** Counts over the joined classes of lags. */
  private joinLags(
    axes: readonly PairAxis[],
    cells: Float64Array,
    blocks: Int32Array,
  ): { cells: Float64Array; blocks: Int32Array } {
    const maps = axes.map((axis) => {
      const lag = this.lags.find((each) => JSON.stringify(each.axis) === JSON.stringify(axis));
      return lag?.joined.joinedOf ?? Array.from({ length: classCount(axis) }, (_, at) => at);
    });
    return joinCells(maps, cells, blocks);
  }
}

/** Whether most parents were counted by their numbers of children under both references. */
function areCountedTogether(marginals: readonly Read[], child: PlanTable, references: readonly number[]): boolean {
  const names = references.map((at) => String(child.references[at]?.columns));
  const isOf = (axis: PairAxis, name: string | undefined) =>
    axis.kind === 'degree' && axis.via === undefined && axis.child === child.name && String(axis.columns) === name;
  return marginals.some(({ axes, blocks, cells, other }) => {
    if (axes.length !== 2 || !names.every((name) => axes.some((axis) => isOf(axis, name)))) return false;
    const total = cells.reduce((left, right) => left + right, other);
    const alone = cells.reduce((sum, count, at) => sum + ((blocks[at] ?? 0) === 0 ? count : 0), 0);
    return 2 * alone > total;
  });
}
