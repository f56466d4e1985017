// What a row costs at every number of rows and of workers, made and let go with the whole model on. Ends with 1 where a row of the last step
// (from 1e7 to 1e8) costs more than FLAT_WITHIN times what one of the step before did: differences, so that the start of a run hides nothing.
//
//   npm run bench -- cost [--rows 1e5,1e6,1e7,1e8] [--workers 1,2,4] [--worker-rows 1e7] [--runs 3] [--data chat|plain] [--keep]
//     [--results FOLDER] [--output FILE]
//
// --rows: of all tables together, with one worker; 1e8 of them take minutes a run. --worker-rows: with each number of workers. An embedded
// server holds the empty tables. --keep writes bench/gates/results/cost.json.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { withClient } from '../postgres/connect.ts';
import { createSchema } from '../postgres/create-schema.ts';
import { startEmbeddedServer } from '../postgres/embedded-server.ts';
import { answerChild, measureGenerateInChild } from './gates/child.ts';
import { listDataSets } from './gates/data-sets.ts';
import { formatResult } from './gates/format-result.ts';
import { interleave } from './gates/interleave.ts';
import type { GenerateMeasurement } from './gates/measure-generate.ts';
import { atMost, missesOf, type Reading } from './gates/reading.ts';
import { keepResult, makeResult } from './gates/results.ts';
import { endPrograms } from './gates/run-program.ts';
import { costsOfMore, figureOf, ratiosOf } from './gates/statistics.ts';

const FLAT_WITHIN = 1.25;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1e5,1e6,1e7,1e8' },
    workers: { type: 'string', default: '1,2,4' },
    'worker-rows': { type: 'string', default: '1e7' },
    runs: { type: 'string', default: '3' },
    data: { type: 'string', default: 'chat' },
    keep: { type: 'boolean', default: false },
    results: { type: 'string', default: 'bench/gates/results' },
    output: { type: 'string' },
    /** Set in the processes that measure. */
    child: { type: 'string' },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const tell = (line: string) => void process.stderr.write(`${line}\n`);
const numbersOf = (list: string) => list.split(',').map(Number);
const shown = (rows: number) => `${Math.round(rows).toLocaleString('en-US')} rows`;

const dataSet = listDataSets().find(({ name }) => name === values.data);
if (dataSet === undefined) throw new Error(`no data set ${values.data}`);
const { createFile, specFile } = dataSet;

/** Rows of all tables at scale 1, found by making a few. */
async function rowsAtScaleOne(url: string): Promise<number> {
  const scale = 0.02;
  const { rows } = await measureGenerateInChild({ url, specFile, scale, rows: {}, workers: 1, to: 'null' });
  return rows / scale;
}

interface Point {
  readonly rows: number;
  readonly workers: number;
}

/** The measurements of each point, in turn. */
async function measurePoints(url: string, atScaleOne: number, points: readonly Point[]): Promise<GenerateMeasurement[][]> {
  const kinds = points.map(({ rows, workers }) => ({
    name: `${shown(rows)} with ${workers}`,
    run: () => measureGenerateInChild({ url, specFile, scale: rows / atScaleOne, rows: {}, workers, to: 'null' as const }),
    seconds: ({ seconds }: GenerateMeasurement) => seconds,
  }));
  return interleave(values.data, Number(values.runs), kinds, tell);
}

const nanoseconds = (runs: readonly GenerateMeasurement[], time: 'seconds' | 'processorSeconds') =>
  runs.map((run) => (1e9 * run[time]) / run.rows);

function readingsOfRows(points: readonly Point[], results: readonly (readonly GenerateMeasurement[])[]): Reading[] {
  const readings = points.flatMap(({ rows }, at): Reading[] => {
    const runs = results[at] ?? [];
    return [
      { name: `${shown(rows)}: time`, unit: 'ns/row', figure: figureOf(nanoseconds(runs, 'seconds')), limit: null },
      {
        name: `${shown(rows)}: processor time`,
        unit: 'ns/row',
        figure: figureOf(nanoseconds(runs, 'processorSeconds')),
        limit: null,
      },
      {
        name: `${shown(rows)}: before, to its plan`,
        unit: 's',
        figure: figureOf(runs.map((run) => run.planSeconds)),
        limit: null,
      },
      { name: `${shown(rows)}: memory`, unit: 'MB', figure: figureOf(runs.map((run) => run.peakMegabytes)), limit: null },
    ];
  });
  const steps = results.slice(1).map((runs, at) => costsOfMore(results[at] ?? [], runs));
  const more = steps.map((costs, at): Reading => {
    const name = `a row more, from ${shown(points[at]?.rows ?? 0)} to ${shown(points[at + 1]?.rows ?? 0)}, processor time`;
    return { name, unit: 'ns/row', figure: figureOf(costs), limit: null };
  });
  const [before, last] = steps.slice(-2);
  if (before === undefined || last === undefined) return [...readings, ...more];
  const growth = figureOf(ratiosOf(last, before));
  return [...readings, ...more, { name: 'a row of the last step', unit: 'times', figure: growth, limit: atMost(FLAT_WITHIN) }];
}

function readingsOfWorkers(points: readonly Point[], results: readonly (readonly GenerateMeasurement[])[]): Reading[] {
  const first = results[0] ?? [];
  const secondsOf = (runs: readonly GenerateMeasurement[]) => runs.map(({ seconds }) => seconds);
  return points.flatMap(({ workers }, at): Reading[] => {
    const runs = results[at] ?? [];
    const name = `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
    const speedUp = figureOf(ratiosOf(secondsOf(first), secondsOf(runs)));
    return [
      {
        name: `${name}, ${shown(Number(values['worker-rows']))}`,
        unit: 'rows/s',
        figure: figureOf(runs.map((run) => run.rows / run.seconds)),
        limit: null,
      },
      { name: `${name}: speed-up`, unit: 'times', figure: speedUp, limit: null },
      { name: `${name}: memory`, unit: 'MB', figure: figureOf(runs.map((run) => run.peakMegabytes)), limit: null },
    ];
  });
}

async function measureCost(url: string): Promise<void> {
  const atScaleOne = await rowsAtScaleOne(url);
  const byRows = numbersOf(values.rows).map((rows) => ({ rows, workers: 1 }));
  const byWorkers = numbersOf(values.workers).map((workers) => ({ rows: Number(values['worker-rows']), workers }));
  const readings = [
    ...readingsOfRows(byRows, await measurePoints(url, atScaleOne, byRows)),
    ...readingsOfWorkers(byWorkers, await measurePoints(url, atScaleOne, byWorkers)),
  ];
  const result = { gate: 'cost', title: `a row of ${values.data}, to nothing`, readings };
  print(formatResult(result));
  const rows = Math.max(...byRows.map((point) => point.rows));
  const made = makeResult(result, { rows, runs: Number(values.runs), server: 'none' });
  if (values.keep) keepResult(values.results, made);
  if (values.output !== undefined) fs.writeFileSync(values.output, `${JSON.stringify(made, null, 2)}\n`);
  if (missesOf(result).length > 0) process.exitCode = 1;
}

async function main(): Promise<void> {
  const server = await startEmbeddedServer();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endPrograms();
      void server.stop().finally(() => process.exit(130));
    });
  }
  try {
    await server.createDatabase('bench');
    const url = server.url('bench');
    await withClient(url, { applicationName: 'shapecast bench' }, (client) =>
      createSchema(client, fs.readFileSync(createFile, 'utf8')),
    );
    await measureCost(url);
  } finally {
    await server.stop();
  }
}

await (values.child === undefined ? main() : answerChild(values.child));
