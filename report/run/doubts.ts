// Whether documents belong on one page. Report and run record name their plan and must agree; the others name none, so what they do tell
// (tables, rows, times) is held against the report, and doubts are written on the page.
import { ShapecastError } from '../../core/errors.ts';
import { formatCount } from '../../core/progress.ts';
import type { RunDocuments } from './documents.ts';

/** Throws REPORT_MIXED where report and run record are of two plans or two datasets. */
export function refuseMixed({ report, run }: RunDocuments): void {
  if (report === null || run === null) return;
  for (const what of ['planId', 'fingerprint'] as const)
    if (report[what] !== run.report[what])
      throw new ShapecastError('REPORT_MIXED', {
        what: what === 'planId' ? 'plan' : 'fingerprint',
        report: report[what],
        run: run.report[what],
      });
}

/** Sentences; empty where nothing speaks against it. */
export function listDoubts(documents: RunDocuments): string[] {
  return [...runDoubts(documents), ...comparisonDoubts(documents), ...timeDoubts(documents), ...unnamed(documents)];
}

function runDoubts({ report, run }: RunDocuments): string[] {
  if (report === null || run === null) return [];
  return [
    ...(report.runId === run.report.runId ? [] : [`The checks were made for another run of the same plan, ${run.report.runId}.`]),
    ...(report.target === run.target ? [] : [`The rows were made in ${report.target} and checked in ${run.target}.`]),
  ];
}

function comparisonDoubts({ comparison, report }: RunDocuments): string[] {
  if (comparison === null || report === null) return [];
  const made = new Map(report.tables.map(({ name, rows }) => [name, rows]));
  return comparison.tables.flatMap(({ candidateRows, table }) => {
    const rows = made.get(table);
    if (rows === undefined) return [`The comparison has the table ${table}, which the report does not have.`];
    if (candidateRows === null || candidateRows === rows) return [];
    return [`The comparison found ${formatCount(candidateRows)} rows of ${table}, where ${formatCount(rows)} were made.`];
  });
}

function timeDoubts({ load, report, run }: RunDocuments): string[] {
  if (report === null) return [];
  const isEarlier = (moment: string | undefined) => moment !== undefined && Date.parse(moment) < Date.parse(report.completedAt);
  return [
    ...(isEarlier(run?.startedAt) ? ['The checks are older than the rows.'] : []),
    ...(isEarlier(load?.startedAt) ? ['The load test is older than the rows.'] : []),
  ];
}

function unnamed({ comparison, explanation, load, report, run }: RunDocuments): string[] {
  const names = [
    comparison === null ? '' : 'comparison',
    explanation === null ? '' : 'plans',
    load === null ? '' : 'load test',
  ].filter((name) => name !== '');
  if (names.length === 0 || (report === null && run === null && names.length === 1)) return [];
  return [
    `These documents do not name the run that they are of: ${names.join(', ')}. That they belong here is the word of whoever made this page.`,
  ];
}
