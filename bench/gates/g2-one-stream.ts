// G2: one worker into tables without indexes against `psql \copy` of the same bytes from the page cache.
import path from 'node:path';
import { measureGenerateInChild } from './child.ts';
import { type Gate, type GateContext, provideBytes } from './context.ts';
import { copyStatement } from './copy-file.ts';
import { type DataSet, scaleOf } from './data-sets.ts';
import { provideTemplate, withCopy } from './databases.ts';
import { interleave } from './interleave.ts';
import type { GenerateMeasurement } from './measure-generate.ts';
import { atMost, type Limit, type Reading } from './reading.ts';
import { runProgram } from './run-program.ts';
import { figureOf, ratiosOf } from './statistics.ts';
import type { WrittenTable } from './write-bytes.ts';

const TIMES_SLOWER = 1;

export const oneStreamGate: Gate = {
  name: 'G2',
  title: 'one worker into tables without indexes against psql \\copy of the same bytes',
  run: (context) =>
    againstCopies(context, {
      workers: 1,
      limit: atMost(TIMES_SLOWER),
      name: 'psql \\copy',
      load: (url, tables) => copyWithPsql(context, url, tables),
    }),
};

export interface Rival {
  readonly workers: number;
  readonly limit: Limit;
  readonly name: string;
  /** Loads all files; seconds. */
  readonly load: (url: string, tables: readonly WrittenTable[]) => Promise<number>;
}

/** Every data set by generate and by the rival, in turn. */
export async function againstCopies(context: GateContext, rival: Rival): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const dataSet of context.dataSets) readings.push(...(await compareOn(context, dataSet, rival)));
  return readings;
}

async function compareOn(context: GateContext, dataSet: DataSet, rival: Rival): Promise<Reading[]> {
  const { cluster, rows, runs, tell } = context;
  const tables = await provideBytes(context, dataSet);
  const template = await provideTemplate(cluster, dataSet, 'bare');
  const request = { specFile: dataSet.specFile, scale: scaleOf(rows), rows: {}, workers: rival.workers, to: 'postgres' as const };
  const ours: GenerateMeasurement[] = [];
  const generateOnce = async (url: string) => {
    const measured = await measureGenerateInChild({ ...request, url });
    refuseOtherBytes(measured, tables);
    ours.push(measured);
    return measured.seconds;
  };
  const [seconds = [], theirs = []] = await interleave<number>(
    `${dataSet.name}, ${rival.workers} at once`,
    runs,
    [
      { name: 'shapecast', run: () => withCopy(cluster, template, generateOnce), seconds: Number },
      { name: rival.name, run: () => withCopy(cluster, template, (url) => rival.load(url, tables)), seconds: Number },
    ],
    tell,
  );
  return [
    {
      name: `${dataSet.name}: time against ${rival.name}`,
      unit: 'times',
      figure: figureOf(ratiosOf(seconds, theirs)),
      limit: rival.limit,
    },
    { name: `${dataSet.name}: shapecast, from its plan on`, unit: 's', figure: figureOf(seconds), limit: null },
    { name: `${dataSet.name}: ${rival.name}`, unit: 's', figure: figureOf(theirs), limit: null },
    {
      name: `${dataSet.name}: shapecast`,
      unit: 'rows/s',
      figure: figureOf(ours.map((run) => run.rows / run.seconds)),
      limit: null,
    },
    {
      name: `${dataSet.name}: before, to its plan`,
      unit: 's',
      figure: figureOf(ours.map((run) => run.planSeconds)),
      limit: null,
    },
  ];
}

/** The comparison is of the same bytes or of nothing. */
function refuseOtherBytes({ bytes, rows }: GenerateMeasurement, tables: readonly WrittenTable[]): void {
  const wanted = tables.reduce((sum, table) => ({ rows: sum.rows + table.rows, bytes: sum.bytes + table.bytes }), {
    rows: 0,
    bytes: 0,
  });
  if (rows === wanted.rows && bytes === wanted.bytes) return;
  throw new Error(`generate sent ${bytes} bytes of ${rows} rows; the files have ${wanted.bytes} of ${wanted.rows}`);
}

async function copyWithPsql({ cluster }: GateContext, url: string, tables: readonly WrittenTable[]): Promise<number> {
  const commands = tables.flatMap((table) =>
    table.files.flatMap((file) => ['-c', `\\${copyStatement(table, file, 'format binary')}`]),
  );
  const args = ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', '--dbname', url, ...commands];
  return (await runProgram(path.join(cluster.bin, 'psql'), args)).seconds;
}
