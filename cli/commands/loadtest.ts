// loadtest: a scenario's requests at its rates, against the gateway of `serve` or an application, held to its assertions.
import fs from 'node:fs';
import path from 'node:path';
import { readTextFile, writeFilesAtomically } from '../../core/files.ts';
import { packageFolder } from '../../core/tool.ts';
import type { LoadResult } from '../../spec/load-result.ts';
import type { LoadScenario } from '../../spec/load-scenario.ts';
import type { Workload } from '../../spec/workload.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { factsOfLoadResult } from '../evidence-of.ts';
import { jsonOption } from '../options.ts';
import { formatTimeStamp } from '../stamps.ts';
import { checkUrl } from '../target.ts';

const DEFAULT_SCENARIO = 'loadtest/scenario.json';

export const loadtestCommand = defineCommand({
  name: 'loadtest',
  summary: 'Send a scenario of HTTP requests at its rates with autocannon, and hold the answers to its assertions',
  example: 'shapecast loadtest --scenario loadtest/scenario.json',
  options: {
    scenario: {
      type: 'string',
      describe: `What is sent and what must hold (default: ${DEFAULT_SCENARIO} here, else the built-in one for the chat workload on serve)`,
    },
    'allow-mutations': {
      type: 'boolean',
      default: false,
      describe: 'Run a scenario that changes data at its targets ("mutates": true)',
    },
    server: {
      type: 'string',
      describe: 'URL of the database behind the targets: its statistics and waits of the same minutes come into the result',
    },
    workload: { type: 'string', describe: 'The queries (SQL) that serve answers: names for the statements of --server' },
    metrics: { type: 'string', describe: "URL of a gateway's metrics, as serve prints it: its pool comes into the result" },
    'output-dir': {
      type: 'string',
      default: 'loadtest/results',
      describe: 'Folder for autocannon-TIMESTAMP.json and the page beside it, .html',
    },
    'dry-run': { type: 'boolean', default: false, describe: 'Say what would be sent, and send and write nothing' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { parseLoadScenario } = await import('../../spec/load-scenario.ts');
    const file = findScenario(flags.scenario, context.folder);
    const scenario = parseLoadScenario(readTextFile(file), flags.scenario ?? DEFAULT_SCENARIO);
    const planned = {
      scenario,
      scenarioFolder: path.dirname(file),
      environment: context.environment,
      metricsUrl: flags.metrics,
    };
    const serverUrl = await guardServer(flags.server, context);
    const workload = await readWorkload(flags.workload, context.folder);
    if (flags['dry-run']) return printPlan(planned, flags.json, context);
    const { runLoadTest } = await import('../../loadtest/run-loadtest.ts');
    const { now, signal, startProgress } = context;
    const allowsMutations = flags['allow-mutations'];
    const result = await runLoadTest({ ...planned, allowsMutations, serverUrl, workload, now, signal, startProgress });
    context.note(factsOfLoadResult(result));
    await keepResult(result, flags, context);
    return result.status === 'passed' ? 0 : 1;
  },
});

function findScenario(flag: string | undefined, folder: string): string {
  const here = path.resolve(folder, flag ?? DEFAULT_SCENARIO);
  return flag !== undefined || fs.existsSync(here) ? here : path.join(packageFolder(), DEFAULT_SCENARIO);
}

interface Planned {
  readonly scenario: LoadScenario;
  readonly scenarioFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly metricsUrl: string | undefined;
}

async function printPlan(planned: Planned, isJson: boolean, context: CommandContext): Promise<0> {
  const { planLoadTest } = await import('../../loadtest/run-loadtest.ts');
  const { formatLoadPlan } = await import('../../spec/load-plan.ts');
  const plan = planLoadTest(planned);
  context.print(isJson ? JSON.stringify(plan, null, 2) : formatLoadPlan(plan));
  return 0;
}

/** The URL, after the guards that hold for every target. It is only read, but with a login. */
async function guardServer(flag: string | undefined, { environment }: CommandContext): Promise<string | undefined> {
  if (flag === undefined) return undefined;
  const { refuseUnsafeTarget } = await import('../../postgres/target-guard.ts');
  refuseUnsafeTarget('loadtest', checkUrl(flag, '--server'), environment);
  return flag;
}

async function readWorkload(flag: string | undefined, folder: string): Promise<Workload | undefined> {
  if (flag === undefined) return undefined;
  const { parseWorkload } = await import('../../spec/workload.ts');
  return parseWorkload(readTextFile(path.resolve(folder, flag)), flag);
}

interface KeepFlags {
  readonly 'output-dir': string;
  readonly json: boolean;
}

async function keepResult(result: LoadResult, flags: KeepFlags, { folder, now, print, tell }: CommandContext): Promise<void> {
  const { loadResultSchema } = await import('../../spec/load-result.ts');
  const { formatLoadResult } = await import('../../spec/format-load-result.ts');
  const { loadPage } = await import('../../report/load-page.ts');
  const text = JSON.stringify(loadResultSchema.parse(result), null, 2);
  const name = `autocannon-${formatTimeStamp(now())}`;
  const place = path.resolve(folder, flags['output-dir'], name);
  writeFilesAtomically(
    new Map([
      [`${place}.json`, `${text}\n`],
      [`${place}.html`, loadPage(result)],
    ]),
  );
  print(flags.json ? text : formatLoadResult(result));
  tell(`result in ${path.join(flags['output-dir'], `${name}.json`)}, page in ${name}.html beside it`);
}
