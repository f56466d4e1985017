// sync: the masked road, from a replica to a shadow database by a rules file.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { refuseExisting, unwritable, writeFileAtomically } from '../../core/files.ts';
import { formatCount } from '../../core/progress.ts';
import { newRunId, toolVersion } from '../../core/tool.ts';
import type { RulesOrigin } from '../../spec/rules-origin.ts';
import type { ShadowDigests } from '../../spec/shadow-digests.ts';
import type { SyncResult } from '../../spec/sync-result.ts';
import type { RulesFile } from '../../sync/rules-commit.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { jsonOption, operatorOption, resolveOperator, wholeNumber } from '../options.ts';
import { writeDigests } from '../shadow-digests.ts';
import { shownPath } from '../shown-path.ts';
import { formatTimeStamp } from '../stamps.ts';
import { givenKeyText, givenUrl, readRules, SHADOW_URL, SOURCE_URL } from '../sync-settings.ts';
import { formatDump, quoteForShell, readDumpRequest, toFileOptions } from '../sync-to-file.ts';

export const syncCommand = defineCommand({
  name: 'sync',
  summary: 'Copy production into a shadow database, every column masked by a rule on the way',
  example: 'shapecast sync --rules rules.yaml --dry-run',
  options: {
    rules: { type: 'string', default: 'rules.yaml', describe: 'Rules file (YAML): one rule for every column' },
    source: { type: 'string', describe: 'Source database URL (default: PROD_REPLICA_URL)' },
    shadow: { type: 'string', describe: 'Shadow database URL (default: SHADOW_DATABASE_URL); all that is in it is replaced' },
    replace: { type: 'string', describe: "The shadow database's name, typed out: replace it although sync did not make it" },
    ...toFileOptions,
    'key-from': {
      type: 'string',
      describe: "Where the masking key is: cmd:'COMMAND', env:NAME or file:PATH (default: env:MASKING_KEY, else random)",
    },
    jobs: { type: 'number', default: 2, describe: 'Tables that are copied at once' },
    restarts: {
      type: 'number',
      default: 2,
      describe: 'How often the copy may start over when a standby cancels its snapshot',
    },
    'statement-timeout': { type: 'number', default: 14_400, describe: 'Seconds after which the source ends a statement' },
    tools: { type: 'string', describe: 'Folder of pg_dump and psql (default: the PATH)' },
    operator: operatorOption,
    propose: {
      type: 'boolean',
      default: false,
      describe: 'Write a first rules file to --rules from names, types and sampled values of the source, and copy nothing',
    },
    sample: { type: 'boolean', default: true, describe: 'With --propose, look at sampled values; --no-sample reads no row' },
    'allow-uncommitted': {
      type: 'boolean',
      default: false,
      describe: 'Take rules that their git checkout has not committed as they are; recorded in log, result and evidence',
    },
    'dry-run': { type: 'boolean', default: false, describe: 'Check everything, print tables, rules and sizes, and copy nothing' },
    digests: {
      type: 'boolean',
      default: true,
      describe:
        'Leave keyed digests of a sample of values beside the evidence, for verify-shadow (needs MASKING_KEY); --no-digests does not',
    },
    json: jsonOption,
  },
  async run(flags, context) {
    const sourceUrl = givenUrl(flags.source, SOURCE_URL, context);
    if (flags.propose)
      return propose(sourceUrl, { file: path.resolve(context.folder, flags.rules), reads: flags.sample }, context);
    const dump = await readDumpRequest(flags, context);
    const shadowUrl = dump === null ? givenUrl(flags.shadow, SHADOW_URL, context) : '';
    const { rules, rulesSha256, ...rulesFile } = readRules(flags.rules, context);
    const rulesOrigin = await judgeRules(rulesFile, flags, context);
    const keyText = await givenKeyText(flags['key-from'], context);
    const { sync } = await import('../../sync/sync.ts');
    const { dumpMasked } = await import('../../sync/dump-masked.ts');
    const { describeOrigin } = await import('../../sync/rules-commit.ts');
    const { openSyncLog } = await import('../../sync/sync-log.ts');
    const { describeServer } = await import('../../postgres/connect.ts');
    const options = {
      sourceUrl,
      rules,
      rulesSha256,
      rulesOrigin,
      key: await readKey(keyText, context),
      runId: newRunId(),
      toolVersion: toolVersion(),
      mostRestarts: wholeNumber('--restarts', flags.restarts, 0),
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      toolFolder: flags.tools === undefined ? null : path.resolve(context.folder, flags.tools),
      dryRun: flags['dry-run'],
      environment: context.environment,
      signal: context.signal,
      tell: context.tell,
      startProgress: context.startProgress,
    };
    context.note({
      source: describeServer(sourceUrl),
      target: dump === null ? describeServer(shadowUrl) : `file ${path.basename(dump.file)}`,
      hashes: { rules: options.rulesSha256 },
      rules: rulesOrigin,
    });
    const log = openSyncLog(context.folder, formatTimeStamp(context.now()), context.now);
    log.write(
      `sync ${options.runId} by ${resolveOperator(flags.operator)}, ${options.toolVersion}${flags['dry-run'] ? ', dry run' : ''}`,
    );
    log.write(`rules ${path.basename(flags.rules)}, sha256 ${options.rulesSha256}; ${describeOrigin(rulesOrigin)}`);
    try {
      const keep = (digests: ShadowDigests) =>
        log.write(`digests: ${digests.columns.length} columns in ${path.basename(writeDigests(digests, context))}`);
      // Without a key of its own a later check could not make the digests again.
      const keepDigests = flags.digests && keyText !== '' ? keep : null;
      const given = { ...options, log: log.write, keepDigests, now: context.now };
      const jobs = wholeNumber('--jobs', flags.jobs, 1);
      const result =
        dump === null
          ? await sync({ ...given, shadowUrl, jobs, replace: flags.replace ?? null })
          : await dumpMasked({ ...given, ...dump });
      context.note({ counts: countsOf(result), verdict: result.status, runs: [result.runId] });
      if (result.dump !== undefined) context.note({ hashes: { rules: result.rulesSha256, dump: result.dump.sha256 } });
      await printResult(result, { json: flags.json, logFile: log.file, rulesFile: rulesFile.file }, context);
      return 0;
    } catch (error) {
      const [first = '', ...rest] = error instanceof ShapecastError ? `${error.code} ${error.message}`.split('\n') : ['BUG'];
      log.write(`failed: ${first}`);
      for (const line of rest) log.write(line);
      throw error;
    }
  },
});

interface RulesFlags {
  readonly 'allow-uncommitted': boolean;
  readonly 'dry-run': boolean;
}

/** Refuses rules that are not committed where they could be; a dry run, by which people write them, only tells it. */
async function judgeRules(given: RulesFile, flags: RulesFlags, context: CommandContext): Promise<RulesOrigin> {
  const { findRulesOrigin, refuseUncommitted } = await import('../../sync/rules-commit.ts');
  const origin = findRulesOrigin(given);
  if (flags['dry-run'] && !flags['allow-uncommitted'] && origin.reason !== undefined)
    context.tell(`note: ${shownPath(given.file)} is not committed (${origin.reason}); without --dry-run the sync refuses it`);
  else if (!flags['allow-uncommitted']) refuseUncommitted(origin, shownPath(given.file));
  if (origin.state === 'outside')
    context.tell(`note: ${shownPath(given.file)} is in no git checkout, so nobody can say who reviewed these rules`);
  return origin;
}

/** Writes the file unless there is one, into a folder that is there. Throws FILE_EXISTS, FILE_UNWRITABLE and what reading the catalog throws. */
async function propose(
  url: string,
  { file, reads }: { readonly file: string; readonly reads: boolean },
  context: CommandContext,
): Promise<0> {
  refuseExisting([file], '--rules');
  // Nobody would look for the rules in a folder that a slip of the finger made.
  if (!fs.existsSync(path.dirname(file))) throw unwritable(file, { code: 'ENOENT' });
  const { readRulesProposal } = await import('../../sync/read-proposal.ts');
  const { describeServer } = await import('../../postgres/connect.ts');
  context.note({ source: describeServer(url) });
  const { signal } = context;
  const startSampling = reads ? (columns: number) => context.startProgress('sample', columns, 'columns') : null;
  const { text, tables, columns, sampled } = await readRulesProposal({ url, startSampling, signal });
  writeFileAtomically(file, text);
  context.note({ counts: { tables, columns, sampled }, verdict: 'proposed' });
  context.print(`rules  ${shownPath(file)}: ${tables} tables, ${columns} columns. Read every line before you use it.`);
  return 0;
}

async function readKey(text: string, { environment, tell }: CommandContext): Promise<Uint8Array> {
  const { readMaskingKey } = await import('../../sync/masking-key.ts');
  if (text === '')
    tell(
      'note: no MASKING_KEY: a random key serves this run, tokens will differ from those of other runs, and no digests are left',
    );
  return readMaskingKey(text, environment);
}

async function printResult(
  result: SyncResult,
  { json, logFile, rulesFile }: { readonly json: boolean; readonly logFile: string; readonly rulesFile: string },
  context: CommandContext,
): Promise<void> {
  if (json) {
    context.print(JSON.stringify(result, null, 2));
    return;
  }
  if (result.status === 'planned') {
    const { formatTables } = await import('../../sync/describe-plan.ts');
    for (const line of formatTables(result)) context.print(line);
    context.print('Nothing was copied: this was a dry run.');
  } else {
    const { rows, emptyTables } = countsOf(result);
    const whole = result.dump === undefined ? 'the shadow is marked complete' : 'the dump is whole';
    context.print(`✓ ${formatCount(rows)} rows in ${result.tables.length} tables, every column by its rule; ${whole}`);
    context.print(`tables without rows: ${emptyTables}; sequences set: ${result.sequences ?? 0}`);
  }
  if (result.dump !== undefined) for (const line of formatDump(result.dump)) context.print(line);
  context.print(`log   ${shownPath(logFile)}`);
  if (result.status === 'complete' && result.dump === undefined)
    context.print(`next  shapecast verify-shadow --rules ${quoteForShell(shownPath(rulesFile))}`);
}

function countsOf({ tables, empty, restarts }: SyncResult) {
  const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  return { tables: tables.length, rows, emptyTables: empty.length, restarts };
}
