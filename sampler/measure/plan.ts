// What to measure, decided before anything is read: for each table its axes, who stands behind its rows and which rows are
// in the window; from that the label searches and the passes, as data. Dry runs and the real run share it.

import { relationOf } from '../../postgres/relation.ts';
import type { Pack } from '../../spec/pack.ts';
import type { Policy } from '../../spec/policy.ts';
import type { Attribution } from '../introspect/attribution.ts';
import type { Source, SourceTable } from '../introspect/source.ts';
import { type AxisRequest, chooseAxes } from './axes.ts';
import { axesOfShape } from './axes-of-shape.ts';
import { type CodeSeeds, codeOfAxis } from './codes.ts';
import { type DegreeRequest, degreeCode, degreeJoin, degreesOf } from './degrees.ts';
import { type DepthRequest, depthCode, depthJoin, depthsOf, depthsOfShape } from './depths.ts';
import { type LabelSearch, planLabelSearch } from './labels.ts';
import { copyStatement, type Pass, partsOfTable, type RangeOptions, ROW, shareCodes } from './pass.ts';
import { type RowUnits, unitsOfRows } from './row-units.ts';
import { type KeepRule, looksElsewhere } from './window.ts';

export interface MeasuringContext {
  readonly source: Source;
  readonly policy: Policy;
  readonly attribution: Attribution;
  readonly keep: KeepRule;
  readonly seeds: CodeSeeds;
  readonly readers: number;
  /** Measure exactly this pack's axes. */
  readonly shape: Pack | null;
  /** False: every count is published, k is 1. */
  readonly hasThreshold: boolean;
  /** For tests: where tables are cut. */
  readonly ranges?: RangeOptions;
}

export interface TablePlan {
  readonly source: SourceTable;
  readonly searches: readonly LabelSearch[];
  readonly pass: Pass;
  /** null where nothing refers to the table. */
  readonly degrees: Pass | null;
  /** null where the table has no tree. */
  readonly depths: Pass | null;
}

/** The plan of every table, in the source's order. Pure. */
export function planMeasuring(context: MeasuringContext): TablePlan[] {
  return context.source.tables.map((table) => planTable(context, table));
}

function planTable(context: MeasuringContext, table: SourceTable): TablePlan {
  const protection = protectionOf(context, table.key);
  const requests = requestAxes(context, table);
  return {
    source: table,
    searches: planSearches(context, table, requests, protection),
    pass: planRows(context, table, requests, protection),
    degrees: planDegrees(context, table),
    depths: planDepths(context, table, protection),
  };
}

/** k of a table's counts, and how to find the units; no units where nothing is folded or each row stands for itself. */
interface Protection {
  readonly k: number;
  readonly units: RowUnits | null;
}

function protectionOf({ attribution, hasThreshold, policy, seeds, source }: MeasuringContext, table: string): Protection {
  const ownership = attribution.owners.get(table);
  if (!hasThreshold || ownership?.unit === 'public') return { k: 1, units: null };
  if (ownership?.unit !== 'subject') return { k: policy.k, units: null };
  return { k: policy.k, units: unitsOfRows(source, ownership, ROW, seeds) };
}

function requestAxes(context: MeasuringContext, table: SourceTable): AxisRequest[] {
  const { enums } = context.source;
  if (context.shape !== null) return axesOfShape(table, context.shape, enums);
  const isPublicTable = context.attribution.owners.get(table.key)?.unit === 'public';
  return chooseAxes({ table, policy: context.policy, enums, isPublicTable });
}

function planSearches(
  context: MeasuringContext,
  table: SourceTable,
  requests: readonly AxisRequest[],
  { k, units }: Protection,
): LabelSearch[] {
  const from = [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? [])].join('\n');
  const rows = { from, bucket: units?.bucket ?? null, keep: context.keep(table.key, ROW), k, pages: table.table.pages };
  return requests
    .filter(({ labels }) => labels !== null && labels !== 'declared')
    .map((request) => planLabelSearch(table.key, request, rows, context.seeds));
}

function planRows(
  context: MeasuringContext,
  table: SourceTable,
  requests: readonly AxisRequest[],
  { k, units }: Protection,
): Pass {
  const ordered = [...requests].sort((left, right) => Number(isPresence(left)) - Number(isPresence(right)));
  const wanted = ordered.map((request) => ({ request, code: codeOfAxis(request, ROW, context.seeds) }));
  // A column's NULLs are seen in any of its codes, so presence needs a code of its own only where there is no other.
  const codeOf = ({ request, code }: (typeof wanted)[number]) =>
    isPresence(request) ? (wanted.find((other) => other.request.column === request.column)?.code ?? code) : code;
  const shared = shareCodes(wanted.map((entry) => ({ axis: entry.request.axis, code: codeOf(entry) })));
  const keep = context.keep(table.key, ROW);
  // Joins and look-ups are repeated by each range, so such a table is cut only as often as there are readers.
  const isHeavy = (units?.joins.length ?? 0) > 0 || looksElsewhere(keep);
  const ranges = { ...context.ranges, ...(isHeavy ? { maxRanges: context.readers } : {}) };
  const bucket = units?.bucket ?? null;
  const statements = partsOfTable(table, ranges).map(({ from, where, pages }) => ({
    pages,
    sql: copyStatement({
      bucket,
      codes: shared.codes,
      from: [from, ...(units?.joins ?? [])].join('\n'),
      where: [...where, ...(keep === null ? [] : [keep])],
    }),
  }));
  return finishPass({ table: table.key, what: `measuring ${table.key}`, statements, hasBucket: bucket !== null, k, ...shared });
}

function isPresence({ axis }: AxisRequest): boolean {
  return axis.kind === 'presence';
}

function planDegrees(context: MeasuringContext, table: SourceTable): Pass | null {
  const requests = wantedDegrees(context, table.key);
  if (requests.length === 0) return null;
  const { k, units } = degreeProtection(context, table.key, requests);
  const joins = requests.map(({ reference }, at) => degreeJoin(context.source, reference, ROW, at, context.keep));
  const keep = context.keep(table.key, ROW);
  const bucket = units?.bucket ?? null;
  const shared = shareCodes(requests.map(({ axis }, at) => ({ axis, code: degreeCode(at) })));
  const sql = copyStatement({
    bucket,
    codes: shared.codes,
    from: [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? []), ...joins].join('\n'),
    where: keep === null ? [] : [keep],
  });
  const children = requests.map(({ reference }) => pagesOf(context.source, reference.child));
  const pages = children.reduce((sum, count) => sum + count, table.table.pages);
  const what = `counting the children of ${table.key}`;
  return finishPass({ table: table.key, what, statements: [{ sql, pages }], hasBucket: bucket !== null, k, ...shared });
}

function wantedDegrees({ shape, source }: MeasuringContext, parent: string): DegreeRequest[] {
  const all = degreesOf(source, parent);
  if (shape === null) return all;
  return shape.marginals
    .filter((marginal) => marginal.table === parent && marginal.axes.length === 1)
    .flatMap(({ axes: [axis] }) => {
      if (axis?.kind !== 'degree') return [];
      const found = all.find(({ axis: own }) => own.child === axis.child && isSameList(own.columns, axis.columns));
      return found === undefined ? [] : [{ axis, reference: found.reference }];
    });
}

/** How many people a country has says something about people: a public parent's degrees are folded unless the child is public. */
function degreeProtection(context: MeasuringContext, parent: string, requests: readonly DegreeRequest[]): Protection {
  const isPublic = (table: string) => context.attribution.owners.get(table)?.unit === 'public';
  const protection = protectionOf(context, parent);
  if (!context.hasThreshold || !isPublic(parent)) return protection;
  return requests.every(({ reference }) => isPublic(reference.child)) ? protection : { k: context.policy.k, units: null };
}

function planDepths(context: MeasuringContext, table: SourceTable, { k, units }: Protection): Pass | null {
  const requests: DepthRequest[] = context.shape === null ? depthsOf(table) : depthsOfShape(table, context.shape.marginals);
  if (requests.length === 0) return null;
  const sentinelOf = (column: string) => table.columns.find(({ name }) => name === column)?.sentinel ?? null;
  const joins = requests.map(({ axis, reference }, at) =>
    depthJoin({ table, reference, keep: context.keep, sentinel: sentinelOf(axis.column) }, ROW, at),
  );
  const keep = context.keep(table.key, ROW);
  const bucket = units?.bucket ?? null;
  const shared = shareCodes(requests.map(({ axis }, at) => ({ axis, code: depthCode(at) })));
  const sql = copyStatement({
    bucket,
    codes: shared.codes,
    from: [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? []), ...joins].join('\n'),
    where: keep === null ? [] : [keep],
  });
  const statements = [{ sql, pages: table.table.pages * (1 + requests.length) }];
  return finishPass({
    table: table.key,
    what: `walking the trees of ${table.key}`,
    statements,
    hasBucket: bucket !== null,
    k,
    ...shared,
  });
}

/** The passes of a table, those that it has. */
export function passesOf({ pass, degrees, depths }: TablePlan): Pass[] {
  return [pass, ...(degrees === null ? [] : [degrees]), ...(depths === null ? [] : [depths])];
}

function pagesOf(source: Source, table: string): number {
  return source.tables.find(({ key }) => key === table)?.table.pages ?? 0;
}

function finishPass(pass: Omit<Pass, 'groups'>): Pass {
  return { ...pass, groups: pass.codes.map((_, code) => [code] as const) };
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
