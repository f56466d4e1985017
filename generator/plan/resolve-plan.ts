// The plan of a run: pure, all faults at once, everything floating point frozen. The rest of the generator only reads it.
import type { Problem } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import { BLOCK_ROWS, type Plan, type PlanColumn, type PlanTable } from '../../spec/plan.ts';
import type { Band, Spec, TableSpec } from '../../spec/spec.ts';
import { runToEnd, type Steps } from '../../stats/steps.ts';
import { ALGORITHM_VERSION, deriveKey } from '../random/mixer.ts';
import { checkKeyCircles, checkMemberships } from './check-plan.ts';
import { copyParentScales } from './copy-parent-scales.ts';
import { findDrift, type JudgedDrift } from './drift.ts';
import { findGroupNeeds } from './group-needs.ts';
import { keepApart } from './keep-apart.ts';
import { checkPartitions, keepInPartitions } from './keep-in-partitions.ts';
import { meanLength } from './mean-length.ts';
import { applyPartialKeys } from './partial-keys.ts';
import { resolvePartitions } from './partitions.ts';
import { checkSizes } from './preflight-checks.ts';
import { Problems } from './problems.ts';
import { addProfilesInSteps, type ProfilesStep } from './profiles/add-profiles.ts';
import { reportJoint, type TableJoint } from './profiles/report-joint.ts';
import { proveKeys } from './prove-keys.ts';
import { resolveColumns } from './resolve-columns.ts';
import { resolveTablePairs } from './resolve-pairs.ts';
import { resolveReferences } from './resolve-references.ts';
import { resolveRows } from './resolve-rows.ts';
import { shareCodes } from './shared-codes.ts';
import { resolveTimeSpan, resolveWindow } from './time-span.ts';
import { fixedBytes, isBinaryColumn } from './value-types.ts';

export interface PlanRequest {
  readonly spec: Spec;
  readonly catalog: Catalog;
  readonly band: Band;
  readonly seed: string;
  /** Factor on every count that grows; 1 by default. */
  readonly scale: number;
  /** Rows by table key, instead of what the spec says. */
  readonly rows: ReadonlyMap<string, number>;
}

/** A chunk is about this many bytes of COPY data. */
const CHUNK_BYTES = 64_000_000;

/** The plan. Throws PLAN_IMPOSSIBLE with every fault of spec, target and size. Touches nothing. */
export function resolvePlan(request: PlanRequest): Plan {
  const { plan, problems } = examinePlan(request);
  problems.refuse();
  return plan;
}

export interface Examination {
  /** Of use only when there are no problems. */
  readonly plan: Plan;
  readonly problems: Problems;
  /** What may go wrong, or is not as it was. */
  readonly warnings: readonly Problem[];
  readonly drift: readonly JudgedDrift[];
  /** What the fit came to, by table of the plan; empty where there are problems. */
  readonly joint: readonly TableJoint[];
}

/** The plan with all that is to be said about it, refused or not. Pure. */
export function examinePlan(request: PlanRequest): Examination {
  return runToEnd(examinePlanInSteps(request));
}

/** The same with pauses: the fit of many marginals takes minutes. */
export function* examinePlanInSteps(request: PlanRequest): Steps<ProfilesStep, Examination> {
  const problems = new Problems();
  if (request.spec.bands[request.band] === undefined)
    problems.add(`bands.${request.band}`, 'is missing: add it to the spec, or choose another --band');
  const keys = Object.keys(request.spec.tables).sort();
  const catalog = new Map(request.catalog.tables.map((table) => [formatTableKey(table), table]));
  for (const key of keys)
    if (!catalog.has(key))
      problems.add(`tables.${key}`, 'the target has no such table: create it first, or pass --create schema.sql');
  const rows = resolveRows({ spec: request.spec, band: request.band, scale: request.scale, overrides: request.rows }, problems);
  const context = {
    spec: request.spec,
    seed: request.seed,
    problems,
    index: new Map(keys.map((key, index) => [key, index])),
    rows,
    needs: findGroupNeeds(request.spec, rows),
    catalog,
    enums: request.catalog.enums,
    window: resolveWindow(request.spec, request.band, request.scale),
    timeSpan: resolveTimeSpan(request.spec, request.band, request.scale),
    band: request.band,
    scale: request.scale,
    overrides: request.rows,
  };
  const resolved = copyParentScales(keys.map((key) => resolveTable(key, request.spec.tables[key] as TableSpec, context)));
  const tables = keepApart(resolved, catalog, problems);
  checkMemberships(tables, problems);
  checkKeyCircles(tables, problems);
  checkPartitions(tables, catalog, problems);
  const warnings = checkSizes({ ...request, overrides: request.rows, tables }, problems);
  proveKeys(tables, catalog, problems);
  const drift = findDrift(request.spec, request.catalog);
  // What the plan has found itself is not said twice.
  for (const { severity, specPath, message } of drift)
    if (severity === 'refusal' && !problems.has(specPath)) problems.add(specPath, message);
  // The fit takes its time: not for a plan that is refused anyway.
  const fitted =
    problems.all().length === 0 ? yield* addProfilesInSteps({ tables, spec: request.spec, seed: request.seed }) : null;
  const plan: Plan = {
    format: 'shapecast-plan',
    version: 1,
    algorithm: ALGORITHM_VERSION,
    seed: request.seed,
    textKey: deriveKey(request.seed, 'text pool'),
    tables: fitted?.tables ?? tables,
  };
  const joint = fitted === null ? [] : reportJoint({ tables, spec: request.spec, shapes: fitted.shapes });
  return { plan, problems, warnings, drift, joint };
}

function resolveTable(key: string, table: TableSpec, context: Parameters<typeof resolveColumns>[3]): PlanTable {
  const references = resolveReferences(key, table, context);
  const catalogTable = context.catalog.get(key);
  const rows = context.rows.get(key) ?? 0;
  const own = keepInPartitions(
    { table: catalogTable, path: `tables.${key}`, rows, columns: resolveColumns(key, table, references, context), references },
    context.problems,
  );
  const paired = resolveTablePairs(key, table, references, own, context);
  const columns =
    catalogTable === undefined
      ? paired.columns
      : shareCodes(
          catalogTable,
          applyPartialKeys(catalogTable, paired.columns, paired.references, paired.pairs, rows),
          deriveKey(context.seed, key, 'codes'),
        );
  return {
    name: key,
    schema: catalogTable?.schema ?? '',
    relation: catalogTable?.name ?? '',
    rows,
    format: columns.every(isBinaryColumn) ? 'binary' : 'text',
    chunkBlocks: Math.max(1, Math.round(CHUNK_BYTES / (BLOCK_ROWS * rowBytes(columns)))),
    ...paired,
    partitions: resolvePartitions(catalogTable, columns),
    columns,
  };
}

/** Expected COPY bytes of a row. */
export function rowBytes(columns: readonly PlanColumn[]): number {
  return columns.reduce((sum, column) => sum + columnBytes(column), 2);
}

function columnBytes(column: PlanColumn): number {
  const length = meanLength(column.builder);
  return length === null ? fixedBytes(column.baseType) : 4 + length;
}
