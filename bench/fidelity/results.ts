// What a run keeps: the figures of one data set, small enough to lie beside the code, so that a change shows what it did to each.
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Fidelity } from '../../spec/fidelity.ts';

const figure = z.number().nullable();

const resultSchema = z.strictObject({
  dataSet: z.string(),
  /** Of the run, UTC. */
  day: z.string(),
  serverMajor: z.int(),
  /** fast: each query once, no floor. */
  mode: z.enum(['full', 'fast']),
  /** Of queries that take 1 ms or more. */
  warmRuns: z.int(),
  seconds: z.int(),
  headline: z.array(z.strictObject({ class: z.string(), share: z.number(), floor: figure, target: figure, queries: z.int() })),
  figures: z.array(
    z.strictObject({
      number: z.int(),
      name: z.string(),
      value: figure,
      floor: figure,
      target: figure,
      direction: z.enum(['atLeast', 'atMost']),
      samples: z.int(),
      remark: z.string(),
    }),
  ),
  /** What the misses name most. */
  marginals: z.array(
    z.strictObject({ marginal: z.string(), state: z.string(), residual: figure, misses: z.int(), doublings: z.number() }),
  ),
});

export type Result = z.output<typeof resultSchema>;

const MAX_MARGINALS = 15;

export function makeResult(
  dataSet: string,
  fidelity: Fidelity,
  run: Pick<Result, 'day' | 'mode' | 'warmRuns' | 'seconds'>,
): Result {
  return {
    dataSet,
    ...run,
    serverMajor: fidelity.sourceMajor,
    headline: fidelity.headline,
    figures: fidelity.metrics.map(({ number, name, value, floor, target, direction, samples, remark }) => {
      return { number, name, value, floor, target, direction, samples, remark };
    }),
    marginals: fidelity.marginals.slice(0, MAX_MARGINALS).map(({ marginal, state, residual, misses, doublings }) => {
      return { marginal, state, residual, misses, doublings };
    }),
  };
}

/** null where none is kept. */
export function readResult(folder: string, dataSet: string): Result | null {
  const file = fileOf(folder, dataSet);
  return fs.existsSync(file) ? resultSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))) : null;
}

export function keepResult(folder: string, result: Result): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(fileOf(folder, result.dataSet), `${JSON.stringify(result, null, 2)}\n`);
}

function fileOf(folder: string, dataSet: string): string {
  return path.join(folder, `${dataSet}.json`);
}
