// Where to run initdb and postgres from: in place when that works, else from one copy in the temporary folder. A copy is
// needed when the server's user cannot reach node_modules, or when the library links cannot be made there (read-only).
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { makeLibraryLinks } from './library-links.ts';
import { findNativePackage, type NativePackage } from './native-package.ts';
import { isReachable, type ServerUser, temporaryRoot } from './server-user.ts';

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Programs that the user can run. Copies about 60 MB at most once per package version. Throws EMBEDDED_UNAVAILABLE. */
export async function preparePrograms(user: ServerUser | null): Promise<Programs> {
  const native = await findNativePackage();
  const runsInPlace = isReachable(native.folder, user) && makeLibraryLinks(native.folder);
  return programsIn(runsInPlace ? native.folder : copyOnce(native, temporaryRoot(user)));
}

function programsIn(folder: string): Programs {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: path.join(folder, 'bin', `initdb${suffix}`), postgres: path.join(folder, 'bin', `postgres${suffix}`) };
}

/** The copy for this version and user, made now when there is none. Made under another name and renamed, so it is whole or absent. */
export function copyOnce(native: NativePackage, root: string): string {
  const target = path.join(root, `shapecast-postgres-${native.version}-${process.getuid?.() ?? 0}`);
  if (isOurs(target)) return target;
  const fresh = fs.mkdtempSync(`${target}-`);
  fs.cpSync(native.folder, fresh, { recursive: true, verbatimSymlinks: true });
  openFolders(fresh);
  if (!makeLibraryLinks(fresh)) throw new ShapecastError('EMBEDDED_UNAVAILABLE', { reason: `${root} cannot hold library links` });
  try {
    fs.renameSync(fresh, target);
    return target;
  } catch {
    // Another process was first, or the name is taken by somebody whose programs we must not run.
    if (!isOurs(target)) return fresh;
    fs.rmSync(fresh, { recursive: true, force: true });
    return target;
  }
}

// A read-only original gives read-only folders, in which no link could be made.
function openFolders(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(path.join(folder, entry.name));
  }
}

// The temporary folder is open to all: only a folder that we own and nobody else can write to is trusted.
function isOurs(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return false;
  if (process.getuid === undefined) return true;
  return stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
}
