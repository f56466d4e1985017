// What --keep writes: one small file a gate, so that a gate can be measured and kept alone.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { toolCommit } from '../../core/tool.ts';
import { type GateResult, isMet, UNITS } from './reading.ts';

const figure = z.number().nullable();

const resultSchema = z.strictObject({
  gate: z.string(),
  title: z.string(),
  /** Of the run, UTC. */
  day: z.string(),
  commit: z.string().nullable(),
  machine: z.strictObject({
    processor: z.string(),
    cores: z.int(),
    memoryGigabytes: z.int(),
    node: z.string(),
    server: z.string(),
  }),
  /** Of the largest table of each data set. */
  rows: z.int(),
  runs: z.int(),
  readings: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.enum(UNITS),
      median: figure,
      lowest: figure,
      highest: figure,
      limit: z.strictObject({ direction: z.enum(['atLeast', 'atMost']), value: z.number() }).nullable(),
      isMet: z.boolean(),
    }),
  ),
});

export type KeptResult = z.output<typeof resultSchema>;

interface RunOfBench {
  readonly rows: number;
  readonly runs: number;
  readonly server: string;
}

/** The result with the machine it is of. */
export function makeResult(result: GateResult, { rows, runs, server }: RunOfBench): KeptResult {
  const cpus = os.cpus();
  return {
    gate: result.gate,
    title: result.title,
    day: new Date().toISOString().slice(0, 10),
    commit: toolCommit(),
    machine: {
      processor: cpus[0]?.model.trim() ?? '',
      cores: cpus.length,
      memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
      node: process.version,
      server,
    },
    rows,
    runs,
    readings: result.readings.map((reading) => {
      const { name, unit, limit } = reading;
      const { median, lowest, highest } = reading.figure;
      return { name, unit, median: short(median), lowest: short(lowest), highest: short(highest), limit, isMet: isMet(reading) };
    }),
  };
}

/** Writes GATE.json. */
export function keepResult(folder: string, result: KeptResult): void {
  fs.mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(resultSchema.parse(result), null, 2);
  fs.writeFileSync(path.join(folder, `${result.gate}.json`), `${text}\n`);
}

// Four digits: more would only make every run a change of the file.
function short(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
