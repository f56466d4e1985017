// The relations that can be prewarmed: tables that hold rows and their indexes. Names that a person gave are looked up before anything else
// is done, so that a slip of the pen costs no verification.
import { z } from 'zod';
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey, normaliseTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Verification } from '../target-tables.ts';

const relationRow = z
  .strictObject({
    oid: z.number(),
    bytes: z.number(),
    schema: z.string(),
    name: z.string(),
    /** The partitioned table or index that it is a part of, at any height, and itself. */
    family: z.array(z.strictObject({ schema: z.string(), name: z.string() })),
  })
  .transform(({ family, ...row }) => ({ ...row, label: formatTableKey(row), answersTo: family.map(formatTableKey) }));

type Relation = z.output<typeof relationRow>;

/** `none`; all that fits; or tables and indexes by name: a table is its rows alone, a partitioned one stands for its parts. */
export type PrewarmChoice = 'none' | 'all' | { readonly names: readonly string[] };

/** A choice whose names are known to be there. */
export interface PrewarmRequest {
  readonly choice: 'none' | 'all' | 'named';
  /** Those with pages, in the order of the names. */
  readonly list: () => Promise<Relation[]>;
}

/** Looks the names up. Throws OPTION_INVALID for one that is no table or index of the report's tables, NAME_INVALID. */
export async function requestPrewarm(verification: Verification, choice: PrewarmChoice): Promise<PrewarmRequest> {
  const filled = async () => (await listRelations(verification)).filter(({ bytes }) => bytes > 0);
  if (choice === 'none') return { choice, list: async () => [] };
  if (choice === 'all') return { choice, list: filled };
  const keys = [...new Set(choice.names.map(normaliseTableKey))];
  const known = await listRelations(verification);
  const unknown = keys.filter((key) => !known.some(({ answersTo }) => answersTo.includes(key)));
  if (unknown.length > 0) {
    const reason = `none of the report's tables in the target, and no index of one, is called ${unknown.join(', ')}`;
    throw new ShapecastError('OPTION_INVALID', { option: '--prewarm', reason });
  }
  const list = async () => {
    const relations = await filled();
    const named = keys.flatMap((key) => relations.filter(({ answersTo }) => answersTo.includes(key)));
    return [...new Map(named.map((relation) => [relation.oid, relation])).values()];
  };
  return { choice: 'named', list };
}

// A partitioned table without partitions has no relation to read, and still a name.
const LIST_RELATIONS = `
  with tree as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select p.relid from unnest($1::oid[]) as t(oid) cross join lateral pg_partition_tree(t.oid) as p
  )
  select r.oid::int8::float8 as oid, pg_relation_size(r.oid)::float8 as bytes, n.nspname as schema, c.relname as name,
         (select json_agg(json_build_object('schema', m.nspname, 'name', a.relname))
          from (select r.oid union select relid from pg_partition_ancestors(r.oid)) as f(oid)
          join pg_class a on a.oid = f.oid
          join pg_namespace m on m.oid = a.relnamespace) as family
  from (select oid from tree union select indexrelid from pg_index where indrelid in (select oid from tree)) as r
  join pg_class c on c.oid = r.oid
  join pg_namespace n on n.oid = c.relnamespace
  order by c.relkind in ('i', 'I'), n.nspname collate "C", c.relname collate "C"`;

async function listRelations({ client, tables }: Verification): Promise<Relation[]> {
  const oids = tables.flatMap(({ found }) => (found === null ? [] : [found.oid]));
  return z.array(relationRow).parse(await runQuery(client, 'listing relations', LIST_RELATIONS, [oids]));
}
