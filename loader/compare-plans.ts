// The door of `compare --plans`: a workload on production and on the copy, both read only, and what differs as FIDELITY's metrics.
// Both are measured by the same code, and production once more (or a given third database) for the floor.
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { type Side, withSide } from '../postgres/read-side.ts';
import type { Comparison } from '../spec/compare.ts';
import { FIDELITY_FORMAT, type Fidelity } from '../spec/fidelity.ts';
import type { QueryClass, Workload } from '../spec/workload.ts';
import { columnFigures } from './fidelity/column-shape.ts';
import { degreeFigures, listSiblings, readDegrees, readSiblings, siblingFigures } from './fidelity/degrees.ts';
import { classOf, describeQuery, sumMisses } from './fidelity/describe-query.ts';
import { indexFigures, measureIndexCosts } from './fidelity/index-decisions.ts';
import { indexSizeFigures, readIndexes } from './fidelity/index-sizes.ts';
import { judgeQuery } from './fidelity/judge-queries.ts';
import { listReferences, type NamedReference, type NamedSentinel, type Reference } from './fidelity/list-references.ts';
import { type Figure, makeMetrics, round, unmeasured } from './fidelity/metric.ts';
import { plannerFigures, readPlannerStatistics } from './fidelity/planner-statistics.ts';
import { HEADLINE_TARGETS, headlineShare, type JudgedQuery, QUERY_CLASSES, queryFigures } from './fidelity/query-metrics.ts';
import { runWorkload, type WorkloadRun } from './fidelity/run-workload.ts';
import { readSettings } from './fidelity/settings.ts';
import {
  delayFigures,
  listDelays,
  listTimeColumns,
  type NamedEpoch,
  readDelays,
  readTimes,
  timeFigures,
} from './fidelity/times.ts';

export interface ComparePlansOptions {
  /** Production; read only. */
  readonly sourceUrl: string;
  readonly targetUrl: string;
  /** A scratch copy of production, analysed again; null: production is measured twice. */
  readonly floorUrl: string | null;
  /** False: nothing is measured for a floor. */
  readonly hasFloor: boolean;
  /** Drops each index in a transaction that is rolled back, on production too: each table is locked for that long. */
  readonly hasIndexDecisions: boolean;
  readonly workload: Workload;
  /** What the catalog does not declare: from the pack or the policy. */
  readonly relationships: readonly NamedReference[];
  readonly sentinels: readonly NamedSentinel[];
  readonly epochs: readonly NamedEpoch[];
  /** The comparison of the packs of both; null: metric 8 is left out. */
  readonly columns: Comparison | null;
  /** 0: each query runs once, and time is not judged. */
  readonly warmRuns: number;
  readonly statementTimeoutMs: number;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
}

/** Measures all sides and compares them. Throws INTERRUPTED and those of a failing server; a failing query is a result. */
export async function comparePlans(options: ComparePlansOptions): Promise<Fidelity> {
  const { sourceUrl, targetUrl, hasFloor } = options;
  const floorUrl = options.floorUrl ?? sourceUrl;
  const measured = await withSide(sourceUrl, options, (source) =>
    withSide(targetUrl, options, (target) =>
      hasFloor
        ? withSide(floorUrl, options, (floor) => measureSides({ source, target, floor }, options))
        : measureSides({ source, target, floor: null }, options),
    ),
  );
  // Only now: a lock on a table would wait for the readers above.
  const decisions = await measureIndexDecisions(measured.runs, options);
  return makeFidelity(measured, decisions, options);
}

interface Sides {
  readonly source: Side;
  readonly target: Side;
  readonly floor: Side | null;
}

interface Measured {
  readonly facts: Pick<Fidelity, 'sourceMajor' | 'targetMajor' | 'differingSettings'>;
  readonly runs: readonly WorkloadRun[];
  readonly references: readonly Reference[];
  readonly found: ShapeFinding;
  readonly floors: readonly Figure[];
}

async function measureSides({ source, target, floor }: Sides, options: ComparePlansOptions): Promise<Measured> {
  const settings = { source: await readSettings(source), target: await readSettings(target) };
  const runs = await runWorkload(floor === null ? [source, target] : [source, target, floor], options);
  // A second reading of the same rows finds the same; only another database has a floor to these.
  const shape = await measureShape(source, options);
  return {
    facts: {
      sourceMajor: source.serverMajor,
      targetMajor: target.serverMajor,
      differingSettings: [...settings.source].flatMap(([name, value]) => (settings.target.get(name) === value ? [] : [name])),
    },
    runs,
    references: shape.references,
    found: await shape.against(target),
    floors: options.floorUrl === null || floor === null ? [] : (await shape.against(floor)).figures,
  };
}

function makeFidelity(
  { facts, runs, references, found, floors }: Measured,
  decisions: Decisions,
  options: ComparePlansOptions,
): Fidelity {
  const judged = judgeRuns(runs, 1);
  const judgedFloor = judgeRuns(runs, 2);
  const figures = [...queryFigures(judged), ...decisions.figures, ...found.figures, ...columnFigures(options.columns), SCALE_OUT];
  const byNumber = [...figures].sort((left, right) => left.number - right.number);
  const queries = runs.map((run) => describeQuery(run, { references, comparison: options.columns }));
  return {
    format: FIDELITY_FORMAT,
    version: 1,
    ...facts,
    floorKind: !options.hasFloor ? 'none' : options.floorUrl === null ? 'twice' : 'database',
    headline: QUERY_CLASSES.flatMap((queryClass) => makeHeadline(queryClass, judged, judgedFloor)),
    metrics: makeMetrics(byNumber, [...(options.hasFloor ? queryFigures(judgedFloor) : []), ...floors, ...decisions.floors]),
    queries,
    marginals: sumMisses(queries),
    remarks: [...found.remarks, ...decisions.remarks],
  };
}

interface Decisions {
  readonly figures: readonly Figure[];
  readonly floors: readonly Figure[];
  readonly remarks: readonly string[];
}

async function measureIndexDecisions(runs: readonly WorkloadRun[], options: ComparePlansOptions): Promise<Decisions> {
  if (!options.hasIndexDecisions) return { figures: [INDEX_DECISIONS], floors: [], remarks: [] };
  const costsOf = (url: string, side: number) =>
    orReason(() =>
      measureIndexCosts(
        url,
        runs.map((run) => planOn(run, side)),
        options,
      ),
    );
  const source = await costsOf(options.sourceUrl, 0);
  const target = await costsOf(options.targetUrl, 1);
  const floor = options.hasFloor && options.floorUrl !== null ? await costsOf(options.floorUrl, 2) : null;
  if ('reason' in source || 'reason' in target) {
    const reason =
      'reason' in source ? `on production: ${source.reason}` : `on the copy: ${'reason' in target ? target.reason : ''}`;
    return { figures: [{ ...INDEX_DECISIONS, remark: reason }], floors: [], remarks: [`metric 6, index decisions: ${reason}`] };
  }
  return {
    figures: indexFigures(source.value, target.value),
    floors: floor === null || 'reason' in floor ? [] : indexFigures(source.value, floor.value),
    remarks: [],
  };
}

function planOn({ query, ranks, runs }: WorkloadRun, side: number) {
  const run = runs[side];
  return { query, binding: ranks, plan: run?.state === 'measured' ? run.plan : null };
}

const INDEX_DECISIONS: Figure = {
  ...unmeasured(
    6,
    'index decisions',
    0.95,
    'not asked for: it drops each index in a transaction that is rolled back, on production too',
  ),
  direction: 'atLeast',
};
const SCALE_OUT = unmeasured(12, 'scale-out truth', 1.5, 'not asked for: it needs production cut at a date');

/** Queries that ran on the first side, judged against the side of that number; one that failed there alone is lost. */
function judgeRuns(runs: readonly WorkloadRun[], side: number): JudgedQuery[] {
  return runs.flatMap(({ query, binding, runs: sides }) => {
    const source = sides[0];
    const other = sides[side];
    if (source?.state !== 'measured' || other === undefined) return [];
    const label = binding === '' ? query.name : `${query.name} (${binding})`;
    const judgement = other.state === 'measured' ? judgeQuery(source, other) : null;
    return [{ label, queryClass: classOf(query, source.plan.relations), weight: query.weight, judgement }];
  });
}

function makeHeadline(
  queryClass: QueryClass,
  judged: readonly JudgedQuery[],
  floor: readonly JudgedQuery[],
): Fidelity['headline'] {
  const share = headlineShare(judged, queryClass);
  if (share === null) return [];
  const floorShare = headlineShare(floor, queryClass);
  const queries = judged.filter((query) => query.queryClass === queryClass).length;
  return [
    {
      class: queryClass,
      share: round(share),
      floor: floorShare === null ? null : round(floorShare),
      target: HEADLINE_TARGETS[queryClass],
      queries,
    },
  ];
}

interface ShapeFinding {
  readonly figures: readonly Figure[];
  readonly remarks: readonly string[];
}

/** Sizes of indexes, metrics 7 and 9 to 11: production is measured once, and each other side against it. */
async function measureShape(source: Side, { relationships, sentinels, epochs, startProgress }: ComparePlansOptions) {
  const catalog = await readCatalog(source.client);
  const references = listReferences(catalog, relationships, sentinels);
  const siblings = listSiblings(references);
  const columns = listTimeColumns(catalog, epochs);
  const delays = listDelays(references, columns);
  const parts = [
    part('sizes of indexes', 6, readIndexes, indexSizeFigures),
    part('statistics of the planner', 7, readPlannerStatistics, plannerFigures),
    part('degrees', 9, (side) => readDegrees(side, references), degreeFigures),
    part('co-degrees', 10, (side) => readSiblings(side, siblings), siblingFigures),
    part('times', 11, (side) => readTimes(side, columns), timeFigures),
    part('delays', 11, (side) => readDelays(side, delays), delayFigures),
  ];
  const progress = startProgress('measuring production', parts.length, 'parts');
  const measured: { readonly against: (side: Side) => Promise<ShapeFinding> }[] = [];
  for (const each of parts) {
    measured.push(await each(source));
    progress.advance(1);
  }
  progress.finish();
  return {
    references,
    against: async (side: Side): Promise<ShapeFinding> => {
      const findings: ShapeFinding[] = [];
      for (const each of measured) findings.push(await each.against(side));
      return { figures: findings.flatMap(({ figures }) => figures), remarks: findings.flatMap(({ remarks }) => remarks) };
    },
  };
}

/** One question of the shape; where a side cannot answer, the reason stands instead of the figures. */
function part<Measure>(
  name: string,
  number: number,
  read: (side: Side) => Promise<Measure>,
  compare: (source: Measure, other: Measure) => Figure[],
) {
  return async (source: Side) => {
    const first = await orReason(() => read(source));
    return {
      against: async (side: Side): Promise<ShapeFinding> => {
        const second = await orReason(() => read(side));
        if ('reason' in first) return refused(`on production: ${first.reason}`);
        if ('reason' in second) return refused(`on the copy: ${second.reason}`);
        return { figures: compare(first.value, second.value), remarks: [] };
      },
    };
  };

  function refused(reason: string): ShapeFinding {
    return { figures: [unmeasured(number, name, null, reason)], remarks: [`metric ${number}, ${name}: ${reason}`] };
  }
}

async function orReason<Value>(read: () => Promise<Value>): Promise<{ readonly value: Value } | { readonly reason: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return { reason: error.message };
    throw error;
  }
}
