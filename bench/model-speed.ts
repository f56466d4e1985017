// What the joint model costs: rows of every table made and let go with the spec's axes and marginals and without them, and planning time
// and memory of each band. Every measurement is a process of its own, the two kinds in turn, so that neither compiles for the other.
// Ends with 1 above the limits: 3 times the time per row, and 60 s and 2 GB to plan.
//
//   npm run bench -- model-speed [--spec FILE --create FILE] [--band dev] [--rows 400000] [--runs 5] [--plan BAND...] [--profile off]
//
// Without --spec the built-in chat. --rows: at most so many of each table, from places all over it. An embedded server holds the tables.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../core/tool.ts';
import { withClient } from '../postgres/connect.ts';
import { createSchema } from '../postgres/create-schema.ts';
import { startEmbeddedServer } from '../postgres/embedded-server.ts';
import { type Measurement, type MeasurementRequest, measure } from './model-speed/measure.ts';

const MOST_TIMES_SLOWER = 3;
const MOST_PLAN_SECONDS = 60;
const MOST_PLAN_MEGABYTES = 2048;
const PROFILED = 15;

const { values } = parseArgs({
  options: {
    spec: { type: 'string', default: `${packageFolder()}/spec/chat.yaml` },
    create: { type: 'string', default: `${packageFolder()}/spec/chat.sql` },
    band: { type: 'string', default: 'dev' },
    rows: { type: 'string', default: '400000' },
    runs: { type: 'string', default: '5' },
    plan: { type: 'string', multiple: true, default: ['dev', 'staging', 'perf'] },
    profile: { type: 'string', default: 'on' },
    /** Set in the processes that measure. */
    child: { type: 'string' },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

function measureInChild(request: MeasurementRequest): Measurement {
  const [, script = ''] = process.argv;
  const child = spawnSync(process.execPath, [script, '--child', JSON.stringify(request)], { maxBuffer: 1e9 });
  if (child.status !== 0) throw new Error(`a measurement failed: ${child.stderr.toString().slice(-2000)}`);
  const measurement: Measurement = JSON.parse(child.stdout.toString());
  return measurement;
}

type Shared = Pick<MeasurementRequest, 'url' | 'specFile'> & { readonly folder: string };

/** Row measurements start from the plan that comparePlans has left in the folder. */
function rowsRequest({ folder, ...shared }: Shared, isJoint: boolean, isProfiled: boolean): MeasurementRequest {
  const planFile = planFileOf(folder, values.band, isJoint);
  return { ...shared, band: values.band, rows: Number(values.rows), planFile, isJoint, isProfiled };
}

function planFileOf(folder: string, band: string, isJoint: boolean): string {
  return path.join(folder, `${band}-${isJoint ? 'on' : 'off'}.json`);
}

function comparePlans({ folder, ...shared }: Shared): void {
  print(`planning, the whole process | model on | off (limits ${MOST_PLAN_SECONDS} s, ${MOST_PLAN_MEGABYTES} MB)`);
  for (const band of new Set([values.band, ...values.plan])) {
    const plans = [true, false].map((isJoint) =>
      measureInChild({ ...shared, band, isJoint, isProfiled: false, rows: 0, planFile: planFileOf(folder, band, isJoint) }),
    );
    const cells = plans.map(
      ({ planSeconds, planMegabytes, planBytes }) =>
        `${planSeconds.toFixed(2)} s, peak ${planMegabytes.toFixed(0)} MB, plan ${(planBytes / 1e6).toFixed(1)} MB`,
    );
    print(`  ${band} | ${cells.join(' | ')}`);
    const [{ planSeconds = 0, planMegabytes = 0 } = {}] = plans;
    if (planSeconds > MOST_PLAN_SECONDS || planMegabytes > MOST_PLAN_MEGABYTES) process.exitCode = 1;
  }
}

/** Time per row of each table, the model on and off. */
function compareRows(shared: Shared): void {
  const runs = Array.from({ length: Number(values.runs) }, () =>
    [true, false].map((isJoint) => measureInChild(rowsRequest(shared, isJoint, false))),
  );
  const tables = runs[0]?.[0]?.tables ?? [];
  const perRow = (kind: number, at: number) => median(runs.map((run) => run[kind]?.tables[at]?.nanoseconds ?? Number.NaN));
  print(`${values.band}: processor nanoseconds per row, one thread, median of ${runs.length} | model on | off | ratio`);
  let [allRows, allOn, allOff] = [0, 0, 0];
  for (const [at, { name, rows }] of tables.entries()) {
    const [on, off] = [perRow(0, at), perRow(1, at)];
    [allRows, allOn, allOff] = [allRows + rows, allOn + on * rows, allOff + off * rows];
    print(`  ${name} | ${on.toFixed(0)} | ${off.toFixed(0)} | ${(on / off).toFixed(2)}`);
  }
  const rates = [allOn, allOff].map((nanoseconds) => `${Math.round((1e9 * allRows) / nanoseconds)} rows/s`);
  print(`  all of the band | ${rates.join(' | ')} | ${(allOn / allOff).toFixed(2)} (limit ${MOST_TIMES_SLOWER})`);
  if (allOn > MOST_TIMES_SLOWER * allOff) process.exitCode = 1;
}

function printProfile(shared: Shared): void {
  for (const isJoint of [true, false]) {
    const { profile } = measureInChild(rowsRequest(shared, isJoint, true));
    print(`where the time of rows goes, model ${isJoint ? 'on' : 'off'} | share of it, the function alone`);
    for (const { where, share } of profile.slice(0, PROFILED)) print(`  ${(100 * share).toFixed(1)} % | ${where}`);
  }
}

if (values.child !== undefined) {
  const request: MeasurementRequest = JSON.parse(values.child);
  print(JSON.stringify(await measure(request)));
} else {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-speed-'));
  const server = await startEmbeddedServer();
  try {
    await server.createDatabase('bench');
    const url = server.url('bench');
    await withClient(url, { applicationName: 'shapecast bench' }, (client) =>
      createSchema(client, fs.readFileSync(values.create, 'utf8')),
    );
    const shared = { url, specFile: values.spec, folder };
    comparePlans(shared);
    compareRows(shared);
    if (values.profile !== 'off') printProfile(shared);
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true });
  }
}
