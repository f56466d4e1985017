// Where a masked dump may lie: outside of any git work tree, in a folder that nobody else can change under us; by default one of our own
// below the system's temporary folder.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { findGitTree, unwritable } from '../core/files.ts';

/** Of the default folder, below the temporary folder. */
const FOLDER_NAME = 'shapecast-dumps';

/** The default folder of dumps; it need not be there. */
export function defaultDumpFolder(environment: NodeJS.ProcessEnv): string {
  const { TMPDIR: given = '' } = environment;
  return path.join(given === '' ? os.tmpdir() : given, FOLDER_NAME);
}

export interface DumpPlace {
  /** As typed, made absolute; null: a new name in the default folder. */
  readonly file: string | null;
  /** In the name: `20260131T120000Z`. It says nothing of the source. */
  readonly stamp: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The file to write, its folder without links. Makes the default folder where it is missing. Throws OPTION_INVALID, DUMP_IN_GIT,
 * DUMP_FOLDER_UNSAFE, FILE_UNWRITABLE.
 */
export function placeDump({ file, stamp, environment }: DumpPlace): string {
  if (file === null) {
    const folder = ownFolder(defaultDumpFolder(environment));
    return refuseInGit(path.join(folder, `masked-${stamp}-${randomBytes(4).toString('hex')}.sql`));
  }
  if (!/[^/\\]\.sql(\.gz)?$/.test(file)) throw wrongFile('the name must end in .sql or .sql.gz');
  const placed = refuseInGit(path.join(realFolder(path.dirname(file)), path.basename(file)));
  refuseTaken(placed);
  return placed;
}

/** Throws OPTION_INVALID when something is there, a dangling link too. */
export function refuseTaken(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw wrongFile('the file is there, and a dump replaces nothing: remove it or choose another name');
}

function wrongFile(reason: string): ShapecastError {
  return new ShapecastError('OPTION_INVALID', { option: '--to-file', reason });
}

function refuseInGit(file: string): string {
  const tree = findGitTree(file);
  if (tree !== null) throw new ShapecastError('DUMP_IN_GIT', { file, tree });
  return file;
}

function realFolder(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

/** Anybody may make a folder of that name below the temporary folder before we do. */
function ownFolder(folder: string): string {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch {
    // There already, or it cannot be made: what is found there decides.
  }
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) throw unwritable(folder, { code: 'ENOENT' });
  const unsafe = (reason: string) => new ShapecastError('DUMP_FOLDER_UNSAFE', { folder, reason });
  if (!found.isDirectory()) throw unsafe('it is a link or a file');
  if (process.getuid !== undefined && found.uid !== process.getuid()) throw unsafe('it belongs to somebody else');
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw unsafe('others have rights on it');
  return realFolder(folder);
}
