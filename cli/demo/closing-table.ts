// What the demo shows at its end, read from the files that its steps left.
import fs from 'node:fs';
import { readTextFile } from '../../core/files.ts';
import { formatBytes, formatCount, formatSeconds } from '../../core/progress.ts';
import { comparisonSchema } from '../../spec/compare.ts';
import { parseExplanation } from '../../spec/explanation.ts';
import { type LoadResult, loadResultSchema } from '../../spec/load-result.ts';
import { checkDocument, parseJsonText } from '../../spec/parse-document.ts';
import { runRecordSchema } from '../../spec/run-record.ts';
import { readReport } from '../read-report.ts';
import { newestFile } from './newest-file.ts';

/** The files of a demo, by what they are. */
export interface DemoFiles {
  readonly folder: string;
  readonly pack: string;
  readonly comparison: string;
  readonly runRecord: string;
  readonly explanation: string;
  /** Its name has a time. */
  readonly loadResult: () => string;
  readonly page: string;
}

/** The closing table. Throws FILE_UNREADABLE, DOCUMENT_INVALID. */
export function formatClosingTable(files: DemoFiles, seconds: number): string {
  const report = readReport(newestFile(files.folder, 'report_'));
  const run = checkDocument(
    runRecordSchema,
    parseJsonText(readTextFile(files.runRecord), 'run record', files.runRecord),
    'run record',
    files.runRecord,
  );
  const comparison = checkDocument(
    comparisonSchema,
    parseJsonText(readTextFile(files.comparison), 'comparison', files.comparison),
    'comparison',
    files.comparison,
  );
  const passed = run.verdicts.filter((verdict) => verdict.passed).length;
  const judged = comparison.tables.filter((table) => table.isJudged);
  const alike = judged.filter((table) => table.isOk).length;
  const integrity = run.verdicts.every((verdict) => verdict.question !== 'integrity' || verdict.passed);
  const rows: [string, string][] = [
    ['pack', `${formatBytes(fs.statSync(files.pack).size)}: all that left the made-up production`],
    ['rows', `${formatCount(report.rowsLoaded)} at ${formatCount(Math.round(report.rowsPerSecond))} rows/s`],
    ['fingerprint', report.fingerprint],
    [
      'integrity',
      `${integrity ? '✓ every foreign key holds' : '✗ broken foreign keys'}; ${passed} of ${run.verdicts.length} checks passed`,
    ],
    ['compare', `${comparison.isOk ? '✓' : '✗'} ${alike} of ${judged.length} tables have the shape of production`],
    ['plans', describePlans(files.explanation)],
    ['load', describeLoad(files.loadResult())],
    ['guarantee', 'none: this is a demo, its salt is in the source code; real packs have a threshold, and no noise yet'],
    ['time', formatSeconds(seconds)],
    ['report', files.page],
    ['files', files.folder],
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n');
}

function describePlans(file: string): string {
  const { queries } = parseExplanation(readTextFile(file), file);
  const assertions = queries.flatMap((query) => query.assertions);
  const held = assertions.filter(({ isMet }) => isMet).length;
  return `${held === assertions.length ? '✓' : '✗'} ${held} of ${assertions.length} assertions hold over ${queries.length} queries`;
}

function describeLoad(file: string): string {
  const text = parseJsonText(readTextFile(file), 'load test result', file);
  const { stages, status }: LoadResult = checkDocument(loadResultSchema, text, 'load test result', file);
  const told = stages.map(
    ({ answered, latencyMs, seconds }) =>
      `${formatCount(answered)} answers in ${formatSeconds(seconds)}, p99 ${latencyMs === null ? 'unknown' : `${latencyMs.p99.toFixed(1)} ms`}`,
  );
  return `${status === 'passed' ? '✓' : '✗'} ${told.join('; ')}`;
}
