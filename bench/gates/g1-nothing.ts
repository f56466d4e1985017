// G1: what one thread makes and lets go, table by table, against one backend's COPY of the same bytes.
import path from 'node:path';
import { measureRowsInChild } from './child.ts';
import { type Gate, type GateContext, providePlan } from './context.ts';
import { copyFrozen } from './copy-file.ts';
import type { DataSet } from './data-sets.ts';
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
      const planFile = await providePlan(context, dataSet, 'full');
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
  const { cluster, runs, tell } = context;
  const request = { planFile, table, rows: Math.ceil(context.rows * SHARE), file: null, isProfiled: false };
  const file = path.join(cluster.folder, `${dataSet.name}.${table}.g1.copy`);
  const written = await measureRowsInChild({
    ...request,
    rows: Math.min(request.rows, request.rows),
    file,
    isProfiled: context.isProfiled,
  });
  if (context.isProfiled) tellProfile(context, table, written);
  const planned = readPlan(planFile).tables.find(({ name }) => name === table);
  if (planned === undefined) throw new Error(`the plan has no table ${table}`);
  const copied = { schema: planned.schema, relation: planned.relation, columns: planned.columns.map(({ name }) => name) };
  const times = Math.max(1, Math.round(request.rows / written.distinctRows));
  const template = await provideTemplate(cluster, dataSet, 'bare');
  const copy = () => withCopy(cluster, template, (url) => copyFrozen(url, copied, file, times));
  const ours: RowsMeasurement[] = [];
  const [, copies = []] = await interleave<number>(
    `G1 ${table}`,
    runs,
    [
      { name: 'generator', run: async () => push(ours, await measureRowsInChild(request)).wallSeconds, seconds: Number },
      { name: 'COPY', run: copy, seconds: Number },
    ],
    tell,
  );
  const copyRates = copies.map((seconds) => (times * written.distinctRows) / seconds);
  return readingsOf(table, ours, copyRates);
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

function push<Item>(list: Item[], item: Item): Item {
  list.push(item);
  return item;
}

function tellProfile({ tell }: GateContext, table: string, { profile }: RowsMeasurement): void {
  tell(`${table}: where the time goes, share of it, the function alone`);
  for (const { share, where } of profile.slice(0, PROFILED)) tell(`  ${(100 * share).toFixed(1)} %  ${where}`);
}
