// purge: retention enforced. Says what it removed, what is kept until when, and what it left and why.
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { printable } from '../../core/plain-text.ts';
import { formatCount } from '../../core/progress.ts';
import type { PurgeResult } from '../../spec/purge-result.ts';
import { defineCommand } from '../command.ts';
import { evidencePlace } from '../evidence.ts';
import { factsOfPurge } from '../evidence-of.ts';
import { jsonOption, operatorOption } from '../options.ts';
import { shownPath } from '../shown-path.ts';

export const purgeCommand = defineCommand({
  name: 'purge',
  summary: 'Remove masked dumps, packs, mappings and digest sets whose time is over, and nothing else',
  example: 'shapecast purge --dir /srv/packs --dry-run',
  options: {
    dir: {
      type: 'string',
      array: true,
      describe:
        'Also this folder, not those below it; repeatable (always: shapecast-dumps/ of the temporary folder, and the evidence folder)',
    },
    operator: operatorOption,
    'dry-run': { type: 'boolean', default: false, describe: 'List what would be removed, and remove nothing' },
    json: jsonOption,
  },
  async run(flags, context) {
    const { purge } = await import('../../sync/purge.ts');
    const { defaultDumpFolder } = await import('../../sync/dump-place.ts');
    const { listLogFiles } = await import('../../evidence/show-log.ts');
    const evidence = evidencePlace(context).folder;
    const named = (flags.dir ?? []).map((folder) => ({ folder: path.resolve(context.folder, folder), mayBeMissing: false }));
    const own = [defaultDumpFolder(context.environment), evidence];
    const result = await purge({
      folders: [...own.map((folder) => ({ folder, mayBeMissing: true })), ...named],
      known: new Set(listLogFiles(evidence)),
      now: context.now(),
      dryRun: flags['dry-run'],
      signal: context.signal,
      startProgress: context.startProgress,
    });
    context.note(factsOfPurge(result));
    if (flags.json) context.print(JSON.stringify(result, null, 2));
    else for (const line of formatPurge(result)) context.print(line);
    if (result.failed.length === 0) return 0;
    throw new ShapecastError('PURGE_INCOMPLETE', { files: result.failed.map(({ file }) => shown(file)) });
  },
});

function shown(file: string): string {
  return printable(shownPath(file));
}

function formatPurge({ dryRun, removed, kept, left, failed, others }: PurgeResult): string[] {
  const verb = dryRun ? 'would remove' : 'removed';
  return [
    ...removed.map(({ file, what, expiresAt }) => `- ${verb} ${what} ${shown(file)} (until ${expiresAt.slice(0, 10)})`),
    ...failed.map(({ file, reason }) => `✗ not removed: ${shown(file)} (${reason})`),
    ...left.map(({ file, reason }) => `? not touched ${shown(file)}: ${reason}`),
    ...kept.map(({ file, what, expiresAt }) => `  still valid: ${what} ${shown(file)} until ${expiresAt.slice(0, 10)}`),
    `${failed.length === 0 ? '✓' : '✗'} ${formatCount(removed.length)} ${dryRun ? 'to remove' : 'removed'}, ${formatCount(kept.length)} still valid, ${formatCount(left.length)} not touched because unclear, ${formatCount(others)} other files`,
  ];
}
