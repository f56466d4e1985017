// One data set through the whole way: production's stand-in, a pack of it, a spec, a copy, and the comparison of the two.
import fs from 'node:fs';
import { shapeKnowledge } from '../../cli/compare-plans.ts';
import { mergeSpecText } from '../../cli/merge-spec.ts';
import { silentProgress } from '../../core/progress.ts';
import { comparePlans } from '../../loader/compare-plans.ts';
import { withClient } from '../../postgres/connect.ts';
import { createSchema } from '../../postgres/create-schema.ts';
import { comparePacks } from '../../spec/compare.ts';
import type { Fidelity } from '../../spec/fidelity.ts';
import { policySchema } from '../../spec/policy.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import type { Workload } from '../../spec/workload.ts';
import { calibrateDatabase, fillDatabase, readSpec, sampleDatabase } from '../../test/support/pipeline.ts';
import type { DataSet } from './data-set.ts';
import { copyDatabase, runStatements, withScratch } from './scratch.ts';

const CONNECTION = { applicationName: 'shapecast bench' };

export interface MeasureOptions {
  /** URL with DATABASE for a scratch database's name. */
  readonly serverPattern: string;
  readonly productionUrl: string;
  readonly seed: string;
  /** A copy that is there already, instead of a generated one. */
  readonly copyUrl: string | null;
  /** No floor, each query once: plans, rows and shapes, and no time. */
  readonly isFast: boolean;
  readonly warmRuns: number;
  /** How long each step took. */
  readonly tell: (line: string) => void;
}

/** The figures of the data set at its own size. */
export async function measureDataSet(dataSet: DataSet, options: MeasureOptions): Promise<Fidelity> {
  return withScratch(options.serverPattern, async (source) => {
    await timed(options, 'copying production', () => makeProduction(dataSet, source, options));
    if (options.copyUrl !== null) {
      await runStatements(options.copyUrl, 'vacuum analyze');
      return compareCopy(dataSet, { source, target: options.copyUrl, floor: null }, options);
    }
    return withScratch(options.serverPattern, async (target) => {
      const pack = await fillCopy(dataSet, { source, target, scale: 1 }, options);
      if (options.isFast) return compareCopy(dataSet, { source, target, floor: null, pack }, options);
      return withScratch(options.serverPattern, async (floor) => {
        copyDatabase(source, floor);
        await runStatements(floor, 'vacuum analyze');
        return compareCopy(dataSet, { source, target, floor, pack }, options);
      });
    });
  });
}

/** What stands for production: a copy of it, or what its spec gives. */
export async function makeProduction(
  dataSet: DataSet,
  url: string,
  { productionUrl, ...options }: MeasureOptions,
): Promise<void> {
  const { production, createSql, indexesSql } = dataSet;
  if (production === undefined) {
    copyDatabase(productionUrl, url);
    await runStatements(url, indexesSql, 'vacuum analyze');
    return;
  }
  const spec = readSpec(fs.readFileSync(production.spec, 'utf8'));
  const { scale, seed } = production;
  await withClient(url, CONNECTION, (client) => createSchema(client, createSql));
  await timed(options, 'generating production', () => fillDatabase({ spec, url, createSql, seed, scale, workers: 2 }));
  // Its marker would make it a generated database; what the generator knows of it must not be known here.
  await runStatements(url, 'drop schema if exists shapecast cascade', 'vacuum analyze');
}

interface Filling {
  readonly source: string;
  readonly target: string;
  readonly scale: number;
}

/** Sample, calibrate, generate, load. */
export async function fillCopy(dataSet: DataSet, { source, target, scale }: Filling, options: MeasureOptions) {
  const { name, policy, specOverlay, createSql } = dataSet;
  const { pack, specText } = await timed(options, 'sample and calibrate', () => calibrateDatabase(source, policy, name));
  const spec = readSpec(specOverlay === null ? specText : mergeSpecText(specText, specOverlay, formatSpec));
  await withClient(target, CONNECTION, (client) => createSchema(client, createSql));
  const { seed } = options;
  await timed(options, 'generate and load', () => fillDatabase({ spec, url: target, createSql, seed, scale, workers: 2 }));
  await runStatements(target, 'vacuum analyze');
  return pack;
}

type Pack = Awaited<ReturnType<typeof sampleDatabase>>;

interface Compared {
  readonly source: string;
  readonly target: string;
  readonly floor: string | null;
  /** Of production; else it is measured now. */
  readonly pack?: Pack;
  readonly workload?: Workload;
  /** False: marginals are not compared, because the two are no copies of each other. */
  readonly hasColumns?: boolean;
}

const FAST_TIMEOUT_MS = 20_000;
const TIMEOUT_MS = 60_000;

export async function compareCopy(dataSet: DataSet, compared: Compared, options: MeasureOptions): Promise<Fidelity> {
  const { name, policy } = dataSet;
  const { source, target, floor, hasColumns = true } = compared;
  const pack = compared.pack ?? (await timed(options, 'sample', () => sampleDatabase(source, policy, name)));
  const columns = hasColumns
    ? comparePacks(
        pack,
        await timed(options, 'sample the copy', () => sampleDatabase(target, policySchema.parse({}), name, pack)),
      )
    : null;
  return timed(options, 'compare', () =>
    comparePlans({
      sourceUrl: source,
      targetUrl: target,
      floorUrl: floor,
      hasFloor: floor !== null,
      hasIndexDecisions: true,
      workload: compared.workload ?? dataSet.workload,
      ...shapeKnowledge(pack, policy),
      columns,
      warmRuns: options.isFast ? 0 : options.warmRuns,
      statementTimeoutMs: options.isFast ? FAST_TIMEOUT_MS : TIMEOUT_MS,
      startProgress: () => silentProgress,
    }),
  );
}

async function timed<Result>(
  { tell }: Pick<MeasureOptions, 'tell'>,
  step: string,
  action: () => Promise<Result> | Result,
): Promise<Result> {
  const startMs = performance.now();
  try {
    return await action();
  } finally {
    tell(`  ${step}: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
}
