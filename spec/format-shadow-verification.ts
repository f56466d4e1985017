// What verify-shadow found, as text: a line a stage, the findings, what was excused, what no check can tell (in short or column by column),
// and after findings what to do next.
import { formatCount } from '../core/progress.ts';
import {
  type ShadowVerification,
  type UncheckedColumn,
  VERIFICATION_STAGES,
  type VerificationFinding,
} from './shadow-verification.ts';

const SHOWN_FINDINGS = 200;
const STAGE_NAMES = {
  structure: 'structure  columns, empty tables, keys and references',
  forms: 'forms      every row as its rules leave it',
  detectors: 'detectors  mails, phones, cards, accounts and credentials in texts and documents',
  survivors: 'survivors  values of the source',
} as const;

const REFERENCES = {
  source: 'the source',
  'another source': 'ANOTHER DATABASE than the source that it was made from',
  digests: 'the digest set of its sync',
  nothing: 'nothing',
} as const;

const UNCHECKED = {
  structure: 'not told',
  forms: 'form not checked',
  detectors: 'not searched',
  survivors: 'not compared',
} as const;

const NEXT =
  '  next: change the rule of each place and sync again; or, where somebody has looked and it is no fault, write a reviewed: entry (docs/verify-shadow.md)';

/** `brief`: of what was not checked the numbers alone. */
export type Detail = 'brief' | 'full';

/** Stages, findings, remarks, one line of result and, after findings, the next step. */
export function formatShadowVerification(result: ShadowVerification, detail: Detail): string {
  const { findings, reviewed, notChecked } = result;
  const lines = formatStages(result);
  for (const finding of findings.slice(0, SHOWN_FINDINGS)) lines.push(`  ✗ ${formatFinding(finding)}`);
  if (findings.length > SHOWN_FINDINGS)
    lines.push(`  ... and ${formatCount(findings.length - SHOWN_FINDINGS)} more; --json has all`);
  for (const { reason, ...finding } of reviewed) lines.push(`  reviewed: ${formatFinding(finding)}: ${plain(reason)}`);
  lines.push(...formatCompared(result));
  lines.push(...(detail === 'full' ? formatUnchecked(notChecked) : countUnchecked(notChecked)));
  lines.push(formatStatus(result), ...(result.status === 'failed' ? [NEXT] : []));
  return lines.join('\n');
}

function formatStages({ stages, comparedWith }: ShadowVerification): string[] {
  return stages.map(({ stage, status }) => {
    const name = STAGE_NAMES[stage];
    if (status !== 'skipped') return `${status === 'passed' ? '✓' : '✗'} ${name}`;
    const isUnasked = stage === 'survivors' && comparedWith === 'nothing';
    return `- ${name}: not run: ${isUnasked ? '--no-compare' : 'an earlier stage found something; --all runs it'}`;
  });
}

function formatFinding({ table, column, rule, what, count }: VerificationFinding): string {
  const place = plain(column === null ? table : `${table}.${column}`);
  const found = count === null ? what : `${what} (${formatCount(count)})`;
  return `${place}${rule === null ? '' : ` [${rule}]`}: ${plain(found)}`;
}

/** Names come from databases and reasons from files. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

function formatCompared({ compared, notChecked }: ShadowVerification): string[] {
  const others = notChecked.filter(({ stage }) => stage === 'survivors').length;
  if (compared.length === 0) return [];
  const survivors = compared.reduce((sum, column) => sum + column.survivors, 0);
  const expected = compared.reduce((sum, column) => sum + column.expected, 0);
  const values = compared.reduce((sum, column) => sum + column.sourceValues, 0);
  const lines = [
    `  columns: ${compared.length} compared, ${others} not comparable; of the compared ${formatCount(values)} different values of the source: ${formatCount(survivors)} met, ${formatExpected(expected)} expected by chance`,
  ];
  for (const { table, column, path, ...found } of compared.filter((one) => one.survivors > 0))
    lines.push(
      `    ${plain(`${table}.${column}${path === null ? '' : ` at ${path}`}`)}: ${formatCount(found.survivors)} met, ${formatExpected(found.expected)} expected, at most ${formatCount(found.mostByChance)} by chance`,
    );
  if (compared.some((one) => one.survivors > 0 && one.survivors <= one.mostByChance))
    lines.push(
      '    met: a value that the source has and the shadow too; up to what a mask makes by chance that is no finding, for nobody can tell such a one from a made-up one',
    );
  const least = Math.min(...compared.map(({ share }) => share));
  // Of s survivors none is in a sample of this share with (1 - share)^s.
  if (least < 1)
    lines.push(
      `    sampled: at least ${percent(least)} of a column's values; 100 survivors of one column are missed with a chance of ${percent((1 - least) ** 100)}`,
    );
  return lines;
}

function formatExpected(expected: number): string {
  return expected < 0.001 ? '0' : expected.toFixed(expected < 10 ? 3 : 0);
}

function percent(share: number): string {
  return share < 0.0001 && share > 0 ? 'less than 0.01 %' : `${(share * 100).toFixed(2)} %`;
}

function countUnchecked(columns: readonly UncheckedColumn[]): string[] {
  return VERIFICATION_STAGES.flatMap((stage) => {
    const count = columns.filter((column) => column.stage === stage).length;
    return count === 0
      ? []
      : [`  ${UNCHECKED[stage]}: ${formatCount(count)} ${count === 1 ? 'place' : 'places'}; --verbose tells which and why`];
  });
}

function formatUnchecked(columns: readonly UncheckedColumn[]): string[] {
  const byReason = new Map<string, UncheckedColumn[]>();
  for (const column of columns) {
    const key = `${UNCHECKED[column.stage]}: ${column.rule === null ? '' : `${column.rule} of `}PLACE: ${column.why}`;
    byReason.set(key, [...(byReason.get(key) ?? []), column]);
  }
  return [...byReason].map(([text, all]) => {
    const [first] = all;
    const place =
      all.length === 1 && first !== undefined
        ? first.column === null
          ? first.table
          : `${first.table}.${first.column}`
        : `${all.length} columns`;
    return `  ${plain(text.replace('PLACE', () => place))}`;
  });
}

function formatStatus({ status, comparedWith, findings, stages, shadow, runId }: ShadowVerification): string {
  const of = `${shadow}, made by ${runId}`;
  if (status === 'failed') return `✗ ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} in ${of}`;
  const isCompared = stages.some(({ stage, status: own }) => stage === 'survivors' && own === 'passed');
  if (!isCompared) return `- no finding in ${of}; NOT COMPARED: values of the source may be left in it`;
  return `✓ no finding in ${of}; compared with ${REFERENCES[comparedWith]}`;
}
