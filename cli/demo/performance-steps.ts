// The end of the demo: how the copy answers the chat's queries, what load it bears, and the page that tells all of it. The gateway runs
// beside the load test and ends with it.
import path from 'node:path';
import { type StepContext, withGateway } from './background-serve.ts';
import { newestFile } from './newest-file.ts';

export interface PerformanceParts {
  readonly folder: string;
  /** The target's URL, as a variable. */
  readonly environment: NodeJS.ProcessEnv;
  /** A file that is shipped for the demo. */
  readonly demoFile: (name: string) => string;
  /** `--force` where an earlier demo is in the folder. */
  readonly force: readonly string[];
  readonly run: (step: { title: string; argv: readonly string[]; environment: NodeJS.ProcessEnv }) => Promise<number>;
  /** The context of a step's command line. */
  readonly contextOf: (environment: NodeJS.ProcessEnv) => StepContext;
}

/** The status of the first step that does not end with 0. */
export async function runPerformanceSteps({
  contextOf,
  demoFile,
  environment,
  folder,
  force,
  run,
}: PerformanceParts): Promise<number> {
  const workload = ['--workload', demoFile('workload.sql')];
  const explained = await run({
    title: "how the copy answers the chat's queries, held to what their plans must have",
    argv: ['explain', ...workload, '--output', 'explanation.json', ...force],
    environment,
  });
  if (explained !== 0) return explained;
  const serve = ['serve', ...workload, '--port', '0', '--metrics-port', '0'];
  const context = contextOf(environment);
  context.print(`\n== the queries over HTTP, beside the next step\n$ shapecast ${serve.join(' ')} &`);
  const loaded = await withGateway(serve, context, ({ metrics, queries }) =>
    run({
      title: 'ten seconds of load',
      argv: ['loadtest', '--scenario', demoFile('scenario.json'), '--output-dir', 'loadtest', '--metrics', metrics],
      environment: { LOADTEST_BASE_URL: queries },
    }),
  );
  if (loaded !== 0) return loaded ?? 1;
  return run({ title: 'all of it on one page', argv: reportLine(folder, force), environment: {} });
}

function reportLine(folder: string, force: readonly string[]): string[] {
  const files = [
    ['--config', newestFile(folder, 'report_')],
    ['--run', path.join(folder, 'runs/latest_run.json')],
    ['--comparison', path.join(folder, 'comparison.json')],
    ['--explanation', path.join(folder, 'explanation.json')],
    ['--load', newestFile(path.join(folder, 'loadtest'), 'autocannon-')],
  ] as const;
  return [
    'report',
    ...files.flatMap(([option, file]) => [option, path.relative(folder, file)]),
    '--output',
    'report.html',
    ...force,
  ];
}
