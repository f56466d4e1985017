// What the demo shows at its end, read from the files that its steps left.
import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../core/files.ts';
import { formatBytes, formatCount, formatSeconds } from '../../core/progress.ts';
import { comparisonSchema } from '../../spec/compare.ts';
import { checkDocument, parseJsonText } from '../../spec/parse-document.ts';
import { type Report, reportSchema } from '../../spec/report.ts';
import { runRecordSchema } from '../../spec/run-record.ts';

/** The files of a demo, by what they are. */
export interface DemoFiles {
  readonly folder: string;
  readonly pack: string;
  readonly comparison: string;
  readonly runRecord: string;
}

/** The closing table. Throws FILE_UNREADABLE, DOCUMENT_INVALID. */
export function formatClosingTable(files: DemoFiles, seconds: number): string {
  const report = readReport(files.folder);
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
    ['guarantee', 'none: this is a demo, its salt is in the source code; real packs have a threshold, and no noise yet'],
    ['time', formatSeconds(seconds)],
    ['files', files.folder],
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n');
}

/** The newest report in the folder. */
function readReport(folder: string): Report {
  const name = fs
    .readdirSync(folder)
    .filter((file) => file.startsWith('report_'))
    .sort()
    .at(-1);
  const file = path.join(folder, name ?? 'report');
  return checkDocument(reportSchema, parseJsonText(readTextFile(file), 'report', file), 'report', file);
}
