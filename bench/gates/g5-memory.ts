// G5: memory of a run at a number of rows and at a tenth of it, with one worker and with as many as there are cores.
import { measureGenerateInChild } from './child.ts';
import type { Gate, GateContext } from './context.ts';
import { type DataSet, scaleOf } from './data-sets.ts';
import { provideTemplate, withCopy } from './databases.ts';
import { interleave } from './interleave.ts';
import type { GenerateMeasurement } from './measure-generate.ts';
import { atMost, type Reading } from './reading.ts';
import { figureOf, ratiosOf } from './statistics.ts';

const MEGABYTES_A_WORKER = 300;
const FACTOR = 10;

export const memoryGate: Gate = {
  name: 'G5',
  title: `memory of a worker and of the whole at two numbers of rows, a factor ${FACTOR} apart`,
  async run(context) {
    const readings: Reading[] = [];
    for (const dataSet of context.dataSets) readings.push(...(await measureOn(context, dataSet)));
    return readings;
  },
};

async function measureOn(context: GateContext, dataSet: DataSet): Promise<Reading[]> {
  const { cluster, rows, runs, tell } = context;
  const template = await provideTemplate(cluster, dataSet, 'bare');
  const many = Math.max(2, context.cores);
  const measureOnce = (of: number, workers: number) => () =>
    withCopy(cluster, template, (url) =>
      measureGenerateInChild({ url, specFile: dataSet.specFile, scale: scaleOf(of), rows: {}, workers, to: 'postgres' }),
    );
  const sizes = [Math.ceil(rows / FACTOR), rows];
  const kinds = sizes.flatMap((of) =>
    [1, many].map((workers) => ({
      name: `${of} rows, ${workers}`,
      run: measureOnce(of, workers),
      seconds: ({ seconds }: GenerateMeasurement) => seconds,
    })),
  );
  const [fewAlone = [], fewTogether = [], manyAlone = [], manyTogether = []] = await interleave(dataSet.name, runs, kinds, tell);
  const peaks = (of: readonly GenerateMeasurement[]) => of.map(({ peakMegabytes }) => peakMegabytes);
  const limit = atMost(MEGABYTES_A_WORKER);
  const [small = '', large = ''] = sizes.map((of) => `${of.toLocaleString('en-US')} rows`);
  const name = dataSet.name;
  return [
    { name: `${name}: a worker, ${small}`, unit: 'MB', figure: figureOf(perWorker(fewAlone, fewTogether, many)), limit },
    { name: `${name}: a worker, ${large}`, unit: 'MB', figure: figureOf(perWorker(manyAlone, manyTogether, many)), limit },
    { name: `${name}: the whole, ${many} workers, ${small}`, unit: 'MB', figure: figureOf(peaks(fewTogether)), limit: null },
    { name: `${name}: the whole, ${many} workers, ${large}`, unit: 'MB', figure: figureOf(peaks(manyTogether)), limit: null },
    {
      name: `${name}: the whole, growth`,
      unit: 'times',
      figure: figureOf(ratiosOf(peaks(manyTogether), peaks(fewTogether))),
      limit: null,
    },
  ];
}

/**
 * What a worker adds: by the runs with one and with many of them, or by the growth since the plan, whichever says more. Each alone can say too
 * little: the collector may have let more go in one of the runs, and what the planning has left free is used again.
 */
export function perWorker(
  alone: readonly Pick<GenerateMeasurement, 'peakMegabytes'>[],
  together: readonly Pick<GenerateMeasurement, 'peakMegabytes' | 'planMegabytes'>[],
  workers: number,
): number[] {
  return together.map(({ peakMegabytes, planMegabytes }, run) => {
    const added = (peakMegabytes - (alone[run]?.peakMegabytes ?? Number.NaN)) / (workers - 1);
    return Math.max(added, (peakMegabytes - planMegabytes) / workers);
  });
}
