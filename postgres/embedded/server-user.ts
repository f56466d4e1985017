// PostgreSQL refuses to run as root, so root hands the server to `postgres` or `nobody`. That user must be able to reach the
// programs and the data: a folder under a home of mode 700 is out of its sight.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run the server as; null: as ourselves. Throws EMBEDDED_UNAVAILABLE when root has nobody to hand it to. */
export function chooseServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = readId('-u', name);
    const gid = readId('-g', name);
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid };
  }
  throw new ShapecastError('EMBEDDED_UNAVAILABLE', { reason: 'PostgreSQL does not run as root, and there is no user nobody' });
}

function readId(flag: string, name: string): number | null {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout.trim()) : null;
}

/** True when every folder from the root down to this one lets the user pass. Access lists are not looked at. */
export function isReachable(folder: string, user: ServerUser | null): boolean {
  if (user === null) return true;
  for (let at = fs.realpathSync(folder); ; at = path.dirname(at)) {
    if (!letsPass(fs.statSync(at), user)) return false;
    if (at === path.dirname(at)) return true;
  }
}

function letsPass(stat: fs.Stats, user: ServerUser): boolean {
  if (stat.uid === user.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === user.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

// A socket's path is limited to 107 bytes (103 on macOS), of which its own name and our folder take about 45.
const LONGEST_TEMPORARY_ROOT = 60;

/** The folder for temporary files that the user can reach, short enough to hold a socket. */
export function temporaryRoot(user: ServerUser | null): string {
  const candidates = process.platform === 'win32' ? [os.tmpdir()] : [os.tmpdir(), '/tmp'];
  const usable = candidates.find(
    (folder) => folder.length <= LONGEST_TEMPORARY_ROOT && fs.existsSync(folder) && isReachable(folder, user),
  );
  return usable ?? os.tmpdir();
}

/** Makes a fresh folder of mode 0700 that belongs to the user. */
export function makePrivateFolder(root: string, prefix: string, user: ServerUser | null): string {
  const folder = fs.mkdtempSync(path.join(root, prefix));
  fs.chmodSync(folder, 0o700);
  giveTo(folder, user);
  return folder;
}

/** Gives one file or folder to the user. */
export function giveTo(file: string, user: ServerUser | null): void {
  if (user !== null) fs.chownSync(file, user.uid, user.gid);
}
