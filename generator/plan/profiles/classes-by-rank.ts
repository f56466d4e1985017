// Which class of a coarse axis the ranks of a column belong to: runs of ranks, because values ascend with ranks and labels have runs
// of their own. With this a wish about classes ("high scores go with late dates") is one about ranks, and those are all the row path knows.
import { FIRST_CLASS, NULL_CLASS, OTHER_CLASS, type PairAxis } from '../../../spec/pair-axis.ts';
import type { PlanBuilder, PlanColumn, PlanText } from '../../../spec/plan.ts';
import type { ColumnSpec } from '../../../spec/spec.ts';
import { type RanksBelow, ranksOfHistogram, ranksOfTimes } from './ascending-values.ts';
import { labelPositions } from './label-positions.ts';

/** Ranks from the end of the run before (or 0) up to `upTo`, exclusive. */
export interface ClassRun {
  readonly upTo: number;
  readonly classOf: number;
}

export interface RankedColumn {
  readonly column: PlanColumn;
  /** The column as the spec has it: axes count labels by its positions. */
  readonly spec: ColumnSpec;
  /** Of the column's table. */
  readonly rows: number;
}

type ValueAxis = Extract<PairAxis, { kind: 'presence' | 'number' | 'length' | 'time' | 'category' }>;
type LabelsBuilder = PlanBuilder & { kind: 'labels' };

/**
 * The classes of ranks 0 to rows - 1, NULLs first, neighbours of one class joined. Null where the ranks do not tell the class: values that
 * come from somewhere else (keys, parents, pairs, constants), or an axis that is not about what the ranks draw. At a cut inside of
 * a bin one rank may be on the wrong side.
 */
export function classesByRank({ column, rows, spec }: RankedColumn, axis: PairAxis): readonly ClassRun[] | null {
  const { ranks } = column;
  if (ranks === null || !isValueAxis(axis)) return null;
  const values = valueRuns(column, spec, axis, rows - ranks.nulls);
  if (values === null) return null;
  const shifted = values.map(({ upTo, classOf }) => ({ upTo: upTo + ranks.nulls, classOf }));
  return joinRuns([{ upTo: ranks.nulls, classOf: NULL_CLASS }, ...shifted]);
}

function isValueAxis(axis: PairAxis): axis is ValueAxis {
  return ['presence', 'number', 'length', 'time', 'category'].includes(axis.kind);
}

/** Runs of value ranks: 0 is the first that is not NULL. */
function valueRuns(column: PlanColumn, spec: ColumnSpec, axis: ValueAxis, values: number): ClassRun[] | null {
  const { builder } = column;
  switch (axis.kind) {
    case 'presence':
      return hasOwnNulls(builder) ? [{ upTo: values, classOf: FIRST_CLASS }] : null;
    case 'number': {
      if (builder.kind !== 'number') return null;
      const cuts = axis.cuts.map((cut) => inUnits(cut, axis.decimals, column.decimals));
      return cutRuns(cuts, ranksOfHistogram(builder.histogram, builder.isUnique), values);
    }
    case 'time':
      return builder.kind === 'time' ? cutRuns(axis.cuts, ranksOfTimes(builder), values) : null;
    case 'length':
      return lengthRuns(builder, axis, values);
    case 'category':
      return categoryRuns(builder, spec, axis.labels, values);
  }
}

/** Rows without a parent have no value either: their NULLs are not the ranks'. */
function hasOwnNulls({ kind }: PlanBuilder): boolean {
  return !['reference', 'delay', 'constant', 'sequence', 'ordinal', 'domain', 'degreeClass'].includes(kind);
}

/** The smallest value of the column, in units of 10^-`to`, whose floor in units of 10^-`from` is not below the cut. */
function inUnits(cut: number, from: number, to: number): number {
  return to >= from ? cut * 10 ** (to - from) : Math.ceil(cut / 10 ** (from - to));
}

function cutRuns(cuts: readonly number[], ranksBelow: RanksBelow, values: number): ClassRun[] {
  const ends = [...cuts.map(ranksBelow), values];
  return ends.map((upTo, at) => ({ upTo, classOf: FIRST_CLASS + at }));
}

function lengthRuns(builder: PlanBuilder, { cuts, of }: ValueAxis & { kind: 'length' }, values: number): ClassRun[] | null {
  if (builder.kind === 'labels') return of === 'characters' || of === 'bytes' ? labelLengthRuns(builder, cuts, of) : null;
  const lengths = lengthsOf(builder, of);
  return lengths === null ? null : cutRuns(cuts, ranksOfHistogram(lengths, false), values);
}

/** What the builder draws by rank; texts that are made up have one byte for each character. */
function lengthsOf(builder: PlanBuilder, of: 'characters' | 'bytes' | 'elements' | 'keys'): PlanText['lengths'] | null {
  switch (builder.kind) {
    case 'text':
      return of === 'characters' || of === 'bytes' ? builder.lengths : null;
    case 'bytes':
      return of === 'bytes' ? builder.lengths : null;
    case 'array':
      return of === 'elements' ? builder.lengths : null;
    case 'json':
      return of === 'keys' ? builder.keys : of === 'elements' ? null : builder.bytes;
    default:
      return null;
  }
}

/** Labels by their own length, then the texts that are none of them. */
function labelLengthRuns(
  { cumulative, labels, other }: LabelsBuilder,
  cuts: readonly number[],
  of: 'characters' | 'bytes',
): ClassRun[] {
  const classOf = (length: number) => FIRST_CLASS + cuts.filter((cut) => cut <= length).length;
  const runs = labels.map((label, at) => ({
    upTo: cumulative[at + 1] ?? 0,
    classOf: classOf(of === 'bytes' ? Buffer.byteLength(label) : [...label].length),
  }));
  if (other === null) return runs;
  const first = cumulative[labels.length] ?? 0;
  const others = cutRuns(cuts, ranksOfHistogram(other.lengths, false), (cumulative.at(-1) ?? 0) - first);
  return [...runs, ...others.map((run) => ({ ...run, upTo: run.upTo + first }))];
}

function categoryRuns(builder: PlanBuilder, spec: ColumnSpec, labels: readonly number[], values: number): ClassRun[] | null {
  const classOf = (position: number) => {
    const at = labels.indexOf(position);
    return at < 0 ? OTHER_CLASS : FIRST_CLASS + at;
  };
  if (builder.kind === 'number') return booleanRuns(builder, spec, classOf, values);
  if (builder.kind !== 'labels' || spec.kind !== 'category') return null;
  const positions = labelPositions(spec, builder);
  const runs = positions.map((position, at) => ({ upTo: builder.cumulative[at + 1] ?? 0, classOf: classOf(position) }));
  return [...runs, { upTo: values, classOf: OTHER_CLASS }];
}

/** False is the number 0, true 1. */
function booleanRuns(
  { histogram }: PlanBuilder & { kind: 'number' },
  spec: ColumnSpec,
  classOf: (position: number) => number,
  values: number,
): ClassRun[] | null {
  if (spec.kind !== 'boolean' && spec.kind !== 'category') return null;
  const positionOf = (value: 'false' | 'true') =>
    spec.kind === 'boolean' ? Number(value === 'true') : spec.values.findIndex((each) => 'label' in each && each.label === value);
  const first = ranksOfHistogram(histogram, false)(1);
  return [
    { upTo: first, classOf: classOf(positionOf('false')) },
    { upTo: values, classOf: classOf(positionOf('true')) },
  ];
}

/** Without empty runs, neighbours of one class together. */
function joinRuns(runs: readonly ClassRun[]): ClassRun[] {
  const joined: ClassRun[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    if (run.upTo <= (before?.upTo ?? 0)) continue;
    if (before?.classOf === run.classOf) joined.pop();
    joined.push(run);
  }
  return joined;
}
