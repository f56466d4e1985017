// The speed gates, each with its reference in the same run: medians of interleaved runs with their intervals, a table and a JSON a gate.
// Ends with 1 where a gate is missed or could not be measured, with its name. Needs PostgreSQL 15 with its programs: a scratch cluster in
// the temporary folder (TMPDIR) takes about 10 GB at the default rows.
//
//   npm run bench -- gates [--gate G1|G2|G3|G4|G5|references]... [--rows 2000000] [--runs 5] [--data chat|plain]... [--tables T,T]
//     [--bin FOLDER] [--profile] [--keep] [--results FOLDER] [--output FILE]
//
// --rows: of messages and of the plain tables each; the other tables of the chat follow. --tables: for G1. --profile: where G1's time goes,
// on standard error. --keep writes bench/gates/results.
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { answerChild } from './gates/child.ts';
import { startCluster } from './gates/cluster.ts';
import type { Gate, GateContext } from './gates/context.ts';
import { listDataSets } from './gates/data-sets.ts';
import { formatResult } from './gates/format-result.ts';
import { nothingGate } from './gates/g1-nothing.ts';
import { oneStreamGate } from './gates/g2-one-stream.ts';
import { allCoresGate } from './gates/g3-all-cores.ts';
import { keysGate } from './gates/g4-keys.ts';
import { memoryGate } from './gates/g5-memory.ts';
import { type GateResult, missesOf } from './gates/reading.ts';
import { references } from './gates/references.ts';
import { keepResult, makeResult } from './gates/results.ts';
import { endPrograms } from './gates/run-program.ts';

const GATES: readonly Gate[] = [nothingGate, oneStreamGate, allCoresGate, keysGate, memoryGate, references];

const { values } = parseArgs({
  options: {
    gate: { type: 'string', multiple: true, default: [] },
    rows: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '5' },
    data: { type: 'string', multiple: true, default: [] },
    tables: { type: 'string', default: '' },
    bin: { type: 'string', default: '/usr/lib/postgresql/15/bin' },
    profile: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    results: { type: 'string', default: 'bench/gates/results' },
    output: { type: 'string' },
    /** Set in the processes that measure. */
    child: { type: 'string' },
  },
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const startMs = performance.now();
const tell = (line: string) => void process.stderr.write(`[${Math.round((performance.now() - startMs) / 1000)} s] ${line}\n`);

function wantedGates(): readonly Gate[] {
  const unknown = values.gate.filter((name) => !GATES.some((gate) => gate.name === name));
  if (unknown.length > 0) throw new Error(`no gate ${unknown.join(', ')}; there are ${GATES.map(({ name }) => name).join(', ')}`);
  return values.gate.length === 0 ? GATES : GATES.filter(({ name }) => values.gate.includes(name));
}

/** What the gate found; null, and said, where it could not be measured. */
async function runGate(gate: Gate, context: GateContext): Promise<GateResult | null> {
  tell(`${gate.name}: ${gate.title}`);
  try {
    return { gate: gate.name, title: gate.title, readings: await gate.run(context) };
  } catch (error) {
    tell(`${gate.name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return null;
  }
}

/** Names of the gates that are missed or could not be measured. */
async function runGates(gates: readonly Gate[], context: GateContext): Promise<readonly string[]> {
  const bad: string[] = [];
  const kept: unknown[] = [];
  for (const gate of gates) {
    const result = await runGate(gate, context);
    if (result === null || missesOf(result).length > 0) bad.push(gate.name);
    if (result === null) continue;
    print(`${formatResult(result)}\n`);
    const made = makeResult(result, { rows: context.rows, runs: context.runs, server: context.cluster.version });
    kept.push(made);
    if (values.keep) keepResult(values.results, made);
    if (values.output !== undefined) fs.writeFileSync(values.output, `${JSON.stringify(kept, null, 2)}\n`);
  }
  return bad;
}

async function main(): Promise<void> {
  const gates = wantedGates();
  const cluster = await startCluster(values.bin);
  if (cluster === null) {
    print(`no initdb in ${values.bin}: the gates need an installed PostgreSQL (--bin FOLDER)`);
    process.exitCode = 2;
    return;
  }
  const end = () => {
    endPrograms();
    void cluster.stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    const dataSets = listDataSets().filter(({ name }) => values.data.length === 0 || values.data.includes(name));
    const [rows, runs] = [Number(values.rows), Number(values.runs)];
    const tables = values.tables.split(',').filter((name) => name !== '');
    const cores = os.availableParallelism();
    const bad = await runGates(gates, { cluster, dataSets, rows, runs, cores, tables, isProfiled: values.profile, tell });
    print(bad.length === 0 ? 'every gate is met' : `missed: ${bad.join(', ')}`);
    if (bad.length > 0) process.exitCode = 1;
  } finally {
    await cluster.stop();
  }
}

await (values.child === undefined ? main() : answerChild(values.child));
