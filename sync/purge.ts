// A door: what may no longer be kept is removed. Only files that lie directly in the named folders, that are known as ours by their form and
// whose time is over; no link is followed, no folder entered or removed, and what is left is told with its reason.
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { ShapecastError } from '../core/errors.ts';
import { unreadable } from '../core/files.ts';
import type { Progress } from '../core/progress.ts';
import { systemCodeOf } from '../core/system-code.ts';
import type { PurgeResult } from '../spec/purge-result.ts';
import { type Artefact, recognise } from './artefact-of.ts';
import { identityOf, peekFile } from './peek-file.ts';

export interface PurgeOptions {
  readonly folders: readonly PurgeFolder[];
  /** Files, absolute, that are known and live on: they are no others. */
  readonly known: ReadonlySet<string>;
  readonly now: Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly startProgress: (label: string, total: number, unit: string, quietMs?: number) => Progress;
}

export interface PurgeFolder {
  /** Absolute. */
  readonly folder: string;
  /** The default folder need not be there. */
  readonly mayBeMissing: boolean;
}

/** Of a result that is being made. */
type Lists = { -readonly [Name in 'removed' | 'kept' | 'left' | 'failed']: PurgeResult[Name][number][] };

const QUIET_MS = 2000;

/** Removes, or with `dryRun` lists. Throws FILE_UNREADABLE for a folder that cannot be listed, INTERRUPTED. */
export async function purge(options: PurgeOptions): Promise<PurgeResult> {
  const { now, dryRun, signal } = options;
  const files = [...new Set(options.folders.flatMap(listFolder))];
  const lists: Lists = { removed: [], kept: [], left: [], failed: [] };
  let others = 0;
  const progress = options.startProgress('purge', files.length, 'files', QUIET_MS);
  try {
    for (const file of files) {
      if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'purge' });
      if (!judge(file, { now, dryRun, lists }) && !options.known.has(file)) others += 1;
      progress.advance(1);
      await pause();
    }
  } finally {
    progress.finish();
  }
  return { dryRun, ...lists, others };
}

/** All entries; what they are is looked at when they are opened. */
function listFolder({ folder, mayBeMissing }: PurgeFolder): string[] {
  try {
    if (!fs.lstatSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    return fs
      .readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name));
  } catch (cause) {
    if (mayBeMissing && systemCodeOf(cause) === 'ENOENT') return [];
    throw unreadable(folder, cause);
  }
}

interface Judging {
  readonly now: Date;
  readonly dryRun: boolean;
  readonly lists: Lists;
}

/** Whether the file is ours, or could be. */
function judge(file: string, { now, dryRun, lists }: Judging): boolean {
  const peeked = peekFile(file);
  if (typeof peeked === 'string') {
    if (peeked === 'not a file') return false;
    lists.left.push({ file, reason: peeked === 'ELOOP' ? 'a link, which is not followed' : `it cannot be read (${peeked})` });
    return true;
  }
  const found = recognise(file, peeked);
  if (found.kind === 'foreign') return false;
  if (found.kind === 'damaged') {
    lists.left.push({ file, reason: found.reason });
    return true;
  }
  const { what, expiresAt } = found.artefact;
  const entry = { file, what, expiresAt: expiresAt.toISOString() };
  if (!isOver(found.artefact, now)) lists.kept.push(entry);
  else {
    const reason = dryRun ? null : remove(file, peeked.identity);
    if (reason === null) lists.removed.push(entry);
    else lists.failed.push({ file, reason });
  }
  return true;
}

function isOver({ expiresAt, isAbandoned }: Artefact, now: Date): boolean {
  return isAbandoned || now >= expiresAt;
}

/** null: it is gone. The name must still lead to the very file that was judged. */
function remove(file: string, identity: string): string | null {
  try {
    if (identityOf(fs.lstatSync(file, { bigint: true })) !== identity) return 'another file has taken its name';
    fs.unlinkSync(file);
    return fs.lstatSync(file, { throwIfNoEntry: false }) === undefined ? null : 'it is there again';
  } catch (error) {
    return String(systemCodeOf(error) ?? 'unknown reason');
  }
}
