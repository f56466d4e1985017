// Our loadtest beside autocannon's own command line, in turn, on the server of autocannon's samples and on our gateway: answers a second and
// p99, medians of the ratios inside each run. Ends with 1 where one is off by more than a tenth (p99: and by more than its unit, 1 ms).
//
//   npm run bench -- gateway [--target URL] [--workload spec/chat-workload.sql] [--request /queries/...] [--connections 100]
//     [--seconds 12] [--runs 3] [--together]
//
// --together: both at once on one server, for a machine with other work: what slows one down slows the other.
// Without --target only the example server is loaded. The target is only read.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../core/tool.ts';
import { interleave } from './gates/interleave.ts';
import { endPrograms } from './gates/run-program.ts';
import { figureOf, ratiosOf } from './gates/statistics.ts';
import { type Load, type Measured, measureAutocannon, measureLoadtest } from './gateway/measure.ts';
import { type RunningServer, serveExample, startExample, startGateway } from './gateway/servers.ts';

const ALLOWED = 0.1;
const ALLOWED_MS = 1;
const WARM_UP_SECONDS = 3;

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    workload: { type: 'string', default: path.join(packageFolder(), 'spec/chat-workload.sql') },
    request: { type: 'string', default: '/queries/message-history?conversation=p50' },
    connections: { type: 'string', default: '100' },
    // What both do slowly while they start, about half a second, is then less than a hundredth, or p99 would be of that.
    seconds: { type: 'string', default: '12' },
    runs: { type: 'string', default: '3' },
    together: { type: 'boolean', default: false },
    /** Set in the process of the example server. */
    serve: { type: 'boolean', default: false },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const tell = (line: string) => void process.stderr.write(`${line}\n`);

/** Whether both figures are near enough. */
async function compare(name: string, start: () => Promise<RunningServer>): Promise<boolean> {
  const server = await start();
  try {
    const load: Load = { url: server.url, connections: Number(values.connections), durationSeconds: Number(values.seconds) };
    // Or whoever comes first meets a server that has compiled nothing yet.
    await measureAutocannon({ ...load, durationSeconds: WARM_UP_SECONDS });
    const [ours = [], theirs = []] = await (values.together ? runTogether(load) : runInTurn(name, load));
    const isThroughputNear = judge(`${name}, answers/s`, ours, theirs, ({ answersPerSecond }) => answersPerSecond, 0);
    const isLatencyNear = judge(`${name}, p99 ms`, ours, theirs, ({ p99Ms }) => p99Ms, ALLOWED_MS);
    return isThroughputNear && isLatencyNear;
  } finally {
    server.stop();
  }
}

function runInTurn(name: string, load: Load): Promise<Measured[][]> {
  const seconds = (measured: Measured) => measured.seconds;
  const kinds = [
    { name: 'loadtest', run: () => measureLoadtest(load), seconds },
    { name: 'autocannon', run: () => measureAutocannon(load), seconds },
  ];
  return interleave(name, Number(values.runs), kinds, tell);
}

async function runTogether(load: Load): Promise<Measured[][]> {
  const results: [Measured[], Measured[]] = [[], []];
  for (let run = 0; run < Number(values.runs); run += 1) {
    const [ours, theirs] = await Promise.all([measureLoadtest(load), measureAutocannon(load)]);
    results[0].push(ours);
    results[1].push(theirs);
  }
  return results;
}

function judge(
  name: string,
  ours: readonly Measured[],
  theirs: readonly Measured[],
  figure: (measured: Measured) => number,
  unit: number,
): boolean {
  const [left, right] = [ours.map(figure), theirs.map(figure)];
  const ratio = figureOf(ratiosOf(left, right));
  const difference = Math.abs(figureOf(left).median - figureOf(right).median);
  const isNear = Math.abs(ratio.median - 1) <= ALLOWED || difference <= unit;
  const figures = `loadtest ${figureOf(left).median.toFixed(0)}, autocannon ${figureOf(right).median.toFixed(0)}`;
  const interval = `${ratio.lowest.toFixed(3)} to ${ratio.highest.toFixed(3)}`;
  print(`${isNear ? '✓' : '✗'} ${name}: ${figures}, ratio ${ratio.median.toFixed(3)} (${interval})`);
  return isNear;
}

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      endPrograms();
      process.exit(130);
    });
  const { request, target, workload } = values;
  const isExampleNear = await compare('example server', startExample);
  const isGatewayNear = target === undefined || (await compare('gateway', () => startGateway(target, workload, request)));
  if (!isExampleNear || !isGatewayNear) process.exitCode = 1;
}

if (values.serve) serveExample();
else await main();
