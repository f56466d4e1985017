// A door: where dumps lie below some folders. Each file is told by its first 64 KiB, so terabytes are searched in minutes; nothing is changed.
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { dumpExpiry, readDumpHeader } from '../spec/dump-header.ts';
import type { FoundDump, FoundDumps } from '../spec/found-dumps.ts';
import { dumpFormatOf } from './dump-formats.ts';
import { type PeekedFile, peekFile } from './peek-file.ts';
import { walkFiles } from './walk-files.ts';

export interface FindOptions {
  /** Absolute; folders, or single files. */
  readonly roots: readonly string[];
  readonly signal: AbortSignal;
  readonly startProgress: (label: string, total: number, unit: string, quietMs?: number) => Progress;
}

const FILES_PER_PAUSE = 50;
const QUIET_MS = 2000;

/** Looks into every file below the roots, in the order of their names. Throws FILE_UNREADABLE for a root that is not there, INTERRUPTED. */
export async function findDumps({ roots, signal, startProgress }: FindOptions): Promise<FoundDumps> {
  const { files, links, unreadable } = await walkFiles(roots, signal);
  const found: FoundDump[] = [];
  const failed = [...unreadable];
  const progress = startProgress('search', files.length, 'files', QUIET_MS);
  try {
    for (const [at, file] of files.entries()) {
      if (at % FILES_PER_PAUSE === 0) await pause();
      if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'the search' });
      const peeked = peekFile(file);
      progress.advance(1);
      if (typeof peeked === 'string') failed.push({ file, reason: peeked });
      else found.push(...judge(file, peeked));
    }
  } finally {
    progress.finish();
  }
  return { found: withoutTwins(found), files: files.length, links, unreadable: failed };
}

function judge(file: string, peeked: PeekedFile): FoundDump[] {
  const told = { file, bytes: peeked.bytes, modifiedAt: peeked.modifiedAt.toISOString(), expiresAt: null };
  const header = readDumpHeader(peeked.head);
  if (header !== null)
    return [{ ...told, format: 'sync --to-file', state: 'masked', expiresAt: dumpExpiry(header).toISOString() }];
  const format = dumpFormatOf(file, peeked);
  if (format === null) return [];
  const bytes = path.basename(file) === 'toc.dat' ? folderBytes(path.dirname(file)) : told.bytes;
  return [{ ...told, bytes, format: format.format, state: format.hasRows ? 'raw' : 'schema' }];
}

/** A dump in directory format is its folder. */
function folderBytes(folder: string): number {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = entries.map(({ name }) => fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A base backup has a label and a manifest; one of them names it. */
function withoutTwins(found: readonly FoundDump[]): FoundDump[] {
  const labelled = new Set(
    found.filter(({ file }) => path.basename(file) === 'backup_label').map(({ file }) => path.dirname(file)),
  );
  return found.filter(({ file }) => path.basename(file) !== 'backup_manifest' || !labelled.has(path.dirname(file)));
}
