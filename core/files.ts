// Files are written whole or not at all: into a temporary neighbour, flushed, then renamed. Mode 0600 by default.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from './errors.ts';
import { systemCodeOf } from './system-code.ts';

function reasonOf(cause: unknown): string {
  return String(systemCodeOf(cause) ?? 'unknown reason');
}

/** FILE_UNWRITABLE for what the system threw. */
export function unwritable(file: string, cause: unknown): ShapecastError {
  return new ShapecastError('FILE_UNWRITABLE', { file, reason: reasonOf(cause) }, { cause });
}

/** FILE_UNREADABLE for what the system threw. */
export function unreadable(file: string, cause: unknown): ShapecastError {
  return new ShapecastError('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause });
}

/** The whole file as UTF-8. Throws FILE_UNREADABLE. */
export function readTextFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Writes all files or none: every temporary file is complete on disk before the first rename. Throws FILE_UNWRITABLE. */
export function writeFilesAtomically(files: ReadonlyMap<string, string | Uint8Array>, mode = 0o600): void {
  const pending: { temporary: string; file: string }[] = [];
  let current = '';
  try {
    for (const [file, content] of files) {
      current = file;
      fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
      const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
      pending.push({ temporary, file });
      writeFlushed(temporary, content, mode);
    }
    for (const { temporary, file } of pending) {
      current = file;
      fs.renameSync(temporary, file);
    }
  } catch (cause) {
    for (const { temporary } of pending) fs.rmSync(temporary, { force: true });
    throw unwritable(current, cause);
  }
}

/** One file, whole or not at all. */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode = 0o600): void {
  writeFilesAtomically(new Map([[file, content]]), mode);
}

function writeFlushed(file: string, content: string | Uint8Array, mode: number): void {
  const handle = fs.openSync(file, 'wx', mode);
  try {
    fs.writeFileSync(handle, content);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** The git work tree that would hold the file, or null. Looks upward for `.git`; touches the disk. */
export function findGitTree(file: string): string | null {
  let folder = path.dirname(path.resolve(file));
  for (;;) {
    if (fs.existsSync(path.join(folder, '.git'))) return folder;
    const parent = path.dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

/** Throws FILE_IN_GIT when the file would lie in a git work tree. */
export function refuseGitTree(file: string): void {
  const tree = findGitTree(file);
  if (tree !== null) throw new ShapecastError('FILE_IN_GIT', { file, tree });
}

/** Throws FILE_EXISTS naming the files that are there already. `option`: what names the file of a command that overwrites nothing. */
export function refuseExisting(files: readonly string[], option?: string): void {
  const found = files.filter((file) => fs.existsSync(file));
  if (found.length > 0) throw new ShapecastError('FILE_EXISTS', { files: found, ...(option === undefined ? {} : { option }) });
}

/** A file that was just made or named is sure to be found again once its folder is flushed. Throws what the system throws. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
