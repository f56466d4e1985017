// The report of a run: what was asked for, what was made, and what load should find.
import type { Problem } from '../core/errors.ts';
import { toolCommit, toolVersion } from '../core/tool.ts';
import type { StoredChunk } from '../postgres/chunk-ledger.ts';
import { formatContentHash } from '../postgres/content-hash.ts';
import { type Plan, type PlanReference, type PlanTable, planId } from '../spec/plan.ts';
import type { Report, ReportTable } from '../spec/report.ts';
import { columnExpectations, degreeQuantiles } from './expected.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { TableJoint } from './plan/profiles/report-joint.ts';
import { hashedColumns, unhashedConstants } from './table-kernel.ts';
import type { ChunkResult } from './work.ts';

/** A chunk that is in, whoever made it and when. */
export type MadeChunk = Omit<StoredChunk, 'planId'>;

/** A chunk of the ledger. */
export function storedChunk(chunk: StoredChunk): MadeChunk {
  return chunk;
}

/** A worker's result by table name. */
export function madeChunk(plan: Plan, result: ChunkResult): MadeChunk {
  return {
    table: plan.tables[result.task.table]?.name ?? '',
    chunk: result.task.chunk,
    rows: result.rows,
    bytes: result.bytes,
    contentHash: result.contentHash,
    blockDigests: Buffer.from(result.blockDigests),
  };
}

export interface ReportInput {
  readonly options: GenerateOptions;
  readonly plan: Plan;
  readonly runId: string;
  readonly startedAt: Date;
  /** All chunks of the plan. */
  readonly chunks: readonly MadeChunk[];
  /** Those made by this run. */
  readonly made: readonly MadeChunk[];
  readonly target: string;
  readonly serverVersion: number;
  readonly warnings: readonly Problem[];
  /** By table of the plan. */
  readonly joint: readonly TableJoint[];
}

/** The report; the completion time is now. */
export function buildReport(input: ReportInput): Report {
  const { options, plan, chunks } = input;
  const completedAt = new Date();
  const durationMs = completedAt.getTime() - input.startedAt.getTime();
  const rowsMade = input.made.reduce((sum, chunk) => sum + chunk.rows, 0);
  return {
    format: 'shapecast-report',
    version: 1,
    runId: input.runId,
    tool: toolVersion(),
    commit: toolCommit(),
    operator: options.operator,
    spec: options.spec.name,
    band: options.band,
    scale: options.scale ?? 1,
    seed: options.seed,
    planId: planId(plan),
    fingerprint: fingerprintOf(plan, chunks),
    target: options.target.kind === 'postgres' ? input.target : options.target.kind,
    serverVersion: String(input.serverVersion),
    workers: options.workers,
    startedAt: input.startedAt.toISOString(),
    completedAt: completedAt.toISOString(),
    durationMs,
    rowsLoaded: chunks.reduce((sum, chunk) => sum + chunk.rows, 0),
    rowsPerSecond: durationMs > 0 ? Math.round((rowsMade * 1000) / durationMs) : 0,
    tables: plan.tables.map((table, at) => ({
      ...reportTable(plan, table, chunks, input.joint[at]),
      statistics: options.spec.tables[table.name]?.statistics?.map(({ because: _, ...wanted }) => wanted),
    })),
    errors: [],
    warnings: [...input.warnings],
    status: 'completed',
  };
}

function reportTable(plan: Plan, table: PlanTable, chunks: readonly MadeChunk[], found: TableJoint | undefined): ReportTable {
  const own = chunks.filter((chunk) => chunk.table === table.name);
  return {
    name: table.name,
    rows: own.reduce((sum, chunk) => sum + chunk.rows, 0),
    bytes: own.reduce((sum, chunk) => sum + chunk.bytes, 0),
    contentHash: formatContentHash(own.reduce((sum, chunk) => sum + BigInt(`0x${chunk.contentHash}`), 0n)),
    hashedColumns: hashedColumns(table).map((column) => column.name),
    constants: unhashedConstants(table),
    references: table.references.map((reference, at) => ({
      columns: [...reference.columns],
      table: plan.tables[reference.table]?.name ?? '',
      to: [...reference.to],
      isVirtual: reference.isVirtual,
      nulls: reference.nulls,
      ...(reference.nullAs === null ? {} : { nullAs: reference.nullAs }),
      degrees: degreesOf(plan, reference),
      mode: found?.modes[at],
    })),
    columns: columnExpectations(table),
    joint: found?.joint ?? null,
  };
}

/** Null where the plan has no curve over all parents or does not keep to it, or no parents at all. */
function degreesOf(
  plan: Plan,
  { curve, eligible, table, otherThan }: PlanReference,
): ReportTable['references'][number]['degrees'] {
  const parents = plan.tables[table]?.rows ?? 0;
  return curve === null || otherThan !== undefined || parents === 0 ? null : degreeQuantiles(curve, eligible?.nulls ?? 0);
}
