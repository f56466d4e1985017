// What to measure, decided before anything is read: for each table its axes, who stands behind its rows and which rows are
// in the window; from that the label searches and the passes, as data. Dry runs and the real run share it.
import { relationOf } from '../../postgres/relation.ts';
import type { SourceTable } from '../introspect/source.ts';
import { type AxisRequest, chooseAxes } from './axes.ts';
import { axesOfShape } from './axes-of-shape.ts';
import { codeOfAxis } from './codes.ts';
import { type DepthRequest, depthCode, depthJoin, depthsOf, depthsOfShape } from './depths.ts';
import { type LabelSearch, planLabelSearch } from './labels.ts';
import { type MeasuringContext, type Protection, protectionOf } from './measuring-context.ts';
import { copyStatement, finishPass, type Pass, partsOfTable, ROW, shareCodes } from './pass.ts';
import { planDegrees } from './plan-degrees.ts';
import { looksElsewhere } from './window.ts';

export interface TablePlan {
  readonly source: SourceTable;
  readonly searches: readonly LabelSearch[];
  readonly pass: Pass;
  /** Empty where nothing refers to the table. */
  readonly degrees: readonly Pass[];
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

export function requestAxes(context: MeasuringContext, table: SourceTable): AxisRequest[] {
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
  return finishPass({
    table: table.key,
    what: `measuring ${table.key}`,
    statements,
    hasBucket: bucket !== null,
    k,
    childK: null,
    ...shared,
  });
}

function isPresence({ axis }: AxisRequest): boolean {
  return axis.kind === 'presence';
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
    childK: null,
    ...shared,
  });
}

/** The passes of a table, those that it has. */
export function passesOf({ pass, degrees, depths }: TablePlan): Pass[] {
  return [pass, ...degrees, ...(depths === null ? [] : [depths])];
}
