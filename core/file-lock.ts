// A lock between processes that share a folder, by a file that only one of them can make. The file names its maker, so that
// what a killed process left is told from a lock that is held; node has no lock that the system would give back by itself.
// Taking away a dead holder's lock needs a lock of its own, named after the dead one's token: so no two processes can both
// take it away, and none can take away the lock of whoever came next.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ShapecastError } from './errors.ts';
import { unwritable } from './files.ts';
import { systemCodeOf } from './system-code.ts';

const POLL_MS = 20;
const PATIENCE_MS = 30_000;

const holderSchema = z.object({ pid: z.int().min(1), host: z.string(), token: z.string().regex(/^[0-9a-f]{16}$/) });
type Holder = z.output<typeof holderSchema>;

/** Locks that this process holds: another process before it may have had the same id. */
const held = new Set<string>();

/** Runs the action while nobody else holds the lock. Waits 30 s at most. Throws LOCK_HELD, FILE_UNWRITABLE. */
export async function withFileLock<Result>(
  file: string,
  action: () => Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const token = await acquire(file, patienceMs);
  try {
    return await action();
  } finally {
    release(file, token);
  }
}

async function acquire(file: string, patienceMs: number): Promise<string> {
  const token = randomBytes(8).toString('hex');
  const draft = `${file}.${token}.tmp`;
  write(draft, JSON.stringify({ pid: process.pid, host: os.hostname(), token } satisfies Holder));
  held.add(token);
  try {
    for (let leftMs = patienceMs; ; leftMs -= POLL_MS) {
      if (tryLink(draft, file)) return token;
      if (leftMs <= 0) throw new ShapecastError('LOCK_HELD', { file });
      const holder = readHolder(file);
      if (holder !== null && isDead(holder)) await takeAway(file, holder, leftMs);
      else await sleep(POLL_MS);
    }
  } catch (error) {
    held.delete(token);
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function release(file: string, token: string): void {
  held.delete(token);
  // Whoever removed it by hand meanwhile has given it to somebody else.
  if (readHolder(file)?.token === token) fs.rmSync(file, { force: true });
}

async function takeAway(file: string, dead: Holder, patienceMs: number): Promise<void> {
  await withFileLock(
    `${file}.${dead.token}`,
    async () => {
      if (readHolder(file)?.token === dead.token) fs.rmSync(file, { force: true });
    },
    patienceMs,
  );
}

/** Unlike a new file, a link is there with its whole content at once. */
function tryLink(draft: string, file: string): boolean {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') return false;
    throw unwritable(file, cause);
  }
}

function write(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

/** null: nobody holds it (any more), or the file is none of ours. */
function readHolder(file: string): Holder | null {
  try {
    return holderSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Another machine's process cannot be seen, so it counts as alive. */
function isDead({ pid, host, token }: Holder): boolean {
  if (host !== os.hostname()) return false;
  if (pid === process.pid) return !held.has(token);
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return systemCodeOf(cause) === 'ESRCH';
  }
}
