// sample: production's shape into one pack, with its mapping and its report beside it; or nothing at all.
import path from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { refuseExisting, refuseGitTree, writeFilesAtomically } from '../../core/files.ts';
import { formatBytes } from '../../core/progress.ts';
import type { Mapping } from '../../spec/mapping.ts';
import type { Pack } from '../../spec/pack.ts';
import type { Policy } from '../../spec/policy.ts';
import { type CommandContext, defineCommand, type Outcome } from '../command.ts';
import { factsOfPack } from '../evidence-of.ts';
import { forceOption, operatorOption, resolveOperator, wholeNumber } from '../options.ts';
import { type PackFiles, packFiles } from '../pack-files.ts';
import { readPolicy } from '../policy-file.ts';
import { readSaltOption } from '../salt.ts';
import { shownPath } from '../shown-path.ts';
import { datasetOf, openSource } from '../source.ts';
import { formatDayStamp } from '../stamps.ts';

export const sampleCommand = defineCommand({
  name: 'sample',
  summary: "Measure a production database's shape, read only, and write the pack",
  example: 'shapecast sample --source postgresql://reader@replica/app --policy policy.yaml --output /secure/shape.json',
  options: {
    source: { type: 'string', describe: 'Source database URL (default: PROD_REPLICA_URL, then PGHOST and its like)' },
    output: { type: 'string', describe: 'The pack to write, *.json (default: shape-metrics-YYYYMMDD.json)' },
    policy: { type: 'string', describe: 'Policy file (YAML): subjects, public and excluded tables and columns' },
    'window-days': { type: 'number', describe: 'Only the last N whole days of tables with a time column in the policy' },
    pairs: {
      choices: ['none', 'tree', 'all'],
      describe: "Which pairs of columns are measured together (default: the policy's, else tree)",
    },
    readers: { type: 'number', default: 2, describe: 'Connections that read at once' },
    'statement-timeout': { type: 'number', default: 600, describe: 'Seconds after which the server ends a statement' },
    operator: operatorOption,
    dataset: { type: 'string', describe: 'Name that separates the tokens of data sets (default: the database name)' },
    'salt-from': {
      type: 'string',
      describe: "Where the salt is: cmd:'COMMAND', env:NAME or file:PATH (default: env:ANONYMIZATION_SALT)",
    },
    force: forceOption,
    'allow-git-tree': { type: 'boolean', default: false, describe: 'Write even inside a git work tree' },
    'dry-run': { type: 'boolean', default: false, describe: 'Print every statement that would be sent, and measure nothing' },
  },
  async run(flags, context) {
    const day = context.now();
    const files = packFiles(path.resolve(context.folder, flags.output ?? `shape-metrics-${formatDayStamp(day)}.json`), day);
    const policy = readPolicy(flags.policy, context.folder);
    if (!flags['allow-git-tree'] && !flags['dry-run']) refuseGitTree(files.pack);
    if (!flags.force && !flags['dry-run']) refuseExisting([files.pack, files.mapping, files.report]);
    const { createTokeniser } = await import('../../sampler/protect/tokens.ts');
    // The salt is looked at before anything connects; a dry run sends no value anywhere and needs none.
    const salt = await readSaltOption(flags['salt-from'], flags['dry-run'], context);
    const url = await openSource(flags.source, context);
    const { listStatements, samplePack } = await import('../../sampler/sample.ts');
    const options = {
      url,
      policy,
      windowDays: flags['window-days'] === undefined ? null : wholeNumber('--window-days', flags['window-days'], 1),
      readers: wholeNumber('--readers', flags.readers, 1),
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      operator: resolveOperator(flags.operator),
      ...(flags.pairs === undefined ? {} : { pairs: flags.pairs }),
      now: day,
      tokeniser: createTokeniser({ salt, dataset: flags.dataset ?? (await datasetOf(url)) }),
      startProgress: context.startProgress,
      signal: context.signal,
      warn: context.tell,
    };
    if (flags['dry-run']) {
      for (const statement of await listStatements(options)) context.print(terminate(statement));
      return 0;
    }
    const { pack, mapping } = await samplePack(options, context.sampleTuning);
    return release({ pack, mapping, files, policy }, context);
  },
});

/** The statement as psql takes it; a remark between statements stays one. */
function terminate(statement: string): string {
  const text = statement.trimEnd();
  return /^--.*$/.test(text) ? text : `${text};\n`;
}

interface Release {
  readonly pack: Pack;
  readonly mapping: Mapping;
  readonly files: PackFiles;
  readonly policy: Policy;
}

/** Scans the very text that would be written, and writes all three files or, when a check fails, none. */
async function release({ pack, mapping, files, policy }: Release, context: CommandContext): Promise<Outcome> {
  const { scanPackText, isClean, formatScanReport } = await import('../../sampler/scan/scan.ts');
  const { formatExtractionReport } = await import('../../sampler/extraction-report.ts');
  const text = canonicalJson(pack);
  const sizeBytes = Buffer.byteLength(text);
  const scan = scanPackText(text, files.pack, policy.reviewedStrings);
  context.print(formatScanReport(scan));
  if (!isClean(scan)) {
    context.tell('Nothing was written. Exclude or rename what was found, or list it under reviewedStrings in the policy.');
    return 1;
  }
  const report = formatExtractionReport({ pack, mapping, file: path.basename(files.pack), sizeBytes });
  writeFilesAtomically(
    new Map([
      [files.pack, text],
      [files.mapping, `${canonicalJson(mapping)}\n`],
      [files.report, report],
    ]),
  );
  context.note(factsOfPack(pack, text));
  context.print(`pack     ${shownPath(files.pack)} (${formatBytes(sizeBytes)})`);
  context.print(`mapping  ${shownPath(files.mapping)}`);
  context.print(`report   ${shownPath(files.report)}`);
  return 0;
}
