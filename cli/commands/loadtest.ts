// loadtest: a scenario's requests at its rates, against the gateway of `serve` or an application, held to its assertions.
import fs from 'node:fs';
import path from 'node:path';
import { readTextFile, writeFileAtomically } from '../../core/files.ts';
import { packageFolder } from '../../core/tool.ts';
import { defineCommand } from '../command.ts';
import { factsOfLoadResult } from '../evidence-of.ts';
import { jsonOption } from '../options.ts';
import { formatTimeStamp } from '../stamps.ts';

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
    'output-dir': { type: 'string', default: 'loadtest/results', describe: 'Folder for autocannon-TIMESTAMP.json' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { parseLoadScenario } = await import('../../spec/load-scenario.ts');
    const file = findScenario(flags.scenario, context.folder);
    const scenario = parseLoadScenario(readTextFile(file), flags.scenario ?? DEFAULT_SCENARIO);
    const { runLoadTest } = await import('../../loadtest/run-loadtest.ts');
    const { environment, now, signal, startProgress } = context;
    const result = await runLoadTest({ scenario, environment, now, signal, startProgress });
    context.note(factsOfLoadResult(result));
    const { loadResultSchema } = await import('../../spec/load-result.ts');
    const { formatLoadResult } = await import('../../spec/format-load-result.ts');
    const text = JSON.stringify(loadResultSchema.parse(result), null, 2);
    const name = `autocannon-${formatTimeStamp(now())}.json`;
    writeFileAtomically(path.resolve(context.folder, flags['output-dir'], name), `${text}\n`);
    context.print(flags.json ? text : formatLoadResult(result));
    context.tell(`result in ${path.join(flags['output-dir'], name)}`);
    return result.status === 'passed' ? 0 : 1;
  },
});

function findScenario(flag: string | undefined, folder: string): string {
  const here = path.resolve(folder, flag ?? DEFAULT_SCENARIO);
  return flag !== undefined || fs.existsSync(here) ? here : path.join(packageFolder(), DEFAULT_SCENARIO);
}
