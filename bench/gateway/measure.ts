// One run of each of the two: our loadtest as its command, autocannon as its own. Both send one request over and over as fast as answers come.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';
import { loadResultSchema } from '../../spec/load-result.ts';
import { runProgram } from '../gates/run-program.ts';

export interface Measured {
  readonly seconds: number;
  readonly answersPerSecond: number;
  /** Milliseconds; autocannon tells whole ones, rounded down, and so do we here. */
  readonly p99Ms: number;
}

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly durationSeconds: number;
}

/** `npx autocannon`. */
export async function measureAutocannon({ connections, durationSeconds, url }: Load): Promise<Measured> {
  const program = path.join(packageFolder(), 'node_modules/autocannon/autocannon.js');
  const flags = ['--connections', String(connections), '--duration', String(durationSeconds), '--json', '--no-progress', url];
  const { stdout } = await runProgram(process.execPath, [program, ...flags]);
  const found: { duration: number; non2xx: number; requests: { total: number }; latency: { p99: number } } = JSON.parse(stdout);
  if (found.non2xx > 0) throw new Error(`${found.non2xx} answers of autocannon's run are errors`);
  return {
    seconds: found.duration,
    answersPerSecond: found.requests.total / found.duration,
    p99Ms: Math.floor(found.latency.p99),
  };
}

/** `shapecast loadtest`. */
export async function measureLoadtest({ connections, durationSeconds, url }: Load): Promise<Measured> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-gateway-'));
  try {
    const { origin, pathname, search } = new URL(url);
    const scenario = {
      name: 'gateway',
      targets: [origin],
      requests: [{ name: 'one', path: pathname + search }],
      stages: [{ connections, durationSeconds }],
    };
    const file = path.join(folder, 'scenario.json');
    fs.writeFileSync(file, JSON.stringify(scenario));
    const program = path.join(packageFolder(), 'bin/shapecast.js');
    const { stdout } = await runProgram(process.execPath, [
      program,
      'loadtest',
      '--scenario',
      file,
      '--output-dir',
      folder,
      '--json',
    ]);
    const [stage] = loadResultSchema.parse(JSON.parse(stdout)).stages;
    if (stage === undefined || stage.latencyMs === null || stage.errorFraction > 0) throw new Error('loadtest met errors');
    return { seconds: stage.seconds, answersPerSecond: stage.answered / stage.seconds, p99Ms: Math.floor(stage.latencyMs.p99) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
