// The whole of `generate` in a process of its own: the time from its plan to its end, and its memory while rows are made.
import { generate } from '../../generator/generate.ts';
import { readSpec } from './data-sets.ts';
import { SEED } from './write-plan.ts';

export interface GenerateRequest {
  readonly url: string;
  readonly specFile: string;
  readonly scale: number;
  /** Rows by table, instead of what the scale gives. */
  readonly rows: Readonly<Record<string, number>>;
  readonly workers: number;
  readonly to: 'postgres' | 'null';
}

export interface GenerateMeasurement {
  /** Until the plan was decided. */
  readonly planSeconds: number;
  /** From the plan to the end: workers started, rows in, sequences and the run's records written. */
  readonly seconds: number;
  /** Of all threads, in the same time. */
  readonly processorSeconds: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of the process when the plan was there and the collector had run. */
  readonly planMegabytes: number;
  /** The most of the process while rows were made. */
  readonly peakMegabytes: number;
}

const MEGABYTE = 1e6;
const SAMPLE_MS = 20;

/** Measures in this process, which should do nothing else. */
export async function measureGenerate(request: GenerateRequest): Promise<GenerateMeasurement> {
  const startMs = performance.now();
  let planned = { ms: startMs, cpu: process.cpuUsage(), megabytes: 0 };
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss() / MEGABYTE);
  };
  const timer = setInterval(look, SAMPLE_MS);
  try {
    const { rowsLoaded, tables } = await generate({
      ...optionsOf(request),
      onPlan: () => {
        global.gc?.();
        peak = process.memoryUsage.rss() / MEGABYTE;
        planned = { ms: performance.now(), cpu: process.cpuUsage(), megabytes: peak };
      },
    });
    const seconds = (performance.now() - planned.ms) / 1000;
    const { user, system } = process.cpuUsage(planned.cpu);
    look();
    return {
      planSeconds: (planned.ms - startMs) / 1000,
      seconds,
      processorSeconds: (user + system) / 1e6,
      rows: rowsLoaded,
      bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
      planMegabytes: planned.megabytes,
      peakMegabytes: peak,
    };
  } finally {
    clearInterval(timer);
  }
}

function optionsOf({ rows, scale, specFile, to, url, workers }: GenerateRequest): Parameters<typeof generate>[0] {
  return {
    spec: readSpec(specFile),
    band: 'dev',
    seed: SEED,
    scale,
    rows: new Map(Object.entries(rows)),
    target: { kind: to, url },
    workers,
    operator: 'bench',
  };
}
