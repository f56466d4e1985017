// The door of generate --dry-run: everything that generate would say before the first row, all at once, and nothing left behind.
import type pg from 'pg';
import type { Problem } from '../core/errors.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { findOtherPlans } from '../postgres/chunk-ledger.ts';
import { findForeignRows } from '../postgres/claim-tables.ts';
import { connect, withClient } from '../postgres/connect.ts';
import { readFreeSpace } from '../postgres/free-space.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { type Plan, planId } from '../spec/plan.ts';
import type { Preflight } from '../spec/preflight.ts';
import { hasCitus, planPlacements } from './citus/place-tables.ts';
import { examine, judgeTargetDisk, withoutSetAside } from './decide-plan.ts';
import type { GenerateOptions } from './generate-options.ts';
import { judgeDisk } from './judge-disk.ts';
import type { Examination } from './plan/resolve-plan.ts';
import { analyseSize } from './plan-size.ts';
import { plannedTables, readTargetCatalog } from './prepare-target.ts';
import { measureTime } from './tell-estimate.ts';

export interface PreflightPlace {
  /** Whether `options.target.url` is the target itself, and not a database that only lends its structure. */
  readonly isTarget: boolean;
  /** Of a target without the tables: whose free space counts; null without a target. */
  readonly diskUrl: string | null;
}

/**
 * Reads the catalog, the marker and the free space behind `options.target.url`. Where nothing stands in the way it measures the time: it makes a
 * schema with tables in a transaction that is rolled back. Throws PRODUCTION_REFUSED, HOST_REFUSED, QUERY_FAILED.
 */
export async function preflight(options: GenerateOptions, { isTarget, diskUrl }: PreflightPlace): Promise<Preflight> {
  const { url } = options.target;
  for (const place of [url, ...(diskUrl === null ? [] : [diskUrl])])
    refuseUnsafeTarget('generate', place, options.environment ?? process.env);
  const client = await connect(url, { applicationName: 'shapecast generate --dry-run' });
  try {
    const catalog = await readTargetCatalog(client);
    const examination = await examine(options, catalog);
    const { plan } = examination;
    const drift = await withoutSetAside(client, examination.drift);
    const size = analyseSize(plan, catalog);
    const disk = isTarget ? await judgeTargetDisk(client, url, plan, catalog) : await judgeOtherDisk(diskUrl, size.diskBytes);
    const isCluster = isTarget ? await hasCitus(client) : await isOtherCluster(diskUrl);
    const placement = isCluster ? planPlacements(plan, options.spec, catalog) : { statements: [], problems: [] };
    const problems = [
      ...examination.problems.all(),
      ...placement.problems,
      ...(disk.problem ? [disk.problem] : []),
      ...(isTarget ? await findOccupants(client, plan, catalog) : []),
    ];
    const measured = problems.length > 0 ? null : await measureTime(client, plan, catalog, options);
    const time = measured?.time ?? null;
    return {
      format: 'shapecast-preflight',
      version: 1,
      spec: options.spec.name,
      band: options.band,
      scale: options.scale ?? 1,
      seed: options.seed,
      tables: size.tables.map((table, at) => ({ ...table, ...jointOfTable(examination, at) })),
      rows: size.rows,
      bytes: size.bytes,
      disk: {
        neededBytes: disk.neededBytes,
        freeBytes: disk.free.bytes,
        reason: disk.free.reason,
      },
      time: time === null ? null : { ...time, workers: options.workers },
      placement: [...placement.statements],
      problems,
      warnings: [
        ...examination.warnings,
        ...(disk.warning ? [disk.warning] : []),
        ...(measured?.reason == null ? [] : [{ path: 'time', message: measured.reason }]),
      ],
      drift: drift.map(({ specPath: _, ...rest }) => rest),
    };
  } finally {
    await client.end();
  }
}

/** What a table's joint shape came to, and what its references follow. Of a refused plan nothing is known. */
function jointOfTable({ joint, plan }: Examination, at: number): Pick<Preflight['tables'][number], 'joint' | 'references'> {
  const references = plan.tables[at]?.references ?? [];
  return {
    joint: joint[at]?.joint ?? null,
    references: references.flatMap(({ columns, table }, index) => {
      const mode = joint[at]?.modes[index];
      return mode === undefined ? [] : [{ columns: [...columns], table: plan.tables[table]?.name ?? '', mode }];
    }),
  };
}

async function judgeOtherDisk(url: string | null, neededBytes: number) {
  const free =
    url === null
      ? { bytes: null, reason: 'no target was given' }
      : await withClient(url, { applicationName: 'shapecast generate --dry-run' }, (client) => readFreeSpace(client, url));
  return { ...judgeDisk(neededBytes, free.bytes), neededBytes, free };
}

async function isOtherCluster(url: string | null): Promise<boolean> {
  return url !== null && withClient(url, { applicationName: 'shapecast generate --dry-run' }, hasCitus);
}

/** Rows of somebody else, and rows of ours from another plan: generate would refuse both. */
async function findOccupants(client: pg.Client, plan: Plan, catalog: Catalog): Promise<Problem[]> {
  const foreign = await findForeignRows(client, plannedTables(plan, catalog));
  const others = await findOtherPlans(client, planId(plan));
  return [
    ...foreign.map((table) => ({
      path: `target.${table}`,
      message: 'holds rows that shapecast did not make (TARGET_NOT_EMPTY): use an empty database',
    })),
    ...others.slice(0, 1).map((other) => ({
      path: 'target',
      message: `holds rows of another plan, ${other.slice(0, 12)} (TARGET_OTHER_RUN): run teardown first`,
    })),
  ];
}
