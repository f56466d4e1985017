// verify-shadow: whether a masked shadow is what its rules say, and whether values of production are left in it.
import path from 'node:path';
import { formatShadowVerification } from '../../spec/format-shadow-verification.ts';
import type { ShadowVerification } from '../../spec/shadow-verification.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { jsonOption, operatorOption, wholeNumber } from '../options.ts';
import { findDigests, readDigests } from '../shadow-digests.ts';
import { givenKeyText, givenUrl, optionalUrl, readRules, SHADOW_URL, SOURCE_URL } from '../sync-settings.ts';

export const verifyShadowCommand = defineCommand({
  name: 'verify-shadow',
  summary: 'Check a shadow against its rules and look for values of production in it; fails fast',
  example: 'shapecast verify-shadow --rules rules.yaml',
  options: {
    rules: { type: 'string', default: 'rules.yaml', describe: 'Rules file (YAML) that the shadow was made by' },
    shadow: { type: 'string', describe: 'Shadow database URL (default: SHADOW_DATABASE_URL); it is only read' },
    source: {
      type: 'string',
      describe: 'Source database URL to compare with (default: PROD_REPLICA_URL; without it the digest set that sync left)',
    },
    'other-source': {
      type: 'boolean',
      default: false,
      describe: 'Take a source that the shadow was not made from (a logical replica, a restored copy); the result says so',
    },
    digests: {
      type: 'string',
      describe: 'Digest set to compare with (default: the one of the run, in the folder of the evidence)',
    },
    'key-from': {
      type: 'string',
      describe:
        "Where the masking key of the sync is, for a digest set: cmd:'COMMAND', env:NAME or file:PATH (default: env:MASKING_KEY)",
    },
    compare: {
      type: 'boolean',
      default: true,
      describe: 'Look for values of production; --no-compare leaves that out, and the result says so',
    },
    all: { type: 'boolean', default: false, describe: 'Run every stage, also after one that found something' },
    verbose: { type: 'boolean', default: false, describe: 'List every column that a stage could not check, and why' },
    'print-sql': {
      type: 'boolean',
      default: false,
      describe: 'Print what SQL can check as a file for psql, which ends with an error at the first finding, and check nothing',
    },
    'statement-timeout': { type: 'number', default: 14_400, describe: 'Seconds after which a server ends a statement' },
    operator: operatorOption,
    json: jsonOption,
  },
  async run(flags, context) {
    const shadowUrl = givenUrl(flags.shadow, SHADOW_URL, context);
    const { rules, rulesSha256 } = readRules(flags.rules, context);
    const { describeServer } = await import('../../postgres/connect.ts');
    context.note({ target: describeServer(shadowUrl), hashes: { rules: rulesSha256 } });
    const common = {
      shadowUrl,
      rules,
      rulesSha256,
      statementTimeoutMs: wholeNumber('--statement-timeout', flags['statement-timeout'], 1) * 1000,
      environment: context.environment,
      signal: context.signal,
    };
    if (flags['print-sql']) {
      const { printSql } = await import('../../sync/verify/print-sql.ts');
      context.print(await printSql(common));
      context.note({ verdict: 'SQL printed, nothing checked' });
      return 0;
    }
    const { verifyShadow } = await import('../../sync/verify/verify-shadow.ts');
    const { digests } = flags;
    const sourceUrl = digests === undefined && flags.compare ? optionalUrl(flags.source, SOURCE_URL, context) : null;
    if (sourceUrl !== null) context.note({ source: describeServer(sourceUrl) });
    const result = await verifyShadow({
      ...common,
      sourceUrl,
      takesOtherSource: flags['other-source'],
      findDigests: (runId) =>
        digests === undefined ? findDigests(runId, context) : readDigests(path.resolve(context.folder, digests)),
      key: sourceUrl === null && flags.compare ? await readKey(flags['key-from'], context) : null,
      isCompared: flags.compare,
      runsAllStages: flags.all,
      startProgress: context.startProgress,
    });
    context.note({ counts: countsOf(result), verdict: verdictOf(result), runs: [result.runId] });
    context.print(
      flags.json ? JSON.stringify(result, null, 2) : formatShadowVerification(result, flags.verbose ? 'full' : 'brief'),
    );
    return result.status === 'passed' ? 0 : 1;
  },
});

/** Null where none is given. Throws MASKING_KEY_WEAK and what reading a secret throws. */
async function readKey(reference: string | undefined, context: CommandContext): Promise<Uint8Array | null> {
  const text = await givenKeyText(reference, context);
  if (text === '') return null;
  const { readMaskingKey } = await import('../../sync/masking-key.ts');
  return readMaskingKey(text, context.environment);
}

function verdictOf({ status, comparedWith }: ShadowVerification): string {
  return `${status}, compared with ${comparedWith}`;
}

function countsOf({ tables, columns, rows, findings, compared, notChecked, reviewed }: ShadowVerification) {
  return {
    tables,
    columns,
    rows: rows ?? 0,
    findings: findings.length,
    compared: compared.length,
    survivors: compared.reduce((sum, column) => sum + column.survivors, 0),
    notChecked: notChecked.length,
    reviewed: reviewed.length,
  };
}
