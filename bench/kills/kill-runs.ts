// Many killed runs on one server, each in a database of its own that starts as a copy of the same empty tables.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withClient } from '../../postgres/connect.ts';
import { createSchema } from '../../postgres/create-schema.ts';
import type { Report } from '../../spec/report.ts';
import { findFaults, readDefinitions } from './check.ts';
import { type Fault, PHASES, VICTIMS } from './faults.ts';
import { type RunPlace, runOnce, survive } from './killed-run.ts';
import { KilledServer } from './server.ts';

export interface KillOptions {
  /** Each number stands for a phase and a victim; numbers from 1 on bring all of them in turn. */
  readonly numbers: readonly number[];
  /** Draws the faults. */
  readonly seed: number;
  /** Folder of the server's programs; null: the embedded one's. */
  readonly bin: string | null;
  readonly sqlFile: string;
  /** Of generate, without the target. */
  readonly arguments: readonly string[];
  readonly print: (line: string) => void;
}

export interface KillOutcome {
  readonly runs: number;
  readonly equal: number;
  /** Faults that met a run, by `phase victim`. */
  readonly met: ReadonlyMap<string, number>;
  readonly chunksMadeAgain: number;
}

/** Runs all of them and tells of each. Throws when a run cannot be finished at all. */
export async function killRuns(options: KillOptions): Promise<KillOutcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kills-reports-'));
  const server = await KilledServer.make(options.bin);
  try {
    await server.start();
    const schema = fs.readFileSync(options.sqlFile, 'utf8');
    await onServer(server, `create database template_kills`);
    await withClient(server.url('template_kills'), { applicationName: 'kills' }, (client) => createSchema(client, schema));
    const place = (database: string): RunPlace => ({ server, database, folder, arguments: options.arguments });
    await onServer(server, `create database undisturbed template template_kills`);
    const reference = await runOnce(place('undisturbed'));
    const definitions = await withClient(server.url('template_kills'), { applicationName: 'kills' }, readDefinitions);
    const faults = await withClient(server.url('undisturbed'), { applicationName: 'kills' }, (client) =>
      findFaults(client, reference, definitions),
    );
    if (faults.length > 0) throw new Error(`the undisturbed run is not as it should be: ${faults.join('; ')}`);
    options.print(
      `undisturbed: ${reference.rowsLoaded} rows, ${definitions.length} definitions, fingerprint ${reference.fingerprint}`,
    );
    return await killEach(server, place, reference, definitions, options);
  } finally {
    await server.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function killEach(
  server: KilledServer,
  place: (database: string) => RunPlace,
  reference: Report,
  definitions: readonly string[],
  options: KillOptions,
): Promise<KillOutcome> {
  const random = randomNumbers(options.seed);
  const met = new Map<string, number>();
  let equal = 0;
  let chunksMadeAgain = 0;
  for (const run of options.numbers) {
    const database = `kills_${run}`;
    await onServer(server, `create database ${database} template template_kills`);
    const done = await survive(place(database), drawFaults(run, random));
    const wrong = await withClient(server.url(database), { applicationName: 'kills' }, (client) =>
      findFaults(client, reference, definitions),
    );
    if (done.report.fingerprint !== reference.fingerprint) wrong.push(`fingerprint ${done.report.fingerprint}`);
    if (done.madeAgain.length > 0) wrong.push(`made again: ${done.madeAgain.join(', ')}`);
    chunksMadeAgain += done.madeAgain.length;
    const names = done.met.map(({ phase, victim }) => `${phase} ${victim}`);
    for (const name of names) met.set(name, (met.get(name) ?? 0) + 1);
    if (wrong.length === 0) equal += 1;
    options.print(`${run}: ${names.join(', ') || 'no fault in time'}; ${done.starts} starts; ${wrong.join('; ') || 'equal'}`);
    await onServer(server, `drop database ${database} with (force)`);
  }
  return { runs: options.numbers.length, equal, met, chunksMadeAgain };
}

/** Phases and victims in turn, so that each pair has its share; the moment inside the phase by chance, and now and then a second fault. */
function drawFaults(run: number, random: () => number): Fault[] {
  const draw = (at: number): Fault => ({
    phase: PHASES[at % PHASES.length] ?? 'copy',
    victim: VICTIMS[Math.floor(at / PHASES.length) % VICTIMS.length] ?? 'process',
    sightings: Math.floor(random() * random() * 12),
    delayMs: Math.floor(random() * random() * 200),
  });
  const first = draw(run - 1);
  return random() < 0.4 ? [first, draw(Math.floor(random() * PHASES.length * VICTIMS.length))] : [first];
}

/** A small generator of its own: the same seed draws the same faults. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

async function onServer(server: KilledServer, sql: string): Promise<void> {
  await withClient(server.url('postgres'), { applicationName: 'kills' }, (client) => client.query(sql));
}
