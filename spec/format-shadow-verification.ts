// What verify-shadow found, as text: a line a stage, the findings, what was excused, and by kind of rule what no check can tell.
import { formatCount } from '../core/progress.ts';
import type { ComparedColumn, ShadowVerification, UncheckedColumn, VerificationFinding } from './shadow-verification.ts';

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

/** Stages, findings, remarks, and one line of result. */
export function formatShadowVerification(result: ShadowVerification): string {
  const { stages, findings, reviewed, compared, notChecked } = result;
  const lines = stages.map(({ stage, status }) => `${{ passed: '✓', failed: '✗', skipped: '-' }[status]} ${STAGE_NAMES[stage]}`);
  for (const finding of findings.slice(0, SHOWN_FINDINGS)) lines.push(`  ✗ ${formatFinding(finding)}`);
  if (findings.length > SHOWN_FINDINGS)
    lines.push(`  ... and ${formatCount(findings.length - SHOWN_FINDINGS)} more; --json has all`);
  for (const { reason, ...finding } of reviewed) lines.push(`  reviewed: ${formatFinding(finding)}: ${plain(reason)}`);
  lines.push(...formatCompared(compared), ...formatUnchecked(notChecked), formatStatus(result));
  return lines.join('\n');
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

function formatCompared(compared: readonly ComparedColumn[]): string[] {
  if (compared.length === 0) return [];
  const survivors = compared.reduce((sum, column) => sum + column.survivors, 0);
  const expected = compared.reduce((sum, column) => sum + column.expected, 0);
  const values = compared.reduce((sum, column) => sum + column.sourceValues, 0);
  const lines = [
    `  compared: ${compared.length} columns, ${formatCount(values)} different values of the source; ${formatCount(survivors)} met, ${formatExpected(expected)} expected by chance`,
  ];
  for (const { table, column, path, ...found } of compared.filter((one) => one.survivors > 0))
    lines.push(
      `    ${plain(`${table}.${column}${path === null ? '' : ` at ${path}`}`)}: ${formatCount(found.survivors)} met, ${formatExpected(found.expected)} expected, at most ${formatCount(found.mostByChance)} by chance`,
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
