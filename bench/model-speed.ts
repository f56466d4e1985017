// What the joint model costs: rows of every table made and let go with the spec's axes and marginals and without them, and planning time
// and memory of each band. Every measurement is a process of its own, the two kinds in turn, so that neither compiles for the other.
// Ends with 1 above the limits: 3 times the time per row, and 60 s and 2 GB to plan.
//
//   npm run bench -- model-speed [--spec FILE --create FILE] [--band dev] [--rows 400000] [--runs 5] [--plan BAND...] [--profile off]
//
// Without --spec the built-in chat. --rows: at most so many of each table, from places all over it. An embedded server holds the tables.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
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

/** Time per row of each table, the model on and off. */
function compareRows(request: Omit<MeasurementRequest, 'isJoint' | 'isProfiled'>): void {
  const kinds = [true, false] as const;
  const runs = Array.from({ length: Number(values.runs) }, () =>
    kinds.map((isJoint) => measureInChild({ ...request, isJoint, isProfiled: false })),
  );
  const tables = runs[0]?.[0]?.tables ?? [];
  const perRow = (kind: number, at: number) => median(runs.map((run) => run[kind]?.tables[at]?.nanoseconds ?? Number.NaN));
  print(`${values.band}: processor nanoseconds per row, one thread, median of ${runs.length} | model on | off | ratio`);
  const total = [0, 0];
  const allRows = tables.reduce((sum, { rows }) => sum + rows, 0);
  for (const [at, { name, rows }] of tables.entries()) {
    const [on, off] = [perRow(0, at), perRow(1, at)];
    total[0] = (total[0] ?? 0) + on * rows;
    total[1] = (total[1] ?? 0) + off * rows;
    print(`  ${name} | ${on.toFixed(0)} | ${off.toFixed(0)} | ${(on / off).toFixed(2)}`);
  }
  const [on = 0, off = 0] = total;
  const rates = [on, off].map((nanoseconds) => `${Math.round((1e9 * allRows) / nanoseconds)} rows/s`);
  print(`  all of the band | ${rates.join(' | ')} | ${(on / off).toFixed(2)} (limit ${MOST_TIMES_SLOWER})`);
  if (on > MOST_TIMES_SLOWER * off) process.exitCode = 1;
}

function comparePlans(request: Omit<MeasurementRequest, 'isJoint' | 'isProfiled' | 'band'>): void {
  print(`planning, the whole process | model on | off (limits ${MOST_PLAN_SECONDS} s, ${MOST_PLAN_MEGABYTES} MB)`);
  for (const band of values.plan) {
    const plans = [true, false].map((isJoint) => measureInChild({ ...request, band, isJoint, isProfiled: false, rows: 0 }));
    const cells = plans.map(
      ({ planSeconds, planMegabytes, planBytes }) =>
        `${planSeconds.toFixed(2)} s, peak ${planMegabytes.toFixed(0)} MB, plan ${(planBytes / 1e6).toFixed(1)} MB`,
    );
    print(`  ${band} | ${cells.join(' | ')}`);
    const [{ planSeconds = 0, planMegabytes = 0 } = {}] = plans;
    if (planSeconds > MOST_PLAN_SECONDS || planMegabytes > MOST_PLAN_MEGABYTES) process.exitCode = 1;
  }
}

function printProfile(request: Omit<MeasurementRequest, 'isJoint' | 'isProfiled'>): void {
  for (const isJoint of [true, false]) {
    const { profile } = measureInChild({ ...request, isJoint, isProfiled: true });
    const ofAll = profile.reduce((sum, { share }) => sum + share, 0);
    print(`where the time of rows goes, model ${isJoint ? 'on' : 'off'} | share of it, the function alone`);
    for (const { where, share } of profile.slice(0, PROFILED)) print(`  ${((100 * share) / ofAll).toFixed(1)} % | ${where}`);
  }
}

if (values.child !== undefined) {
  const request: MeasurementRequest = JSON.parse(values.child);
  print(JSON.stringify(await measure(request)));
} else {
  const server = await startEmbeddedServer();
  try {
    await server.createDatabase('bench');
    const url = server.url('bench');
    await withClient(url, { applicationName: 'shapecast bench' }, (client) =>
      createSchema(client, fs.readFileSync(values.create, 'utf8')),
    );
    const request = { url, specFile: values.spec, band: values.band, rows: Number(values.rows) };
    compareRows(request);
    comparePlans(request);
    if (values.profile !== 'off') printProfile(request);
  } finally {
    await server.stop();
  }
}
