// evidence: the log of all runs, checked and shown; and a new key for it.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import type { Verification } from '../../evidence/verify-log.ts';
import { type CommandContext, defineCommand, type Outcome } from '../command.ts';
import { describeStart, evidencePlace } from '../evidence.ts';
import { jsonOption, wholeNumber } from '../options.ts';

/** `shapecast evidence verify|show|rotate`; verify ends with 1 when a record was altered, removed or moved. */
export const evidenceCommand = defineCommand({
  name: 'evidence',
  summary: 'Verify or show the signed log of all runs, or give it a new key (verify, show, rotate)',
  example: 'shapecast evidence verify --keys keys-kept-elsewhere.json',
  leavesNoEvidence: true,
  operands: {
    name: 'action',
    description:
      'verify: name every record that was altered, removed or moved; show: list the runs; rotate: sign with a new key from now on',
  },
  options: {
    keys: {
      type: 'string',
      describe: 'With verify: public keys, current and retired, kept elsewhere (default: keys.json beside the log)',
    },
    'expect-head': { type: 'string', describe: 'With verify: a head that was printed earlier; it must still be in the log' },
    last: { type: 'number', describe: 'With show: only the last so many runs' },
    ecs: { type: 'boolean', default: false, describe: 'With show: events of the Elastic Common Schema, one JSON object a line' },
    json: jsonOption,
  },
  async run(flags, context, operands) {
    const [action, ...more] = operands;
    if (more.length > 0) throw wrongAction();
    switch (action) {
      case 'verify':
        return verify({ keys: flags.keys, expectedHead: flags['expect-head'], isJson: flags.json }, context);
      case 'show':
        return show({ isJson: flags.json, isEcs: flags.ecs, last: flags.last }, context);
      case 'rotate':
        return rotate(context);
      default:
        throw wrongAction();
    }
  },
});

function wrongAction(): ShapecastError {
  return new ShapecastError('OPTION_INVALID', { option: 'ACTION', reason: 'expected verify, show or rotate' });
}

interface VerifyFlags {
  readonly keys: string | undefined;
  readonly expectedHead: string | undefined;
  readonly isJson: boolean;
}

async function verify({ keys, expectedHead, isJson }: VerifyFlags, context: CommandContext): Promise<Outcome> {
  if (expectedHead !== undefined && !/^[0-9a-f]{64}$/.test(expectedHead))
    throw new ShapecastError('OPTION_INVALID', { option: '--expect-head', reason: 'expected 64 hex digits' });
  const { verifyLog } = await import('../../evidence/verify-log.ts');
  const found = await verifyLog({
    folder: evidencePlace(context).folder,
    keysFile: keys === undefined ? null : path.resolve(context.folder, keys),
    expectedHead: expectedHead ?? null,
  });
  context.print(isJson ? JSON.stringify(found, null, 2) : formatVerification(found, keys !== undefined));
  return found.faults.length === 0 ? 0 : 1;
}

function formatVerification({ records, head, faults, notes, keys }: Verification, hasOwnKeys: boolean): string {
  return [
    ...faults.map(({ sequence, reason }) => `✗ ${sequence === null ? reason : `record ${sequence}: ${reason}`}`),
    ...notes.map((note) => `- ${note}`),
    ...keys.map(({ kid, records: signed, isRetired }) => `- key ${kid}${isRetired ? ' (retired)' : ''}: ${signed} records`),
    ...(hasOwnKeys ? [] : ['- the keys are those beside the log; --keys takes a set that was kept elsewhere']),
    ...(faults.length === 0 ? [`✓ ${records} records, chained and signed`] : [`✗ ${faults.length} faults in ${records} records`]),
    ...(head === null ? [] : [`head ${head.hash} (record ${head.sequence}); keep it elsewhere for --expect-head`]),
  ].join('\n');
}

async function show(
  { isJson, isEcs, last }: { readonly isJson: boolean; readonly isEcs: boolean; readonly last: number | undefined },
  context: CommandContext,
): Promise<Outcome> {
  const most = last === undefined ? null : wholeNumber('--last', last, 1);
  const { formatEcs, formatRuns, listRecords, ofLastRuns } = await import('../../evidence/show-log.ts');
  const all = listRecords(evidencePlace(context).folder);
  const records = most === null ? all : ofLastRuns(all, most);
  if (isJson) context.print(JSON.stringify(records, null, 2));
  else for (const line of isEcs ? records.map(formatEcs) : formatRuns(records)) context.print(line);
  return 0;
}

async function rotate(context: CommandContext): Promise<Outcome> {
  const { folder, keyFile } = evidencePlace(context);
  if (keyFile !== null)
    throw new ShapecastError('OPTION_INVALID', {
      option: 'EVIDENCE_KEY_FILE',
      reason: 'that key is yours: put another one into the file, and the next run retires the old one',
    });
  const { rotateKey } = await import('../../evidence/evidence-log.ts');
  const start = describeStart({ command: evidenceCommand, flags: {}, operands: [] }, context);
  const head = await rotateKey(folder, (kid) => ({
    ...start,
    completedAt: context.now().toISOString(),
    status: 'completed',
    facts: { verdict: `new key ${kid}` },
  }));
  context.print(`new key; record ${head.sequence}, signed with the old one, names it`);
  return 0;
}
