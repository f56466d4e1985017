// A program with its wall time. Programs that still run are ended with the bench, whatever ends it.
import { type ChildProcess, spawn } from 'node:child_process';

const running = new Set<ChildProcess>();

export interface Finished {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs the program, from its start to its end. Throws with the end of its standard error where it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const startMs = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const [out, errors] = [gather(child.stdout), gather(child.stderr)];
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => running.delete(child));
  const seconds = (performance.now() - startMs) / 1000;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${errors().slice(-2000)}`);
  return { seconds, stdout: out() };
}

/** Ends what runs; for a signal's handler. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGTERM');
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString('utf8');
}
