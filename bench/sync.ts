// Sync's rows with the committed example rules beside the fastest unmasked pipe of the same tables, in turn; and the memory of the process at two
// numbers of rows. Ends with 1 where a limit is missed. Makes databases on the given server (its user may create them and CHECKPOINT; the server's
// psql and pg_dump are on the PATH) and drops them at the end, about 3 GB at the default rows; --keep leaves the chat database for the next time.
//
//   npm run bench -- sync --target URL_OF_SERVER [--rows 5000000] [--runs 3] [--jobs 2] [--prefix shapecast_bench_] [--keep]
import { parseArgs } from 'node:util';
import { formatResult } from './gates/format-result.ts';
import { interleave, type Kind } from './gates/interleave.ts';
import { atLeast, atMost, missesOf, type Reading } from './gates/reading.ts';
import { endPrograms, runProgram } from './gates/run-program.ts';
import { figureOf, ratiosOf } from './gates/statistics.ts';
import { type BenchServer, dropDatabase, emptyTarget, makeTarget, provideSource, urlOf } from './sync/databases.ts';
import { type CopyMeasurement, type CopyRequest, measureCopy } from './sync/measure-copy.ts';
import { measurePipe } from './sync/measure-pipe.ts';

const FEW_ROWS = 100_000;

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    rows: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '2' },
    prefix: { type: 'string', default: 'shapecast_bench_' },
    keep: { type: 'boolean', default: false },
    /** Set in the processes that measure. */
    child: { type: 'string' },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const startMs = performance.now();
const tell = (line: string) => void process.stderr.write(`[${Math.round((performance.now() - startMs) / 1000)} s] ${line}\n`);

interface Bench {
  readonly server: BenchServer;
  readonly target: string;
  readonly jobs: number;
}

async function copyInChild({ jobs, server, target }: Bench, source: string, rules: string): Promise<CopyMeasurement> {
  await emptyTarget(server, target);
  const [, script = ''] = process.argv;
  const request: CopyRequest = { sourceUrl: urlOf(server, source), targetUrl: urlOf(server, target), rules, jobs };
  const { stdout } = await runProgram(process.execPath, [script, '--child', JSON.stringify(request)]);
  return JSON.parse(stdout);
}

async function pipe({ jobs, server, target }: Bench, source: string, format: 'text' | 'binary'): Promise<{ seconds: number }> {
  await emptyTarget(server, target);
  return measurePipe({ sourceUrl: urlOf(server, source), targetUrl: urlOf(server, target), format, jobs });
}

async function measureSpeed(bench: Bench, source: string): Promise<Reading[]> {
  const seconds = (measured: { seconds: number }) => measured.seconds;
  const kinds: Kind<CopyMeasurement | { seconds: number }>[] = [
    { name: 'psql, text', run: () => pipe(bench, source, 'text'), seconds },
    { name: 'psql, binary', run: () => pipe(bench, source, 'binary'), seconds },
    { name: 'sync, nothing masked', run: () => copyInChild(bench, source, 'keep'), seconds },
    { name: 'sync, chat-sql', run: () => copyInChild(bench, source, 'chat-sql'), seconds },
    { name: 'sync, chat-fake', run: () => copyInChild(bench, source, 'chat-fake'), seconds },
  ];
  await copyInChild(bench, source, 'keep');
  const results = await interleave('copy', Number(values.runs), kinds, tell);
  for (const [at, { name }] of kinds.entries()) tellTables(name, results[at]?.at(-1));
  const [text = [], binary = [], plain = [], sql = [], fake = []] = results.map((runs) => runs.map(seconds));
  // The fastest by its median: the least of three in each run would be whichever was lucky.
  const median = (times: readonly number[]) => figureOf(times).median;
  const [floor = []] = [text, binary, plain].sort((left, right) => median(left) - median(right));
  // Other work on the machine changes it less. Of psql's servers nobody knows it, so this is beside sync with nothing masked.
  const [plainWork = [], sqlWork = [], fakeWork = []] = results.slice(2).map((runs) => runs.map(workOf));
  const times = kinds.map(({ name }, at): Reading => {
    return { name, unit: 's', figure: figureOf((results[at] ?? []).map(seconds)), limit: null };
  });
  return [
    ...times,
    {
      name: 'chat-sql: rate by the fastest unmasked',
      unit: 'times',
      figure: figureOf(ratiosOf(floor, sql)),
      limit: atLeast(0.9),
    },
    {
      name: 'chat-fake: rate by the fastest unmasked',
      unit: 'times',
      figure: figureOf(ratiosOf(floor, fake)),
      limit: atLeast(0.7),
    },
    { name: 'chat-sql: the same by processor time', unit: 'times', figure: figureOf(ratiosOf(plainWork, sqlWork)), limit: null },
    {
      name: 'chat-fake: the same by processor time',
      unit: 'times',
      figure: figureOf(ratiosOf(plainWork, fakeWork)),
      limit: null,
    },
  ];
}

/** Processor seconds of the process and of the servers' behind its connections; NaN where they are out of sight. */
function workOf(measured: CopyMeasurement | { seconds: number }): number {
  if (!('serverSeconds' in measured)) return Number.NaN;
  return measured.processorSeconds + (measured.serverSeconds ?? Number.NaN);
}

function tellTables(name: string, measured: CopyMeasurement | { seconds: number } | undefined): void {
  if (measured === undefined || !('tables' in measured)) return;
  const { peakMegabytes, processorSeconds, rows, seconds, serverSeconds, tables } = measured;
  const rate = `${Math.round(rows / seconds).toLocaleString('en-US')} rows/s`;
  tell(
    `${name}: ${rate}, ${processorSeconds.toFixed(1)} s of processor (servers ${serverSeconds?.toFixed(1) ?? '-'} s), ${Math.round(peakMegabytes)} MB`,
  );
  for (const table of tables)
    tell(`  ${table.table}: ${table.rows.toLocaleString('en-US')} rows, all in after ${table.seconds.toFixed(1)} s`);
}

async function measureMemory(bench: Bench, few: string, many: string): Promise<Reading[]> {
  const peaks: [number[], number[]] = [[], []];
  for (let run = 0; run < Number(values.runs); run += 1) {
    peaks[0].push((await copyInChild(bench, few, 'chat-fake')).peakMegabytes);
    peaks[1].push((await copyInChild(bench, many, 'chat-fake')).peakMegabytes);
  }
  const [small, large] = peaks;
  const rows = (count: number) => `${count.toLocaleString('en-US')} rows`;
  return [
    { name: `chat-fake: peak memory, ${rows(FEW_ROWS)}`, unit: 'MB', figure: figureOf(small), limit: null },
    { name: `chat-fake: peak memory, ${rows(Number(values.rows))}`, unit: 'MB', figure: figureOf(large), limit: null },
    { name: 'chat-fake: growth of memory', unit: 'times', figure: figureOf(ratiosOf(large, small)), limit: atMost(1.5) },
  ];
}

async function main(url: string): Promise<void> {
  const server = { url, prefix: values.prefix };
  const many = await provideSource(server, Number(values.rows), tell);
  const few = await provideSource(server, FEW_ROWS, tell);
  const target = await makeTarget(server, many);
  try {
    const bench = { server, target, jobs: Number(values.jobs) };
    const readings = [...(await measureSpeed(bench, many)), ...(await measureMemory(bench, few, many))];
    const result = {
      gate: 'sync',
      title: `the rows of a chat database, ${values.rows} over all tables, ${values.jobs} jobs`,
      readings,
    };
    print(formatResult(result));
    if (missesOf(result).length > 0) process.exitCode = 1;
  } finally {
    for (const name of values.keep ? [target] : [target, few, many]) await dropDatabase(server, name);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    endPrograms();
    process.exit(130);
  });
if (values.child !== undefined) {
  const request: CopyRequest = JSON.parse(values.child);
  print(JSON.stringify(await measureCopy(request)));
} else if (values.target === undefined) {
  print('--target URL_OF_SERVER is missing');
  process.exitCode = 2;
} else await main(values.target);
