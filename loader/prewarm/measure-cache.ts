// What of the buffer cache each prewarmed relation takes: counted by pg_buffercache where the server gives it to us, else what its size says.
import type pg from 'pg';
import { z } from 'zod';
import { PERMISSION_DENIED, sqlStateIn } from '../../postgres/query.ts';
import { readRows } from '../../postgres/read-side.ts';
import type { PrewarmResult } from '../../spec/run-record.ts';
import { borrowExtension } from '../borrow-extension.ts';
import type { Memory, PrewarmStep } from './choose-prewarm.ts';

const cachedRow = z.strictObject({ oid: z.number(), bytes: z.number() });

type Read = PrewarmResult['read'];

/** Shares of shared_buffers, and why they are only computed (null when they were counted). In the caller's transaction. */
export async function measureCache(
  client: pg.Client,
  steps: readonly PrewarmStep[],
  memory: Memory,
): Promise<{ read: NonNullable<Read>; measuredBy: 'pg_buffercache' | 'sizes'; whyComputed: string | null }> {
  const counted = await countCached(client, steps);
  const isCounted = !('reason' in counted);
  const read = steps.map((step) => {
    const cachedBytes = isCounted ? (counted.bytes.get(step.oid) ?? 0) : step.mode === 'buffer' ? step.bytes : 0;
    const cacheFraction = memory.sharedBytes === 0 ? 0 : cachedBytes / memory.sharedBytes;
    return { name: step.label, bytes: step.bytes, mode: step.mode, cachedBytes, cacheFraction };
  });
  return { read, measuredBy: isCounted ? 'pg_buffercache' : 'sizes', whyComputed: isCounted ? null : counted.reason };
}

async function countCached(
  client: pg.Client,
  steps: readonly PrewarmStep[],
): Promise<{ readonly bytes: ReadonlyMap<number, number> } | { readonly reason: string }> {
  const borrowed = await borrowExtension(client, 'pg_buffercache');
  if ('reason' in borrowed) return borrowed;
  const sql = `
    with wanted as materialized (
      select w.oid, pg_relation_filenode(w.oid) as node from unnest($1::oid[]) as w(oid)
    )
    select w.oid::int8::float8 as oid, count(*)::float8 * current_setting('block_size')::float8 as bytes
    from ${borrowed.schema}.pg_buffercache b
    join wanted w on w.node = b.relfilenode
    where b.reldatabase = (select d.oid from pg_database d where d.datname = current_database())
      and b.relforknumber = 0
    group by w.oid`;
  try {
    const side = { client, serverMajor: 0 };
    const rows = await readRows(side, 'counting the buffer cache', sql, [steps.map(({ oid }) => oid)]);
    return {
      bytes: new Map(
        z
          .array(cachedRow)
          .parse(rows)
          .map(({ bytes, oid }) => [oid, bytes]),
      ),
    };
  } catch (error) {
    // Installed, and not for us to read.
    if (sqlStateIn(error) !== PERMISSION_DENIED) throw error;
    return { reason: 'pg_buffercache may not be read here' };
  }
}
