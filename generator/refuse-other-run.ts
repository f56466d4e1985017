// One target, one plan: rows of another one are never mixed in. The refusal names what differs, from what the marker wrote down of that run.
import type pg from 'pg';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import type { RunStart } from '../postgres/marker-runs.ts';
import { runQuery } from '../postgres/query.ts';

const otherRow = z.strictObject({
  planId: z.string(),
  seed: z.string().nullable(),
  band: z.string().nullable(),
  specName: z.string().nullable(),
  toolVersion: z.string().nullable(),
  specDigest: z.string().nullable(),
  size: z.string().nullable(),
});
type OtherRun = z.output<typeof otherRow>;

/**
 * Throws TARGET_OTHER_RUN where the chunk ledger holds rows of another plan, or of the same one by another version of the tool:
 * the values of a seed are a promise of a version.
 */
export async function refuseOtherRun(client: pg.Client, run: RunStart): Promise<void> {
  const rows = await runQuery(
    client,
    'reading the chunk ledger',
    `select p.plan_id as "planId", r.seed, r.band, r.spec_name as "specName", r.tool_version as "toolVersion",
            r.spec_digest as "specDigest", r.size
     from (select distinct plan_id from shapecast.chunks) p
     left join lateral (
       select * from shapecast.runs r where r.plan_id = p.plan_id order by r.started_at desc, r.run_id limit 1
     ) r on true
     where p.plan_id <> $1 or r.tool_version <> $2
     order by p.plan_id
     limit 1`,
    [run.planId, run.toolVersion],
  );
  const other = z.array(otherRow).parse(rows)[0];
  if (other === undefined) return;
  throw new ShapecastError('TARGET_OTHER_RUN', { planId: other.planId, differs: listDifferences(other, run) });
}

function listDifferences(other: OtherRun, run: RunStart): string[] {
  if (other.seed === null) return ['a run that the marker does not say more of'];
  const named = [
    { what: 'seed', there: other.seed, now: run.seed },
    { what: 'band', there: other.band, now: run.band },
    { what: 'spec', there: other.specName, now: run.specName },
    { what: 'version', there: other.toolVersion, now: run.toolVersion },
  ].filter(({ there, now }) => there !== now);
  const found = named.map(({ what, there, now }) => `${what}: ${there} there, ${now} now`);
  // Digests say nothing to a reader; the names of both specs may be the same.
  if (other.specDigest !== null && other.specDigest !== run.specDigest) found.push("the spec's content");
  if (other.size !== null && other.size !== run.size) found.push('--scale or --rows');
  return found.length > 0 ? found : ["the spec's content, --scale, --rows or the structure of the target's tables"];
}
