// Who made a document: the tool's version and, where it runs from a checkout, the commit.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runGit } from './git.ts';

/** The package's folder: above core/ in the sources, above dist/core/ in the build. */
export function packageFolder(): string {
  const parent = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  return path.basename(parent) === 'dist' ? path.dirname(parent) : parent;
}

/** `shapecast 0.1.0`. Reads package.json. */
export function toolVersion(): string {
  const text = fs.readFileSync(path.join(packageFolder(), 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return `${name} ${version}`;
}

/** The commit of the checkout that the tool runs from, or null outside one. Runs git. */
export function toolCommit(): string | null {
  if (!fs.existsSync(path.join(packageFolder(), '.git'))) return null;
  const head = runGit(packageFolder(), ['rev-parse', 'HEAD']);
  return head.kind === 'printed' ? head.text.trim().slice(0, 40) || null : null;
}

/** A new id for a run: letters, digits and hyphens, random (never derived from data or keys). */
export function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}

/** The login name of the person at the keyboard, for records. */
export function operatorName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'unknown';
  }
}
