// One dataset, made by a command that is killed once or more and run again until it is done.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { packageFolder } from '../../core/tool.ts';
import { withClient } from '../../postgres/connect.ts';
import { type Report, reportSchema } from '../../spec/report.ts';
import { readLedger } from './check.ts';
import { doFault, type Fault } from './faults.ts';
import type { KilledServer } from './server.ts';

export interface RunPlace {
  readonly server: KilledServer;
  readonly database: string;
  /** For reports. */
  readonly folder: string;
  readonly arguments: readonly string[];
}

const LIMIT = 12;

/** A run that takes longer hangs, which is a fault too. */
const LIMIT_MS = 600_000;

interface Ending {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command once, undisturbed. Throws when it fails. */
export async function runOnce(place: RunPlace): Promise<Report> {
  const { ending } = startRun(place);
  const { status, output, errors } = await ending;
  if (status !== 0) throw new Error(`generate ended with ${status}: ${errors.slice(-2000)}`);
  return reportSchema.parse(JSON.parse(output));
}

export interface Survived {
  readonly report: Report;
  /** Faults that met the run in time. */
  readonly met: readonly Fault[];
  readonly starts: number;
  /** Chunks that were in and were made again; there should be none. */
  readonly madeAgain: readonly string[];
}

/** Runs the command with a fault after the other, and then as often as it takes. Throws when a run fails that nothing disturbed. */
export async function survive(place: RunPlace, faults: readonly Fault[]): Promise<Survived> {
  const met: Fault[] = [];
  const madeAgain: string[] = [];
  let before: string[] = [];
  for (let starts = 1; starts <= LIMIT; starts += 1) {
    const fault = faults[starts - 1];
    const { child, ending } = startRun(place);
    const isMet = fault !== undefined && (await doFault(place.server, place.database, child, fault));
    if (isMet) met.push(fault);
    const { status, output, errors } = await ending;
    const after = await withClient(place.server.url(place.database), { applicationName: 'kills' }, readLedger);
    madeAgain.push(...before.filter((line) => !after.includes(line)));
    before = after;
    if (status === 0) return { report: reportSchema.parse(JSON.parse(output)), met, starts, madeAgain };
    if (!isMet) throw new Error(`a run that nothing disturbed ended with ${status}: ${errors.slice(-2000)}`);
  }
  throw new Error(`not done after ${LIMIT} runs`);
}

function startRun({ server, database, folder, arguments: given }: RunPlace): { child: ChildProcess; ending: Promise<Ending> } {
  const program = path.join(packageFolder(), 'bin', 'shapecast.js');
  const options = ['generate', ...given, '--target', server.url(database), '--output-dir', folder, '--json'];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { output: '', errors: '' };
  child.stdout.on('data', (data: Buffer) => {
    texts.output += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    texts.errors += data.toString('utf8');
  });
  const timer = setTimeout(() => {
    texts.errors += 'it hung, and was killed';
    child.kill('SIGKILL');
  }, LIMIT_MS);
  const ending = new Promise<Ending>((resolve, reject) => {
    child.once('close', (status) => {
      clearTimeout(timer);
      if (texts.errors.endsWith('it hung, and was killed')) reject(new Error('a run hangs'));
      else resolve({ status, ...texts });
    });
  });
  return { child, ending };
}
