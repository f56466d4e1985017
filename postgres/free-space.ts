// Free bytes where a server keeps its data: seen only when the server runs on this machine and says where its folder is.
import fs from 'node:fs';
import type pg from 'pg';
import { runQuery } from './query.ts';
import { isLoopback, isSocketFolder, resolveServerAddress } from './server-address.ts';

export interface FreeSpace {
  /** Null where it cannot be seen. */
  readonly bytes: number | null;
  /** Why it cannot be seen; null when it can. */
  readonly reason: string | null;
}

/** Asks the server for its folder and this machine for the room there. Never throws for want of rights. */
export async function readFreeSpace(client: pg.Client, url: string): Promise<FreeSpace> {
  const { host } = resolveServerAddress(url, process.env);
  if (!isLoopback(host) && !isSocketFolder(host)) return unseen('the server runs on another machine');
  const [row] = await runQuery<{ folder: string | null }>(
    client,
    'reading the data directory',
    `select case
       when current_setting('is_superuser') = 'on' or pg_has_role('pg_read_all_settings', 'usage')
       then current_setting('data_directory', true)
     end as folder`,
  );
  if (!row?.folder) return unseen('the login may not read where the server keeps its data');
  return freeSpaceOf(row.folder);
}

/** Free bytes of the file system that holds the folder, for a user without special rights. */
export function freeSpaceOf(folder: string): FreeSpace {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    return { bytes: bavail * bsize, reason: null };
  } catch {
    // A server in a container, for example: its folder is not ours.
    return unseen('the folder of the server cannot be seen from here');
  }
}

/** Bytes that the tables and their indexes take now, partitions included. */
export async function readOccupiedBytes(client: pg.Client, oids: readonly number[]): Promise<number> {
  const [row] = await runQuery<{ bytes: number }>(
    client,
    'measuring the tables',
    `select coalesce(sum(coalesce(
       (select sum(pg_total_relation_size(relid)) from pg_partition_tree(oid::regclass)),
       pg_total_relation_size(oid::regclass)
     )), 0)::float8 as bytes
     from unnest($1::oid[]) as wanted (oid)`,
    [oids],
  );
  return row?.bytes ?? 0;
}

function unseen(reason: string): FreeSpace {
  return { bytes: null, reason };
}
