// The options of sync that write a masked dump instead of a shadow, and what they refuse.
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { formatBytes } from '../core/progress.ts';
import { DUMP_LIFETIME_DAYS } from '../spec/dump-header.ts';
import type { SyncResult } from '../spec/sync-result.ts';
import type { World } from './command.ts';
import { wholeNumber } from './options.ts';
import { shownPath } from './shown-path.ts';
import { formatTimeStamp } from './stamps.ts';

const MS_PER_DAY = 86_400_000;

export const toFileOptions = {
  'to-file': {
    type: 'string',
    requiresArg: false,
    describe:
      'Write a masked dump for psql to this path (*.sql, *.sql.gz) instead of a shadow; without a path into shapecast-dumps/ of the temporary folder',
  },
  'expires-in-days': {
    type: 'number',
    default: DUMP_LIFETIME_DAYS,
    describe: `With --to-file: days after which purge removes the dump, at most ${DUMP_LIFETIME_DAYS}`,
  },
} as const;

interface ToFileFlags {
  readonly 'to-file'?: string | undefined;
  readonly 'expires-in-days': number;
  readonly 'dry-run': boolean;
  readonly shadow?: string | undefined;
  readonly replace?: string | undefined;
}

export interface DumpRequest {
  readonly file: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What was asked for; null: a shadow. Makes the default folder. Throws OPTION_INVALID, DUMP_IN_GIT, DUMP_FOLDER_UNSAFE, FILE_UNWRITABLE. */
export async function readDumpRequest(flags: ToFileFlags, { folder, environment, now }: World): Promise<DumpRequest | null> {
  const given = flags['to-file'];
  if (given === undefined) return null;
  const days = wholeNumber('--expires-in-days', flags['expires-in-days'], 1);
  if (days > DUMP_LIFETIME_DAYS)
    throw new ShapecastError('OPTION_INVALID', {
      option: '--expires-in-days',
      reason: `a dump lives ${DUMP_LIFETIME_DAYS} days at most`,
    });
  if (flags.shadow !== undefined || flags.replace !== undefined)
    throw new ShapecastError('OPTION_INVALID', { option: '--to-file', reason: 'it goes without --shadow and --replace' });
  const { placeDump } = await import('../sync/dump-place.ts');
  const createdAt = now();
  const file = given === '' ? null : path.resolve(folder, given);
  return {
    file: placeDump({ file, stamp: formatTimeStamp(createdAt), environment }),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + days * MS_PER_DAY),
  };
}

/** The text as one word of a POSIX shell. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Where the dump is, until when, and how it is restored. */
export function formatDump({ file, bytes, expiresAt }: NonNullable<SyncResult['dump']>): string[] {
  const quoted = quoteForShell(shownPath(file));
  const restore = file.endsWith('.gz') ? `gunzip -c ${quoted} | psql -X -q -d DATABASE` : `psql -X -q -d DATABASE -f ${quoted}`;
  return [
    `dump  ${shownPath(file)} (${formatBytes(bytes)}, mode 0600); shapecast purge removes it from ${expiresAt.slice(0, 10)} on`,
    `restore into an empty database: ${restore}`,
  ];
}
