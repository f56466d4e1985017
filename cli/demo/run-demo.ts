// The demo: the commands of the main job, one after the other, on an embedded server that exists only for it. Each step
// is a real command line, printed before it runs, so that what is shown is what a user would type.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';
import type { SampleTuning } from '../../sampler/sample.ts';
import type { Command, CommandContext, Outcome } from '../command.ts';
import { calibrateCommand } from '../commands/calibrate.ts';
import { compareCommand } from '../commands/compare.ts';
import { explainCommand } from '../commands/explain.ts';
import { generateCommand } from '../commands/generate.ts';
import { loadCommand } from '../commands/load.ts';
import { loadtestCommand } from '../commands/loadtest.ts';
import { reportCommand } from '../commands/report.ts';
import { sampleCommand } from '../commands/sample.ts';
import { scanCommand } from '../commands/scan.ts';
import { runCommandLine } from '../run-command-line.ts';
import { type DemoFiles, formatClosingTable } from './closing-table.ts';
import { newestFile } from './newest-file.ts';
import { runPerformanceSteps } from './performance-steps.ts';

const steps: readonly Command[] = [
  generateCommand,
  sampleCommand,
  scanCommand,
  calibrateCommand,
  loadCommand,
  compareCommand,
  explainCommand,
  loadtestCommand,
  reportCommand,
];

/** Known to everybody, so that the demo gives the same tokens, and so the same rows, every time. It protects nothing. */
const DEMO_SALT = createHash('sha256').update('the salt of the shapecast demo, which protects nothing').digest('hex');
/** In real life random for each run: how distinct people are estimated. */
const DEMO_TUNING: SampleTuning = { seeds: { label: 1n, bucket: 2n } };

export interface DemoOptions {
  /** Where the files go; null: a new folder in the system's temporary one (a work tree would be refused by sample). */
  readonly outputFolder: string | null;
}

/** Runs the demo; 1 as soon as a step does not end with 0. Starts a server and stops it; the files stay. */
export async function runDemo(options: DemoOptions, context: CommandContext): Promise<Outcome> {
  const { startEmbeddedServer } = await import('../../postgres/embedded-server.ts');
  const { refuseUnsafeTarget } = await import('../../postgres/target-guard.ts');
  refuseUnsafeTarget('demo', 'postgresql://localhost/demo', { NODE_ENV: context.environment.NODE_ENV });
  const folder = prepareFolder(options.outputFolder, context);
  const startedMs = context.now().getTime();
  context.print('starting an embedded PostgreSQL for the demo');
  const server = await startEmbeddedServer();
  try {
    await server.createDatabase('production');
    await server.createDatabase('synthetic');
    const urls = { production: server.url('production'), synthetic: server.url('synthetic') };
    // A folder that the caller chose may hold an earlier demo.
    const force = options.outputFolder !== null && fs.existsSync(filesOf(folder).pack) ? ['--force'] : [];
    if ((await runSteps({ urls, folder, force }, context)) !== 0) return 1;
  } finally {
    await server.stop();
  }
  const seconds = (context.now().getTime() - startedMs) / 1000;
  context.print(`\n${formatClosingTable(filesOf(folder), seconds)}`);
  return 0;
}

interface Place {
  readonly urls: { readonly production: string; readonly synthetic: string };
  readonly folder: string;
  readonly force: readonly string[];
}

/** The status of the first step that does not end with 0. */
async function runSteps({ force, folder, urls }: Place, context: CommandContext): Promise<number> {
  for (const step of planSteps(urls, force)) {
    const status = await runStep(step, folder, context);
    if (status !== 0) return status;
    if (step.isProduction === true) await analyze(urls.production);
  }
  return runPerformanceSteps({
    folder,
    environment: { DATABASE_URL: urls.synthetic },
    demoFile,
    force,
    run: (step) => runStep(step, folder, context),
    contextOf: (environment) => stepContext(environment, folder, context),
  });
}

function filesOf(folder: string): DemoFiles {
  const file = (name: string) => path.join(folder, name);
  return {
    folder,
    pack: file('shape-metrics.json'),
    comparison: file('comparison.json'),
    runRecord: file('runs/latest_run.json'),
    explanation: file('explanation.json'),
    loadResult: () => newestFile(file('loadtest'), 'autocannon-'),
    page: file('report.html'),
  };
}

/** A file that is shipped for the demo. */
function demoFile(name: string): string {
  return path.join(packageFolder(), 'demo', name);
}

interface Step {
  readonly title: string;
  readonly argv: readonly string[];
  /** Given by variables, so that no connection string is ever on a command line or on the screen. */
  readonly environment: NodeJS.ProcessEnv;
  /** The step that makes the production database. */
  readonly isProduction?: boolean;
}

/** A production database has statistics; sample looks for labels where they say that there are few. */
async function analyze(url: string): Promise<void> {
  const { withClient } = await import('../../postgres/connect.ts');
  const { runQuery } = await import('../../postgres/query.ts');
  await withClient(url, { applicationName: 'shapecast demo' }, (client) => runQuery(client, 'analyzing', 'analyze'));
}

function planSteps(urls: { production: string; synthetic: string }, force: readonly string[]): Step[] {
  const production = { DATABASE_URL: urls.production };
  const boundary = { PROD_REPLICA_URL: urls.production, ANONYMIZATION_SALT: DEMO_SALT };
  const target = { DATABASE_URL: urls.synthetic };
  const madeUp = ['--spec', demoFile('production.yaml'), '--create', demoFile('production.sql')];
  return [
    {
      title: 'a made-up production database (in real life it exists already)',
      argv: ['generate', ...madeUp, '--seed', 'production', '--output-dir', 'production'],
      environment: production,
      isProduction: true,
    },
    {
      title: 'inside the boundary: measure its shape; only this file would leave',
      argv: ['sample', '--policy', demoFile('policy.yaml'), '--output', 'shape-metrics.json', ...force],
      environment: boundary,
    },
    { title: 'the outgoing gate', argv: ['scan', 'shape-metrics.json'], environment: {} },
    {
      title: 'outside: the shape becomes a spec that a person can read and change',
      argv: ['calibrate', '--pack', 'shape-metrics.json', '--output', 'spec.yaml', ...force],
      environment: {},
    },
    {
      title: 'twice the rows of production, from the spec and a seed',
      argv: ['generate', '--spec', 'spec.yaml', '--create', demoFile('production.sql'), '--seed', 'demo', '--scale', '2'],
      environment: target,
    },
    { title: 'verify what arrived', argv: ['load', '--output-dir', 'runs'], environment: target },
    {
      title: 'the same sampler over the synthetic database, marginal by marginal',
      argv: ['compare', '--pack', 'shape-metrics.json', '--output', 'comparison.json'],
      environment: target,
    },
  ];
}

async function runStep(step: Step, folder: string, context: CommandContext): Promise<number> {
  context.print(`\n== ${step.title}\n$ shapecast ${step.argv.join(' ')}`);
  return runCommandLine(step.argv, steps, stepContext(step.environment, folder, context));
}

/** The demo's server and gateway are ours and listen on loopback only, whatever targets, hosts and bearers the caller has. */
function stepContext(environment: NodeJS.ProcessEnv, folder: string, context: CommandContext): CommandContext {
  const rest = Object.entries(context.environment).filter(
    ([name]) => !/^(LOADTEST_.*|METRICS_BEARER|SHAPECAST_ALLOWED_HOSTS|DATABASE_URL|PROD_REPLICA_URL)$/.test(name),
  );
  // Evidence of the demo's steps is with its other files.
  const own = { SHAPECAST_EVIDENCE_DIR: 'evidence', ...environment };
  return { ...context, folder, environment: { ...Object.fromEntries(rest), ...own }, sampleTuning: DEMO_TUNING };
}

/** The folder, made when missing. */
function prepareFolder(given: string | null, context: CommandContext): string {
  if (given === null) return fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-demo-'));
  const folder = path.resolve(context.folder, given);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
