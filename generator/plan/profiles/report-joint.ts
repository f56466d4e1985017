// What the fit came to, for people: by table the distance of each marginal, by reference what it follows and why.
import { type Joint, nameMarginal, type ReferenceMode } from '../../../spec/joint.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';
import type { PlanReference, PlanTable } from '../../../spec/plan.ts';
import type { Spec } from '../../../spec/spec.ts';
import { degreeVariable, type ShapeResidual, type TableShape } from './table-shape.ts';
import { whyNoLine } from './why-unused.ts';

export interface TableJoint {
  /** Null for a table without profiles. */
  readonly joint: Joint | null;
  /** By reference of the plan. */
  readonly modes: readonly ReferenceMode[];
}

export interface JointRequest {
  /** Before profiles were added. */
  readonly tables: readonly PlanTable[];
  readonly spec: Spec;
  readonly shapes: ReadonlyMap<number, TableShape>;
}

/** One for each table. Pure. */
export function reportJoint(request: JointRequest): TableJoint[] {
  return request.tables.map((table, at) => ({
    joint: jointOf(request.shapes.get(at)),
    modes: table.references.map((_, index) => modeOf(at, index, request)),
  }));
}

function jointOf(shape: TableShape | undefined): Joint | null {
  if (shape === undefined) return null;
  const marginals = shape.residuals.map(({ after, axes, before, joined, unused }) => ({
    axes: [...axes],
    before: before === null ? null : fourDigits(before),
    after: after === null ? null : fourDigits(after),
    unused,
    ...(joined === undefined ? {} : { joined }),
  }));
  return { profiles: shape.size, marginals };
}

function fourDigits(distance: number): number {
  return Math.min(1, Math.round(distance * 10_000) / 10_000);
}

const FIXED_REASONS = {
  tree: 'a reference of the table to itself: parents by depth and number of children',
  memberOf: 'the parent is a member of the group of the row',
  within: 'the parent is a row of the same group',
  through: 'the parent follows from another reference',
} as const;

function modeOf(at: number, index: number, request: JointRequest): ReferenceMode {
  const reference = referenceOf(at, index, request);
  const kind = fixedKind(reference);
  if (kind !== null)
    return { kind, reason: FIXED_REASONS[kind], by: kind === 'tree' ? marginalsOfParents(at, index, request) : [] };
  const byParents = marginalsOfParents(at, index, request);
  const hasOrder = request.shapes.get(reference.table)?.places.has(degreeVariable(at, index)) === true;
  const isDealt = request.shapes.get(at)?.lines.has(index) !== true;
  if (isDealt && request.tables[at]?.pairs.some(({ other, runs }) => runs === index || other === index)) {
    const note = hasOrder ? "; the number of children goes with the parents' columns" : '';
    return { kind: 'pairs', reason: `distinct pairs of a key${note}`, by: byParents };
  }
  const own = marginalsOfChildren(at, index, request);
  const by = [...namesOf(own.filter(({ after }) => after !== null)), ...byParents];
  if (request.shapes.get(at)?.lines.has(index) === true)
    return { kind: 'profiles', reason: "children follow the parents' profiles", by };
  const unused = own.find((residual) => residual.unused !== null)?.unused ?? null;
  const why = whyDealt(at, index, unused, request);
  if (hasOrder)
    return { kind: 'parents only', reason: `the number of children goes with the parents' columns; ${why}`, by: byParents };
  return { kind: 'chance', reason: why, by: [] };
}

function referenceOf(at: number, index: number, { tables }: JointRequest): PlanReference {
  const table = tables[at] as PlanTable;
  return table.references[index] as PlanReference;
}

function fixedKind({ membership, through, tree, within }: PlanReference): keyof typeof FIXED_REASONS | null {
  if (tree !== null) return 'tree';
  if (membership !== null) return 'memberOf';
  if (within !== null) return 'within';
  return through === null ? null : 'through';
}

/** Why the children of a reference do not follow profiles. */
function whyDealt(at: number, index: number, unused: string | null, { shapes, tables }: JointRequest): string {
  if (unused === null) {
    const isInRows = tables[at]?.references[index]?.ranks.order === 'row';
    return `no marginal says which children have which parents${isInRows ? '; rows stand in the order of the key' : ''}`;
  }
  const isFitted = (table: number) => shapes.has(table);
  const reason = whyNoLine(index, { table: at, tables, isFitted, followsOtherSide: false, isFine: () => false }) ?? unused;
  return `the marginals about its children are not used: ${reason}`;
}

/** Residuals of the table's marginals that speak of the parents of a reference. */
function marginalsOfChildren(at: number, index: number, request: JointRequest): ShapeResidual[] {
  const { columns, table } = referenceOf(at, index, request);
  const parent = request.tables[table]?.name;
  const isAbout = (axis: PairAxis) => {
    if (axis.kind === 'presence' && axis.via === undefined) return columns.includes(axis.column);
    if (!('via' in axis) || axis.via === undefined || axis.via.references !== parent) return false;
    return [axis.via.columns, ...(axis.kind === 'sameParent' ? [axis.other] : [])].some((way) => String(way) === String(columns));
  };
  return marginalsAbout(at, isAbout, request);
}

/** Names of the parents' marginals over the number of children. */
function marginalsOfParents(at: number, index: number, request: JointRequest): string[] {
  const { columns, table } = referenceOf(at, index, request);
  const isAbout = (axis: PairAxis) =>
    axis.kind === 'degree' &&
    axis.via === undefined &&
    axis.child === request.tables[at]?.name &&
    String(axis.columns) === String(columns);
  return namesOf(marginalsAbout(table, isAbout, request).filter(({ after }) => after !== null));
}

function marginalsAbout(
  at: number,
  isAbout: (axis: PairAxis) => boolean,
  { shapes, spec, tables }: JointRequest,
): ShapeResidual[] {
  const { axes = {}, marginals = [] } = spec.tables[tables[at]?.name ?? ''] ?? {};
  const residuals = shapes.get(at)?.residuals ?? [];
  return marginals.flatMap((marginal, index) => {
    const residual = residuals[index];
    const own = marginal.axes.flatMap((name) => axes[name] ?? []);
    return residual !== undefined && own.some(isAbout) ? [residual] : [];
  });
}

function namesOf(residuals: readonly ShapeResidual[]): string[] {
  return residuals.map(({ axes }) => nameMarginal(axes));
}
