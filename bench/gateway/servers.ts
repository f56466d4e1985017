// The two servers that are loaded, each in a process of its own: the plain one of autocannon's samples, and our gateway on a database.
import { spawn } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';

export interface RunningServer {
  /** What is asked of it, whole. */
  readonly url: string;
  stop(): void;
}

const START_TIMEOUT_MS = 600_000;

/** The answer of autocannon's samples, until the process is ended. Prints its address. */
export function serveExample(): void {
  const server = http.createServer((_request, response) => response.end('hello world'));
  server.listen(0, '127.0.0.1', () => {
    // A server that listens on a port has an address of this kind.
    process.stdout.write(`queries http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
}

/** The example server: this script again, with --serve. */
export async function startExample(): Promise<RunningServer> {
  const [, script = ''] = process.argv;
  return startProgram([script, '--serve'], '/');
}

/** `shapecast serve` on any free port; `request`: the path of a query of the workload. */
export async function startGateway(target: string, workload: string, request: string): Promise<RunningServer> {
  const program = path.join(packageFolder(), 'bin/shapecast.js');
  const flags = ['--target', target, '--workload', workload, '--port', '0', '--metrics-port', '0'];
  return startProgram([program, 'serve', ...flags], request);
}

async function startProgram(args: readonly string[], request: string): Promise<RunningServer> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
      const [, found] = /^queries +(http:\S+)\n/m.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the server ended with ${code}`)));
    setTimeout(() => reject(new Error('the server did not start in time')), START_TIMEOUT_MS).unref();
  });
  return { url: `${address}${request}`, stop: end };
}
