// One fault at one moment: waits until the run is in the wanted phase, as the server's list of sessions says, and a little longer by
// chance; then kills a connection, the process, or the server.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from '../../postgres/connect.ts';
import type { KilledServer } from './server.ts';

export const PHASES = ['plan', 'copy', 'commit', 'index', 'constraint'] as const;
export const VICTIMS = ['connection', 'process', 'server'] as const;

export type Phase = (typeof PHASES)[number];
export type Victim = (typeof VICTIMS)[number];

export interface Fault {
  readonly phase: Phase;
  readonly victim: Victim;
  /** How often the phase is seen before, and how much longer it waits. */
  readonly sightings: number;
  readonly delayMs: number;
}

/** Statements by which a phase is known; of the plan's, that there is a session and none of the others. */
const STATEMENTS: Readonly<Record<Exclude<Phase, 'plan'>, string>> = {
  copy: 'copy %',
  commit: 'commit%',
  index: 'create %index %',
  constraint: 'alter table % constraint %',
};

const OURS = `datname = current_database() and application_name like 'shapecast generate%'`;

/** Does the fault. False when the run ended before its moment came. */
export async function doFault(server: KilledServer, database: string, run: ChildProcess, fault: Fault): Promise<boolean> {
  const url = server.url(database);
  const seen = await withClient(url, { applicationName: 'kills' }, async (client) => {
    if (!(await waitForPhase(client, run, fault))) return false;
    await sleep(fault.delayMs);
    if (hasEnded(run)) return false;
    if (fault.victim === 'connection') return killConnection(client);
    return true;
  });
  if (!seen || fault.victim === 'connection') return seen;
  if (fault.victim === 'process') return run.kill('SIGKILL');
  await server.kill(fault.delayMs % 2 === 0 ? 'immediate' : 'kill');
  await server.start();
  return true;
}

async function waitForPhase(client: pg.Client, run: ChildProcess, { phase, sightings }: Fault): Promise<boolean> {
  const sql =
    phase === 'plan'
      ? `select count(*)::int as n from pg_stat_activity where ${OURS}`
      : `select count(*)::int as n from pg_stat_activity where ${OURS} and state <> 'idle' and query ilike $1`;
  let left = sightings;
  while (!hasEnded(run)) {
    const { rows } = await client.query<{ n: number }>(sql, phase === 'plan' ? [] : [STATEMENTS[phase]]);
    if ((rows[0]?.n ?? 0) > 0) left -= 1;
    if (left < 0) return true;
    await sleep(2);
  }
  return false;
}

/** Of the run's connections one that is at work, else any. */
async function killConnection(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where ${OURS} order by state = 'idle', random() limit 1`,
  );
  return rowCount === 1;
}

function hasEnded(run: ChildProcess): boolean {
  return run.exitCode !== null || run.signalCode !== null;
}
