// report: the documents that the commands of a run left, as one page of HTML for people.
import path from 'node:path';
import type { z } from 'zod';
import { ShapecastError } from '../../core/errors.ts';
import { readTextFile, refuseExisting, writeFileAtomically } from '../../core/files.ts';
import { checkDocument, parseJsonText } from '../../spec/parse-document.ts';
import { defineCommand } from '../command.ts';
import { forceOption, jsonOption } from '../options.ts';
import { shownPath } from '../shown-path.ts';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write one page (HTML, no script) of a run: what was generated, integrity, fidelity, plans, load',
  example: 'shapecast report --config report_dev_20260131T120000Z.json --run docs/perf-data/latest_run.json --output report.html',
  options: {
    config: { type: 'string', describe: 'What was generated: the report that generate wrote (report_*.json)' },
    run: { type: 'string', describe: 'Integrity: the run record that load wrote (run_*.json)' },
    comparison: { type: 'string', describe: 'Fidelity: what compare wrote with --output (JSON)' },
    explanation: { type: 'string', describe: 'Plans: what explain wrote with --output (JSON)' },
    load: { type: 'string', describe: 'Load: what loadtest wrote (autocannon-*.json)' },
    output: { type: 'string', default: 'report.html', describe: 'File of the page (HTML)' },
    force: forceOption,
    json: jsonOption,
  },
  async run(flags, context) {
    const output = path.resolve(context.folder, flags.output);
    if (!flags.force) refuseExisting([output]);
    const read = <Schema extends z.ZodType>(schema: Schema, name: string, file: string | undefined) =>
      file === undefined ? null : readDocument(schema, name, path.resolve(context.folder, file), file);
    const { reportSchema } = await import('../../spec/report.ts');
    const { runRecordSchema } = await import('../../spec/run-record.ts');
    const { comparisonSchema } = await import('../../spec/compare.ts');
    const { explanationSchema } = await import('../../spec/explanation.ts');
    const { loadResultSchema } = await import('../../spec/load-result.ts');
    const documents = {
      report: read(reportSchema, 'report', flags.config),
      run: read(runRecordSchema, 'run record', flags.run),
      comparison: read(comparisonSchema, 'comparison', flags.comparison),
      explanation: read(explanationSchema, 'explanation', flags.explanation),
      load: read(loadResultSchema, 'load test result', flags.load),
    };
    if (Object.values(documents).every((document) => document === null))
      throw new ShapecastError('OPTION_INVALID', {
        option: 'report',
        reason: 'give at least one of --config, --run, --comparison, --explanation, --load',
      });
    const { runReport } = await import('../../report/run-report.ts');
    const { doubts, html, sections } = runReport(documents);
    writeFileAtomically(output, html);
    const file = shownPath(output);
    context.print(
      flags.json ? JSON.stringify({ file, sections, doubts }, null, 2) : `report  ${file}: ${sections.join(', ').toLowerCase()}`,
    );
    for (const doubt of doubts) if (!flags.json) context.tell(doubt);
    return 0;
  },
});

function readDocument<Schema extends z.ZodType>(schema: Schema, name: string, file: string, shown: string): z.output<Schema> {
  return checkDocument(schema, parseJsonText(readTextFile(file), name, shown), name, shown);
}
