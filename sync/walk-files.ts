// All regular files below some folders. No link is followed, whatever it leads to; a folder that cannot be read is told.
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { ShapecastError } from '../core/errors.ts';
import { unreadable } from '../core/files.ts';
import { systemCodeOf } from '../core/system-code.ts';

export interface WalkedFiles {
  readonly files: readonly string[];
  readonly links: number;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

/** The kernel's own trees: their files are no files. */
const PSEUDO: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);
const FOLDERS_PER_PAUSE = 100;

/** The files below each root, or the root where it is a file itself. Throws FILE_UNREADABLE for a root that is not there, INTERRUPTED. */
export async function walkFiles(roots: readonly string[], signal: AbortSignal): Promise<WalkedFiles> {
  const walk: Walk = { files: new Set(), folders: new Set(), waiting: [], unreadable: [], links: 0 };
  for (const root of roots) {
    const real = realRoot(root);
    if (fs.statSync(real).isDirectory()) addFolder(real, walk);
    else walk.files.add(real);
  }
  for (let folder = walk.waiting.pop(); folder !== undefined; folder = walk.waiting.pop()) {
    if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'the search' });
    if (walk.folders.size % FOLDERS_PER_PAUSE === 0) await pause();
    visit(folder, walk);
  }
  return { files: [...walk.files].sort(), links: walk.links, unreadable: walk.unreadable };
}

interface Walk {
  readonly files: Set<string>;
  /** All that were met. */
  readonly folders: Set<string>;
  readonly waiting: string[];
  readonly unreadable: { file: string; reason: string }[];
  links: number;
}

function addFolder(folder: string, { folders, waiting }: Walk): void {
  if (PSEUDO.has(folder) || folders.has(folder)) return;
  folders.add(folder);
  waiting.push(folder);
}

function visit(folder: string, walk: Walk): void {
  for (const entry of listEntries(folder, walk.unreadable)) {
    const file = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) walk.links += 1;
    else if (entry.isFile()) walk.files.add(file);
    else if (entry.isDirectory()) addFolder(file, walk);
  }
}

/** A root that somebody names may be a link. */
function realRoot(root: string): string {
  try {
    return fs.realpathSync(root);
  } catch (cause) {
    throw unreadable(root, cause);
  }
}

function listEntries(folder: string, unreadable: { file: string; reason: string }[]): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ file: folder, reason: String(systemCodeOf(error) ?? 'unknown reason') });
    return [];
  }
}
