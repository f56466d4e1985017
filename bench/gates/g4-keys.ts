// G4: the command line from an empty schema to a database with its keys, indexes, foreign keys and statistics, against pg_restore of that
// database. The dump is a folder without compression: the fastest there is to restore.
import fs from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';
import type { Gate, GateContext } from './context.ts';
import { type DataSet, scaleOf } from './data-sets.ts';
import { onUrl, provideTemplate, withCopy } from './databases.ts';
import { interleave } from './interleave.ts';
import { atMost, type Reading } from './reading.ts';
import { runProgram } from './run-program.ts';
import { figureOf, ratiosOf } from './statistics.ts';
import { SEED } from './write-plan.ts';

const TIMES_SLOWER = 1.05;

export const keysGate: Gate = {
  name: 'G4',
  title:
    'the whole command, keys, indexes, foreign keys and ANALYZE included, against pg_restore -j and ANALYZE of the same database',
  async run(context) {
    const readings: Reading[] = [];
    for (const dataSet of context.dataSets) readings.push(...(await compareOn(context, dataSet)));
    return readings;
  },
};

async function compareOn(context: GateContext, dataSet: DataSet): Promise<Reading[]> {
  const { cluster, runs, tell } = context;
  const template = await provideTemplate(cluster, dataSet, 'full');
  const dump = path.join(cluster.folder, `${dataSet.name}.dump`);
  tell(`${dataSet.name}: filling and dumping a database for the reference`);
  const wanted = await withCopy(cluster, template, async (url) => {
    await generateAndAnalyse(context, dataSet, url);
    await dumpTo(context, url, dump);
    return countObjects(url);
  });
  const check = async (url: string, seconds: number) => {
    const found = await countObjects(url);
    if (found !== wanted) throw new Error(`a database has ${found}, not ${wanted}`);
    return seconds;
  };
  const [ours = [], theirs = []] = await interleave<number>(
    dataSet.name,
    runs,
    [
      {
        name: 'shapecast',
        run: () => withCopy(cluster, template, async (url) => check(url, await generateAndAnalyse(context, dataSet, url))),
        seconds: Number,
      },
      {
        name: 'pg_restore',
        run: () => withCopy(cluster, 'template0', async (url) => check(url, await restore(context, url, dump))),
        seconds: Number,
      },
    ],
    tell,
  );
  fs.rmSync(dump, { recursive: true });
  return [
    {
      name: `${dataSet.name}: time against pg_restore`,
      unit: 'times',
      figure: figureOf(ratiosOf(ours, theirs)),
      limit: atMost(TIMES_SLOWER),
    },
    { name: `${dataSet.name}: shapecast generate and ANALYZE`, unit: 's', figure: figureOf(ours), limit: null },
    { name: `${dataSet.name}: pg_restore and ANALYZE`, unit: 's', figure: figureOf(theirs), limit: null },
  ];
}

async function generateAndAnalyse(context: GateContext, dataSet: DataSet, url: string): Promise<number> {
  const folder = path.join(context.cluster.folder, 'reports');
  const command = [
    `${packageFolder()}/bin/shapecast.js`,
    'generate',
    '--spec',
    dataSet.specFile,
    '--target',
    url,
    '--band',
    'dev',
    '--seed',
    SEED,
  ];
  const rest = [
    '--scale',
    String(scaleOf(context.rows)),
    '--workers',
    String(context.cores),
    '--output-dir',
    folder,
    '--no-archive-seed',
  ];
  const { seconds } = await runProgram(process.execPath, [...command, ...rest]);
  return seconds + (await analyse(context, url));
}

async function analyse({ cluster, cores }: GateContext, url: string): Promise<number> {
  const args = ['--analyze-only', '--quiet', '--jobs', String(cores), '--dbname', url];
  return (await runProgram(path.join(cluster.bin, 'vacuumdb'), args)).seconds;
}

async function dumpTo({ cluster, cores }: GateContext, url: string, dump: string): Promise<void> {
  fs.rmSync(dump, { recursive: true, force: true });
  const args = ['--format', 'directory', '--compress', '0', '--jobs', String(cores), '--exclude-schema', 'shapecast'];
  await runProgram(path.join(cluster.bin, 'pg_dump'), [...args, '--file', dump, '--dbname', url]);
}

async function restore(context: GateContext, url: string, dump: string): Promise<number> {
  const { cluster, cores } = context;
  const args = ['--jobs', String(cores), '--exit-on-error', '--no-owner', '--dbname', url, dump];
  const { seconds } = await runProgram(path.join(cluster.bin, 'pg_restore'), args);
  return seconds + (await analyse(context, url));
}

/** Tables, constraints and indexes, so that neither side wins by leaving something out. */
async function countObjects(url: string): Promise<string> {
  const inPublic = "'public'::regnamespace";
  const [found] = await onUrl(
    url,
    `select
       (select count(*) from pg_class where relnamespace = ${inPublic} and relkind = 'r') as tables,
       (select count(*) from pg_class where relnamespace = ${inPublic} and relkind = 'i') as indexes,
       (select count(*) from pg_constraint where connamespace = ${inPublic} and convalidated) as constraints,
       (select sum(reltuples) > 0 from pg_class where relnamespace = ${inPublic} and relkind = 'r') as analysed`,
  );
  return JSON.stringify(found);
}
