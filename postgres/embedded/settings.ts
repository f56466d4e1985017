// Server settings for one bulk load on a small machine. Durability stays: only the wait for the disk at commit goes, so a crash
// can lose the last commits but never break the data.
import fs from 'node:fs';
import os from 'node:os';

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

/** Settings by name, without the address to listen on. `overrides` win. */
export function serverSettings(overrides: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const sharedMegabytes = Math.min(512, Math.max(32, Math.floor(os.totalmem() / 4 / MEBIBYTE)));
  return {
    max_connections: '40',
    shared_buffers: `${sharedMegabytes}MB`,
    maintenance_work_mem: '128MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    // minimal: COPY into a table that was made in the same transaction writes no log at all. It excludes replication.
    wal_level: 'minimal',
    max_wal_senders: '0',
    synchronous_commit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(hasSmallSharedMemory() ? { dynamic_shared_memory_type: 'mmap' } : {}),
    ...overrides,
  };
}

// Containers often have 64 MB of /dev/shm, where a parallel hash join or index build then fails; files always work.
function hasSmallSharedMemory(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { bsize, bavail } = fs.statfsSync('/dev/shm');
    return bsize * bavail < GIBIBYTE;
  } catch {
    return true;
  }
}
