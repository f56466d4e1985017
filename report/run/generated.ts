// What generate made: who asked for what, the tables, and what gives each child its parent.
import { formatBytes, formatCount, formatSeconds } from '../../core/progress.ts';
import type { Report } from '../../spec/report.ts';
import {
  counted,
  dataTable,
  factList,
  figure,
  folded,
  heads,
  pictureOf,
  pointList,
  type ReportSection,
  timeSpan,
} from './parts.ts';
import { rowsPicture } from './rows-picture.ts';

/** The section of generate's report. */
export function generatedSection(report: Report): ReportSection {
  const isWhole = report.status === 'completed' && report.errors.length === 0;
  return {
    id: 'generated',
    title: 'Generated',
    verdict: isWhole ? 'met' : 'missed',
    headline: isWhole
      ? counted(report.rowsLoaded, 'row')
      : report.status === 'failed'
        ? 'failed'
        : counted(report.errors.length, 'error'),
    remark: `${counted(report.tables.length, 'table')}, ${formatCount(Math.round(report.rowsPerSecond))} rows/s`,
    body: [
      facts(report),
      pointList(report.errors, 'missed'),
      pictureOf('Rows by table', '', (width) => rowsPicture(report.tables, width)),
      tableOfTables(report),
      referenceTable(report),
      jointTable(report),
      warningList(report),
    ].join('\n'),
  };
}

function facts(report: Report): string {
  return factList([
    ['target', report.target],
    ['server', report.serverVersion === null ? 'none' : `PostgreSQL ${report.serverVersion}`],
    ['made', `${timeSpan(report.startedAt, report.completedAt)}, ${formatSeconds(report.durationMs / 1000)}`],
    ['by', `${report.operator}, ${counted(report.workers, 'worker')}`],
    ['run', report.runId],
    ['tool', report.commit === null ? report.tool : `${report.tool}, commit ${report.commit.slice(0, 12)}`],
  ]);
}

function tableOfTables({ rowsLoaded, tables }: Report): string {
  const rows = tables.map(({ bytes, contentHash, name, rows: count }) => [
    { text: name },
    figure(formatCount(count)),
    figure(rowsLoaded === 0 ? '-' : `${((100 * count) / rowsLoaded).toFixed(1)} %`),
    figure(formatBytes(bytes)),
    { text: contentHash, classes: 'code' },
  ]);
  return dataTable('Tables', heads('table', '#rows', '#share', '#sent', 'content hash'), rows);
}

function referenceTable({ tables }: Report): string {
  const rows = tables.flatMap(({ name, references }) =>
    references.map(({ columns, degrees, isVirtual, mode, table, to }) => [
      { text: `${name} (${columns.join(', ')})` },
      { text: `${table} (${to.join(', ')})${isVirtual ? ', virtual' : ''}` },
      figure(degrees === null ? '-' : formatCount(degrees.p50)),
      figure(degrees === null ? '-' : formatCount(degrees.max)),
      { text: mode === undefined ? '' : mode.reason },
    ]),
  );
  const head = heads('foreign key', 'parent', '#children, p50', '#most', 'what gives a child its parent');
  return folded('Foreign keys: what gives a child its parent', dataTable('Foreign keys', head, rows));
}

/** How near the plan came to the pairs of columns that the spec asks for. */
function jointTable({ tables }: Report): string {
  const rows = tables.flatMap(({ joint, name }) => {
    if (joint === null || joint === undefined) return [];
    const after = joint.marginals.flatMap((marginal) => marginal.after ?? []);
    if (after.length === 0) return [];
    const mean = after.reduce((sum, each) => sum + each, 0) / after.length;
    const unused = joint.marginals.length - after.length;
    return [
      [
        { text: name },
        figure(String(after.length)),
        figure(String(unused)),
        figure(mean.toFixed(4)),
        figure(Math.max(...after).toFixed(4)),
      ],
    ];
  });
  const head = heads('table', '#followed', '#not followed', '#mean total variation', '#largest');
  return folded('Pairs of columns: how near the plan came to the spec', dataTable('Pairs of columns', head, rows));
}

function warningList({ warnings = [] }: Report): string {
  if (warnings.length === 0) return '';
  return `<h3>Told before the first row</h3>\n${pointList(warnings.map(({ message, path }) => `${path}: ${message}`))}`;
}
