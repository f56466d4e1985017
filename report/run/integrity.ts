// What load asked of the target and what it found: every question with its verdicts, what failed in full, and how children are spread.
import { formatBytes, formatCount, formatSeconds } from '../../core/progress.ts';
import type { RunQuantiles, RunRecord, Verdict } from '../../spec/run-record.ts';
import { degreesPicture } from './degrees-picture.ts';
import {
  counted,
  dataTable,
  factList,
  figure,
  folded,
  heads,
  legendMark,
  measured,
  pictureOf,
  type ReportSection,
  type Row,
  timeSpan,
  verdict,
} from './parts.ts';

const QUANTILES = ['p50', 'p95', 'p99', 'max'] as const;
const MEASURES = { degree: 'children per parent', value: 'value', length: 'length' } as const;

/** The section of load's run record. */
export function integritySection(run: RunRecord): ReportSection {
  const passed = run.verdicts.filter((each) => each.passed).length;
  const broken = run.verdicts.filter((each) => each.question === 'integrity' && !each.passed).length;
  const keys = run.verdicts.filter((each) => each.question === 'integrity').length;
  return {
    id: 'integrity',
    title: 'Integrity',
    verdict: run.status === 'passed' ? 'met' : 'missed',
    headline: `${formatCount(passed)} of ${counted(run.verdicts.length, 'check')}`,
    remark:
      broken > 0 ? `${counted(broken, 'broken key')} of ${formatCount(keys)}` : `${counted(keys, 'key')} checked, none broken`,
    body: [
      facts(run),
      questionTable(run.verdicts),
      dataTable(
        'What does not hold',
        heads('', 'question', 'of', 'expected', 'found'),
        run.verdicts.filter((each) => !each.passed).map(verdictRow),
      ),
      pictureOf(
        'Children per parent',
        `${legendMark('tick', 'expected')} ${legendMark('dot', 'found')}from left to right p50, p95, p99 and the largest`,
        (width) => degreesPicture(run.distributions, width),
      ),
      distributionTable(run, 'Children per parent: expected / found', ['degree']),
      folded('Values and lengths', distributionTable(run, 'Values and lengths: expected / found', ['value', 'length'])),
      folded(
        counted(run.verdicts.length, 'check'),
        dataTable('Checks', heads('', 'question', 'of', 'expected', 'found'), run.verdicts.map(verdictRow)),
      ),
    ].join('\n'),
  };
}

function facts({
  completedAt,
  durationMs,
  prewarm,
  runId,
  schema,
  serverVersion,
  startedAt,
  steps,
  target,
  tool,
}: RunRecord): string {
  return factList([
    ['target', schema === null ? target : `${target}, schema ${schema} alone`],
    ['server', `PostgreSQL ${serverVersion}`],
    ['checked', `${timeSpan(startedAt, completedAt)}, ${formatSeconds(durationMs / 1000)}`],
    [
      'longest steps',
      [...steps]
        .sort((one, two) => two.durationMs - one.durationMs)
        .slice(0, 3)
        .map(({ durationMs: ms, name }) => `${name} ${formatSeconds(ms / 1000)}`)
        .join(', '),
    ],
    ['prewarmed', prewarm.reason ?? `${counted(prewarm.relations, 'relation')}, ${formatBytes(prewarm.bytes)}`],
    ['run', runId],
    ['tool', tool],
  ]);
}

function questionTable(verdicts: readonly Verdict[]): string {
  const questions = [...new Set(verdicts.map(({ question }) => question))];
  const rows = questions.map((question) => {
    const own = verdicts.filter((each) => each.question === question);
    const passed = own.filter((each) => each.passed).length;
    return [verdict(passed === own.length), { text: question }, figure(formatCount(passed)), figure(formatCount(own.length))];
  });
  return dataTable('Checks by question', heads('', 'question', '#hold', '#of'), rows);
}

function verdictRow({ expected, found, passed, question, subject }: Verdict): Row {
  return [
    verdict(passed),
    { text: question },
    { text: subject },
    { text: expected, classes: 'code' },
    { text: found, classes: 'code' },
  ];
}

function distributionTable(run: RunRecord, caption: string, measures: readonly (keyof typeof MEASURES)[]): string {
  const rows = run.distributions
    .filter(({ measure }) => measures.includes(measure))
    .map(({ expected, found, measure, subject }) => [
      { text: measures.length === 1 ? subject : `${subject}, ${MEASURES[measure]}` },
      ...QUANTILES.map((name) => figure(pairText(expected, found, name))),
    ]);
  return dataTable(caption, heads('of', '#p50', '#p95', '#p99', '#largest'), rows);
}

function pairText(expected: RunQuantiles, found: RunQuantiles | null, name: (typeof QUANTILES)[number]): string {
  return `${measured(expected[name])} / ${found === null ? '-' : measured(found[name])}`;
}
