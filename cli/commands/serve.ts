// serve: a workload's queries as read-only HTTP endpoints over the target, so that a load test needs no application. Runs until Ctrl-C.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { readTextFile } from '../../core/files.ts';
import { type CommandContext, defineCommand, type Outcome } from '../command.ts';
import { targetOption, wholeNumber } from '../options.ts';
import { withTarget } from '../target.ts';

const LEAST_BEARER_LENGTH = 16;

export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'Serve a workload over HTTP: each query a read-only endpoint over a pool of connections, until Ctrl-C',
  example: 'shapecast serve --target postgresql://localhost/dev --workload spec/chat-workload.sql --port 8080',
  options: {
    target: targetOption,
    workload: { type: 'string', demandOption: true, describe: 'The queries (SQL), with parameters bound by rank' },
    host: { type: 'string', default: '127.0.0.1', describe: 'Address to listen on; who can reach it can run the queries' },
    port: { type: 'number', default: 8080, describe: 'Port of the queries and /health; 0: any free one' },
    'metrics-port': {
      type: 'number',
      default: 9464,
      describe: 'Port of /metrics (Prometheus); on loopback, or on --host for the bearer in METRICS_BEARER; 0: any free one',
    },
    connections: { type: 'number', default: 10, describe: 'Sessions of the pool' },
    'statement-timeout': { type: 'number', default: 10, describe: 'Seconds after which the server ends a query' },
  },
  async run(flags, context) {
    const { parseWorkload } = await import('../../spec/workload.ts');
    const workload = parseWorkload(readTextFile(path.resolve(context.folder, flags.workload)), flags.workload);
    const options = {
      workload,
      file: flags.workload,
      host: flags.host,
      port: portNumber('--port', flags.port),
      metricsPort: portNumber('--metrics-port', flags['metrics-port']),
      metricsBearer: readBearer(context.environment),
      connections: wholeNumber('--connections', flags.connections, 1),
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      signal: context.signal,
    };
    const { serveWorkload } = await import('../../loadtest/serve.ts');
    return withTarget({ command: 'serve', target: flags.target }, context, async (url): Promise<Outcome> => {
      const gateway = await serveWorkload({ ...options, url });
      context.print(`queries  ${gateway.address}`);
      for (const each of gateway.paths) context.print(`         ${each}`);
      context.print(`health   ${gateway.address}/health`);
      context.print(`metrics  ${gateway.metricsAddress}/metrics`);
      await interrupted(context);
      context.tell('stopping: requests under way are answered');
      await gateway.stop();
      return 0;
    });
  },
});

function portNumber(option: string, value: number): number {
  if (wholeNumber(option, value, 0) <= 65_535) return value;
  throw new ShapecastError('OPTION_INVALID', { option, reason: 'expected a port, at most 65535' });
}

/** A secret, so from the environment alone. null: none is given. */
function readBearer(environment: NodeJS.ProcessEnv): string | null {
  const bearer = environment.METRICS_BEARER ?? '';
  if (bearer === '') return null;
  if (bearer.length >= LEAST_BEARER_LENGTH) return bearer;
  throw new ShapecastError('OPTION_INVALID', {
    option: 'METRICS_BEARER',
    reason: `expected at least ${LEAST_BEARER_LENGTH} characters`,
  });
}

function interrupted({ signal }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
