// A whole run on a small database by the real commands: every document that they leave, and the pages made of them.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { serveWorkload } from '../../loadtest/serve.ts';
import { parseWorkload } from '../../spec/workload.ts';
import type { TestBench } from '../cli/test-context.ts';

const root = path.resolve(import.meta.dirname, '../..');
const demo = (name: string) => path.join(root, 'demo', name);
const WORKLOAD = demo('workload.sql');
const SALT = createHash('sha256').update('no secret').digest('hex');
/** Of the demo's production: about 40,000 rows. */
const SCALE = '0.1';

export interface DocumentedRun {
  /** The page of `report`. */
  readonly page: string;
  /** The page of `loadtest`. */
  readonly loadPage: string;
  readonly file: (name: 'report' | 'run' | 'comparison' | 'explanation' | 'load') => string;
}

/** Makes the run in the bench's folder. `whileServing` is called with the gateway's address. Throws where a command fails. */
export async function documentRun(
  bench: TestBench,
  url: string,
  whileServing: (address: string) => Promise<void>,
): Promise<DocumentedRun> {
  const run = async (...argv: string[]) => {
    const { status, stderr } = await bench.run(argv, { DATABASE_URL: url, PROD_REPLICA_URL: url, ANONYMIZATION_SALT: SALT });
    // 1 is a finding, and is on the page.
    if (status > 1) throw new Error(`${argv[0]} ended with ${status}: ${stderr}`);
  };
  fs.writeFileSync(path.join(bench.folder, 'scenario.json'), JSON.stringify(scenario));
  await run(
    'generate',
    '--spec',
    demo('production.yaml'),
    '--create',
    demo('production.sql'),
    '--seed',
    'browser',
    '--scale',
    SCALE,
  );
  await run('load', '--output-dir', 'runs');
  await run('sample', '--policy', demo('policy.yaml'), '--output', 'pack.json');
  await run('compare', '--pack', 'pack.json', '--output', 'comparison.json');
  await run('explain', '--workload', WORKLOAD, '--output', 'explanation.json');
  await withGateway(url, async (address) => {
    await whileServing(address);
    const { status, stderr } = await bench.run(['loadtest', '--scenario', 'scenario.json', '--output-dir', '.'], {
      LOADTEST_BASE_URL: address,
    });
    if (status > 1) throw new Error(`loadtest ended with ${status}: ${stderr}`);
  });
  const named = (prefix: string, suffix: string) =>
    fs.readdirSync(bench.folder).find((name) => name.startsWith(prefix) && name.endsWith(suffix)) ?? prefix;
  const files = {
    report: named('report_', '.json'),
    run: 'runs/latest_run.json',
    comparison: 'comparison.json',
    explanation: 'explanation.json',
    load: named('autocannon-', '.json'),
  };
  const { report, ...others } = files;
  await run('report', '--config', report, ...Object.entries(others).flatMap(([name, file]) => [`--${name}`, file]));
  const whole = (name: string) => path.join(bench.folder, name);
  return { page: whole('report.html'), loadPage: whole(named('autocannon-', '.html')), file: (name) => whole(files[name]) };
}

const scenario = {
  name: 'browser',
  requests: [
    { name: 'history, hot', weight: 2, path: '/queries/message-history?conversation=hot' },
    { name: 'readers', path: '/queries/readers-of-a-message?message=p50' },
  ],
  stages: [{ name: 'calm', connections: 2, durationSeconds: 2, ratePerSecond: 20 }],
};

async function withGateway(url: string, action: (address: string) => Promise<void>): Promise<void> {
  const gateway = await serveWorkload({
    url,
    workload: parseWorkload(fs.readFileSync(WORKLOAD, 'utf8'), 'w.sql'),
    file: 'w.sql',
    host: '127.0.0.1',
    port: 0,
    metricsPort: 0,
    metricsBearer: null,
    connections: 2,
    statementTimeoutMs: 10_000,
  });
  try {
    await action(gateway.address);
  } finally {
    await gateway.stop();
  }
}
