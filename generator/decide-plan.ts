// The plan of a run with everything that is found about it before the first row, in words: what generate refuses or warns of, and what a
// dry run prints.
import type pg from 'pg';
import type { Problem } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { type FreeSpace, readFreeSpace, readOccupiedBytes } from '../postgres/free-space.ts';
import { readMarker } from '../postgres/marker.ts';
import { driftLines, warningLines } from '../spec/format-drift.ts';
import type { Plan } from '../spec/plan.ts';
import type { GenerateOptions } from './generate-options.ts';
import { judgeDisk } from './judge-disk.ts';
import type { JudgedDrift } from './plan/drift.ts';
import type { TableJoint } from './plan/profiles/report-joint.ts';
import { type Examination, examinePlanInSteps } from './plan/resolve-plan.ts';
import { analyseSize } from './plan-size.ts';
import { runFit } from './run-fit.ts';

/** The plan, with its progress told: nothing is refused here. Throws INTERRUPTED. */
export async function examine(options: GenerateOptions, catalog: Catalog): Promise<Examination> {
  const steps = examinePlanInSteps({
    spec: options.spec,
    catalog,
    band: options.band,
    seed: options.seed,
    scale: options.scale ?? 1,
    rows: options.rows ?? new Map(),
  });
  return runFit(steps, options);
}

/** The plan, once the warnings are told. Throws PLAN_IMPOSSIBLE with every fault, a full disk included. */
export async function decidePlan(
  client: pg.Client,
  options: GenerateOptions,
  catalog: Catalog,
): Promise<{ plan: Plan; warnings: readonly Problem[]; joint: readonly TableJoint[] }> {
  const { plan, problems, warnings, drift: found, joint } = await examine(options, catalog);
  const drift = await withoutSetAside(client, found);
  const disk = options.target.kind === 'postgres' ? await judgeTargetDisk(client, options.target.url, plan, catalog) : null;
  if (disk?.problem) problems.add(disk.problem.path, disk.problem.message);
  const told = [...warnings, ...(disk?.warning ? [disk.warning] : [])];
  const differences = drift.filter(({ severity }) => severity === 'warning');
  for (const line of [...driftLines(differences), ...warningLines(told)]) options.warn?.(line);
  problems.refuse();
  return { plan, warnings: [...differences.map(({ path, message }) => ({ path, message })), ...told], joint };
}

/** What the target's disk says to the plan. Rows that are there already need no more room. */
export async function judgeTargetDisk(
  client: pg.Client,
  url: string,
  plan: Plan,
  catalog: Catalog,
): Promise<ReturnType<typeof judgeDisk> & { readonly neededBytes: number; readonly free: FreeSpace }> {
  const planned = new Set(plan.tables.map(({ name }) => name));
  const oids = catalog.tables.filter((table) => planned.has(formatTableKey(table))).map(({ oid }) => oid);
  const occupied = await readOccupiedBytes(client, oids);
  const neededBytes = Math.max(0, analyseSize(plan, catalog).diskBytes - occupied);
  const free = await readFreeSpace(client, url);
  return { ...judgeDisk(neededBytes, free.bytes), neededBytes, free };
}

/** What an interrupted run has set aside and not put back yet is no difference of the target. */
export async function withoutSetAside(client: pg.Client, drift: readonly JudgedDrift[]): Promise<readonly JudgedDrift[]> {
  const tables = new Set(
    ((await readMarker(client))?.definitions ?? []).map(({ schema, table }) => formatTableKey({ schema, name: table })),
  );
  return drift.filter(
    ({ change, what, path }) =>
      !(what === 'key' && change === 'removed' && [...tables].some((table) => path.startsWith(`structure.tables.${table}.`))),
  );
}
