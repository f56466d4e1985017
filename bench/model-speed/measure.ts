// One measurement of model-speed in a fresh process: the plan of a band, then rows of each table made and let go.
import fs from 'node:fs';
import { Session } from 'node:inspector/promises';
import { ColumnKernels } from '../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../generator/columns/text-pool.ts';
import { Parents } from '../../generator/keys/parents.ts';
import { discardChunk } from '../../generator/make-chunk.ts';
import { resolvePlan } from '../../generator/plan/resolve-plan.ts';
import { TableKernel } from '../../generator/table-kernel.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { withClient } from '../../postgres/connect.ts';
import { BLOCK_ROWS, chunkCount, type Plan } from '../../spec/plan.ts';
import { BANDS, parseSpec, type Spec } from '../../spec/spec.ts';
import { type ProfiledFunction, profileOf } from './profile.ts';

export interface MeasurementRequest {
  readonly url: string;
  readonly specFile: string;
  readonly band: string;
  /** Rows of a table at most; 0: only the plan, which is written to planFile, where the other measurements find it. */
  readonly rows: number;
  readonly planFile: string;
  /** Whether axes and marginals stay in the spec. */
  readonly isJoint: boolean;
  readonly isProfiled: boolean;
}

export interface Measurement {
  readonly planSeconds: number;
  /** Peak memory of the process until the plan was there. */
  readonly planMegabytes: number;
  /** As JSON, as workers get it. */
  readonly planBytes: number;
  /** `rows`: of the whole table; processor time per row that was made, which others on the machine change less. */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly nanoseconds: number }[];
  readonly profile: readonly ProfiledFunction[];
}

const MEASURED_BLOCKS = 4;

/** Measures in this process, which should do nothing else. */
export async function measure(request: MeasurementRequest): Promise<Measurement> {
  return request.rows === 0 ? measurePlan(request) : measureRows(request);
}

async function measurePlan({ band: bandName, isJoint, planFile, specFile, url }: MeasurementRequest): Promise<Measurement> {
  const full = parseSpec(fs.readFileSync(specFile, 'utf8'), specFile);
  const spec = isJoint ? full : withoutModel(full);
  const band = BANDS.find((name) => name === bandName);
  if (band === undefined) throw new Error('no such band');
  const catalog = await withClient(url, { applicationName: 'shapecast bench' }, (client) => readCatalog(client));
  const startMs = performance.now();
  const plan = resolvePlan({ spec, catalog, band, seed: 'bench', scale: 1, rows: new Map() });
  const planSeconds = (performance.now() - startMs) / 1000;
  const planMegabytes = process.resourceUsage().maxRSS / 1024;
  const text = JSON.stringify(plan);
  fs.writeFileSync(planFile, text);
  return { planSeconds, planMegabytes, planBytes: text.length, tables: [], profile: [] };
}

async function measureRows({ isProfiled, planFile, rows }: MeasurementRequest): Promise<Measurement> {
  const text = fs.readFileSync(planFile, 'utf8');
  const plan: Plan = JSON.parse(text);
  const session = new Session();
  session.connect();
  if (isProfiled) await startProfile(session);
  const tables = await makeTables(plan, rows);
  const profile = isProfiled ? profileOf((await session.post('Profiler.stop')).profile) : [];
  return { planSeconds: 0, planMegabytes: 0, planBytes: text.length, tables, profile };
}

async function startProfile(session: Session): Promise<void> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
}

/** The one-axis model of the same spec. */
function withoutModel(spec: Spec): Spec {
  const tables = Object.entries(spec.tables).map(([name, { axes: _axes, marginals: _marginals, ...table }]) => [name, table]);
  return { ...spec, tables: Object.fromEntries(tables) };
}

async function makeTables(whole: Plan, rows: number): Promise<Measurement['tables']> {
  // Small chunks, so that they can be taken from all over the table.
  const plan = { ...whole, tables: whole.tables.map((table) => ({ ...table, chunkBlocks: MEASURED_BLOCKS })) };
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const made: Measurement['tables'][number][] = [];
  for (const [index, table] of plan.tables.entries()) {
    const kernel = new TableKernel(table, index, kernels);
    const chunks = chunkCount(table);
    const wanted = Math.min(chunks, Math.max(1, Math.round(rows / (MEASURED_BLOCKS * BLOCK_ROWS))));
    // A table of few rows is made several times: the clock starts when the code is compiled.
    let [count, start] = [0, process.cpuUsage()];
    const repeats = Math.max(2, Math.ceil(rows / Math.max(1, table.rows)));
    for (let at = 0; at < wanted * Math.min(repeats, 60); at += 1) {
      if (at === Math.ceil(wanted / 4)) [count, start] = [0, process.cpuUsage()];
      const task = { table: index, chunk: Math.floor(((at % wanted) * chunks) / wanted) };
      const hooks = { onRows: () => undefined, isStopping: () => false };
      count += (await discardChunk({ plan, planId: '', task, kernel }, hooks)).rows;
    }
    const { user, system } = process.cpuUsage(start);
    made.push({ name: table.name, rows: table.rows, nanoseconds: (1000 * (user + system)) / Math.max(1, count) });
  }
  return made;
}
