// audit: what is due by the evidence log; or a search for dumps; or an entry of a person's for the log.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { readTextFile } from '../../core/files.ts';
import { type Cadence, cadenceSchema } from '../../spec/audit.ts';
import { ENTRY_KINDS } from '../../spec/evidence.ts';
import { checkDocument, parseYamlText } from '../../spec/parse-document.ts';
import { checkEntry, formatAudit, formatFound } from '../audit-text.ts';
import { type CommandContext, defineCommand, type Outcome } from '../command.ts';
import { evidencePlace } from '../evidence.ts';
import { jsonOption, operatorOption } from '../options.ts';

export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'Tell which checks are overdue by the evidence log, search folders for raw dumps, or put an entry on record',
  example: 'shapecast audit --find-dumps /srv /home',
  options: {
    'find-dumps': {
      type: 'string',
      array: true,
      describe: 'Search these folders for dumps, by what files begin with; exit 1 when one holds unmasked rows',
    },
    record: { choices: ENTRY_KINDS, describe: "Put a credential's checkout or return, an incident or a review on record" },
    note: { type: 'string', describe: 'With --record: what, in at most 300 characters; roles and ticket numbers, no names' },
    cadence: { type: 'string', describe: 'File (YAML) with other days between checks: days: { shadow-refreshed: 1 }' },
    operator: operatorOption,
    json: jsonOption,
  },
  async run(flags, context) {
    const { record, note, json } = flags;
    const folders = flags['find-dumps'];
    if (folders !== undefined && record !== undefined)
      throw new ShapecastError('OPTION_INVALID', { option: '--find-dumps', reason: 'it goes without --record' });
    if (record !== undefined && note === undefined)
      throw new ShapecastError('OPTION_INVALID', { option: '--record', reason: 'it needs --note TEXT' });
    if (record === undefined && note !== undefined)
      throw new ShapecastError('OPTION_INVALID', { option: '--note', reason: `it needs --record (${ENTRY_KINDS.join(', ')})` });
    if (record !== undefined && note !== undefined) return putOnRecord({ kind: record, note }, context);
    if (folders !== undefined) return searchFolders({ folders, json }, context);
    return tellDue({ cadence: readCadence(flags.cadence, context), json }, context);
  },
});

async function putOnRecord(entry: Parameters<typeof checkEntry>[0], context: CommandContext): Promise<Outcome> {
  if (context.environment.SHAPECAST_EVIDENCE === 'off')
    throw new ShapecastError('OPTION_INVALID', { option: '--record', reason: 'SHAPECAST_EVIDENCE=off leaves no record' });
  checkEntry(entry);
  context.note({ entry, verdict: 'recorded' });
  context.print(`${entry.kind}: on record when this run's record is written (shapecast evidence show)`);
  return 0;
}

async function searchFolders(
  { folders, json }: { readonly folders: readonly string[]; readonly json: boolean },
  context: CommandContext,
): Promise<Outcome> {
  if (folders.length === 0) throw new ShapecastError('OPTION_INVALID', { option: '--find-dumps', reason: 'expected a folder' });
  const { findDumps } = await import('../../sync/find-dumps.ts');
  const roots = folders.map((folder) => path.resolve(context.folder, folder));
  const result = await findDumps({ roots, signal: context.signal, startProgress: context.startProgress });
  const raw = result.found.filter(({ state }) => state === 'raw').length;
  const masked = result.found.filter(({ state }) => state === 'masked').length;
  const counts = { files: result.files, raw, masked, unreadable: result.unreadable.length };
  context.note({ counts, verdict: raw === 0 ? 'no raw dump' : 'raw dumps' });
  if (json) context.print(JSON.stringify(result, null, 2));
  else for (const line of formatFound(result, context.now())) context.print(line);
  return raw === 0 ? 0 : 1;
}

async function tellDue(
  { cadence, json }: { readonly cadence: Cadence; readonly json: boolean },
  context: CommandContext,
): Promise<Outcome> {
  const { auditLog } = await import('../../evidence/audit-log.ts');
  const result = await auditLog({ folder: evidencePlace(context).folder, cadence, now: context.now() });
  const overdue = result.checks.filter(({ state }) => state === 'overdue').length;
  const isFine = overdue === 0 && result.faults === 0;
  context.note({
    counts: { checks: result.checks.length, overdue, faults: result.faults },
    verdict: isFine ? 'nothing due' : 'due',
  });
  if (json) context.print(JSON.stringify(result, null, 2));
  else for (const line of formatAudit(result)) context.print(line);
  return isFine ? 0 : 1;
}

function readCadence(file: string | undefined, { folder }: CommandContext): Cadence {
  const value = file === undefined ? {} : parseYamlText(readTextFile(path.resolve(folder, file)), 'cadence', file);
  return checkDocument(cadenceSchema, value, 'cadence', file ?? 'the default cadence');
}
