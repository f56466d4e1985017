// The settings that steer plans and times. Where they differ between two servers, plans differ for reasons that are no fault of the data.
import { readRows, type Side } from '../../postgres/read-side.ts';

const SETTINGS_SQL = `
  select name, setting from pg_catalog.pg_settings
  where category like 'Query Tuning%'
    or name in ('server_version_num', 'work_mem', 'hash_mem_multiplier', 'shared_buffers', 'maintenance_work_mem',
      'max_parallel_workers', 'max_worker_processes', 'lc_collate')
  order by name`;

const CHANGED_SQL = `
  select name, setting from pg_catalog.pg_settings
  where category like 'Query Tuning%' and setting is distinct from boot_val
  order by name`;

/** Settings of the planner that are not the server's defaults. */
export async function readChangedSettings(side: Side): Promise<ReadonlyMap<string, string>> {
  const rows = await readRows<{ name: string; setting: string }>(side, 'reading the settings', CHANGED_SQL);
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

/** Name to value. */
export async function readSettings(side: Side): Promise<ReadonlyMap<string, string>> {
  const rows = await readRows<{ name: string; setting: string }>(side, 'reading the settings', SETTINGS_SQL);
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}
