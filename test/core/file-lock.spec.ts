// One holder at a time, also when a killed process has left its lock behind and several others find it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withFileLock } from '../../core/file-lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function leaveLock(pid: number, host = os.hostname()): void {
  fs.writeFileSync(lock, JSON.stringify({ pid, host, token: '0123456789abcdef' }));
}

/** Runs so many holders at once; the greatest number that held the lock at the same time. */
async function contend(count: number): Promise<number> {
  let holders = 0;
  let most = 0;
  const hold = () =>
    withFileLock(lock, async () => {
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
    });
  await Promise.all(Array.from({ length: count }, hold));
  return most;
}

test('one at a time, and nothing is left afterwards', async () => {
  expect(await contend(8)).toBe(1);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('is given back when the action fails', async () => {
  await expect(withFileLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(await contend(1)).toBe(1);
});

test.each([
  ['a killed process', () => spawnSync(process.execPath, ['-e', '']).pid],
  ['an earlier process with our own id', () => process.pid],
])('the lock of %s is taken away once', async (_name, pidOf) => {
  leaveLock(pidOf());

  expect(await contend(6)).toBe(1);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test.each([
  ['a process at work', () => leaveLock(process.ppid)],
  ['a process of another machine', () => leaveLock(1, 'elsewhere')],
  ['whoever wrote what we cannot read', () => fs.writeFileSync(lock, 'x')],
])('the lock of %s is waited for, and left', async (_name, leave) => {
  leave();
  const before = fs.readFileSync(lock, 'utf8');

  await expect(withFileLock(lock, async () => undefined, 40)).rejects.toMatchObject({ code: 'LOCK_HELD' });

  expect(fs.readFileSync(lock, 'utf8')).toBe(before);
});
