// G1: what one thread makes and lets go, table by table, against one backend's COPY of the same bytes. The rows are of the whole dev band, from
// places all over each table; a table that has too few is made, and is in the file, several times.
import fs from 'node:fs';
import path from 'node:path';
import { measureRowsInChild } from './child.ts';
import { type Gate, type GateContext, providePlan } from './context.ts';
import { type CopiedTable, copyFrozen } from './copy-file.ts';
import { type DataSet, DEV_ROWS } from './data-sets.ts';
import { provideTemplate, withCopy } from './databases.ts';
import { interleave } from './interleave.ts';
import type { RowsMeasurement } from './measure-rows.ts';
import { atLeast, atMost, type Reading } from './reading.ts';
import { figureOf, ratiosOf } from './statistics.ts';
import { readPlan } from './write-plan.ts';

const TIMES_FASTER = 2.5;
const NANOSECONDS_A_CELL = 50;
/** Of the rows of a data set, made of each of its tables in a run. */
const SHARE = 0.5;
const PROFILED = 15;

export const nothingGate: Gate = {
  name: 'G1',
  title: "the generator to nothing, one thread, against one backend's COPY of a file of the same bytes",
  async run(context) {
    const readings: Reading[] = [];
    for (const dataSet of context.dataSets) {
      const planFile = await providePlan(context, dataSet, 'full', DEV_ROWS);
      const names = readPlan(planFile).tables.map(({ name }) => name);
      for (const table of names.filter((name) => isWanted(name, context.tables))) {
        readings.push(...(await measureTable(context, dataSet, planFile, table)));
      }
    }
    return readings;
  },
};

function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((given) => given === name || `public.${given}` === name);
}

async function measureTable(context: GateContext, dataSet: DataSet, planFile: string, table: string): Promise<Reading[]> {
  const { cluster, isProfiled, runs, tell } = context;
  const request = { planFile, table, rows: Math.ceil(context.rows * SHARE), file: null, isProfiled: false };
  const file = path.join(cluster.folder, `${dataSet.name}.${table}.g1.copy`);
  const written = await measureRowsInChild({ ...request, file, isProfiled });
  if (isProfiled) tellProfile(context, table, written);
  const copied = columnsOf(planFile, table);
  const template = await provideTemplate(cluster, dataSet, 'bare');
  const copy = () => withCopy(cluster, template, (url) => copyFrozen(url, copied, file));
  const ours: RowsMeasurement[] = [];
  const make = async () => {
    const made = await measureRowsInChild(request);
    ours.push(made);
    return made.wallSeconds;
  };
  const [, copies = []] = await interleave<number>(
    `G1 ${table}`,
    runs,
    [
      { name: 'generator', run: make, seconds: Number },
      { name: 'COPY', run: copy, seconds: Number },
    ],
    tell,
  );
  fs.rmSync(file);
  const copyRates = copies.map((seconds) => written.writtenRows / seconds);
  return readingsOf(table, ours, copyRates);
}

function columnsOf(planFile: string, table: string): CopiedTable {
  const planned = readPlan(planFile).tables.find(({ name }) => name === table);
  if (planned === undefined) throw new Error(`the plan has no table ${table}`);
  return { schema: planned.schema, relation: planned.relation, columns: planned.columns.map(({ name }) => name) };
}

function readingsOf(table: string, ours: readonly RowsMeasurement[], copyRates: readonly number[]): Reading[] {
  const perWall = ours.map(({ rows, wallSeconds }) => rows / wallSeconds);
  const perProcessor = ours.map(({ processorSeconds, rows }) => rows / processorSeconds);
  const perCell = ours.map(({ columns, processorSeconds, rows }) => (1e9 * processorSeconds) / (rows * columns));
  return [
    {
      name: `${table}: times COPY's rate`,
      unit: 'times',
      figure: figureOf(ratiosOf(perWall, copyRates)),
      limit: atLeast(TIMES_FASTER),
    },
    { name: `${table}: processor time a cell`, unit: 'ns/cell', figure: figureOf(perCell), limit: atMost(NANOSECONDS_A_CELL) },
    { name: `${table}: rows a second`, unit: 'rows/s', figure: figureOf(perWall), limit: null },
    { name: `${table}: rows a processor second`, unit: 'rows/s', figure: figureOf(perProcessor), limit: null },
    { name: `${table}: COPY`, unit: 'rows/s', figure: figureOf(copyRates), limit: null },
  ];
}

function tellProfile({ tell }: GateContext, table: string, { profile }: RowsMeasurement): void {
  tell(`${table}: where the time goes, share of it, the function alone`);
  for (const { share, where } of profile.slice(0, PROFILED)) tell(`  ${(100 * share).toFixed(1)} %  ${where}`);
}
