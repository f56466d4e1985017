// load: checks what generate put into the target against its report, makes it ready for measuring, leaves a run record.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import type { Report } from '../../spec/report.ts';
import { defineCommand } from '../command.ts';
import { factsOfRunRecord } from '../evidence-of.ts';
import { jsonOption, operatorOption, resolveOperator, targetOption } from '../options.ts';
import { readReport } from '../read-report.ts';
import { shownPath } from '../shown-path.ts';
import { withTarget } from '../target.ts';

export const loadCommand = defineCommand({
  name: 'load',
  summary: 'Verify the generated rows against their report, analyze, prewarm, record the run',
  example:
    'shapecast load --target postgresql://localhost/dev --config report_dev_20260131T120000Z.json --prewarm public.messages',
  options: {
    target: targetOption,
    config: { type: 'string', describe: 'The report that generate wrote (default: the newest report_*.json here)' },
    schema: { type: 'string', describe: 'Look only at tables of this schema' },
    prewarm: {
      type: 'string',
      array: true,
      describe:
        'Table or index to read into memory (a table is its rows, its indexes have names of their own), repeatable; or none (default: all that fits, largest first)',
    },
    operator: operatorOption,
    'output-dir': { type: 'string', default: 'docs/perf-data', describe: 'Folder for run_*.json and latest_run.json' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { folder } = context;
    const report = flags.config === undefined ? findNewestReport(folder) : readReport(path.resolve(folder, flags.config));
    const { load } = await import('../../loader/load.ts');
    const result = await withTarget({ command: 'load', target: flags.target }, context, (url) =>
      load({
        url,
        report,
        schema: flags.schema ?? null,
        prewarm: choosePrewarm(flags.prewarm ?? []),
        operator: resolveOperator(flags.operator),
        recordFolder: shownPath(path.resolve(context.folder, flags['output-dir'])),
        startProgress: context.startProgress,
        signal: context.signal,
        environment: context.environment,
        now: context.now,
        print: flags.json ? context.tell : context.print,
      }),
    );
    context.note(factsOfRunRecord(result));
    if (flags.json) context.print(JSON.stringify(result, null, 2));
    return result.status === 'passed' ? 0 : 1;
  },
});

/** `--prewarm none` stands alone. Throws OPTION_INVALID. */
function choosePrewarm(names: readonly string[]): 'all' | 'none' | { readonly names: readonly string[] } {
  if (names.length === 0) return 'all';
  if (!names.includes('none')) return { names };
  if (names.length === 1) return 'none';
  throw new ShapecastError('OPTION_INVALID', { option: '--prewarm', reason: 'none stands alone, without names beside it' });
}

/** The report with the latest time stamp in its name, of any band, whose rows went into a database. Throws REPORT_MISSING. */
function findNewestReport(folder: string): Report {
  const stampOf = (name: string) => /_(\d{8}T\d{6}Z)\.json$/.exec(name)?.[1] ?? '';
  const newestFirst = fs
    .readdirSync(folder)
    .filter((name) => /^report_[a-z]+_\d{8}T\d{6}Z\.json$/.test(name))
    .sort((left, right) => stampOf(right).localeCompare(stampOf(left)));
  for (const name of newestFirst) {
    const report = readReport(path.join(folder, name));
    // generate --to null or to files leaves a report too, and there is nothing to load.
    if (report.target !== 'null' && report.target !== 'files') return report;
  }
  throw new ShapecastError('REPORT_MISSING', { folder });
}
