// Sequences go on where the source's are. They stand outside of snapshots, so they are read after it: never behind the copied rows.
import type pg from 'pg';
import { quoteQualified } from '../core/identifiers.ts';
import { runQuery } from '../postgres/query.ts';

interface SequenceName {
  readonly schema: string;
  readonly name: string;
}

const NAMES = `
select n.nspname::text as schema, c.relname::text as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'shapecast')
order by 1, 2`;

export interface SequenceState extends SequenceName {
  /** As text: a bigint. */
  readonly value: string;
  readonly isCalled: boolean;
}

/** Where every sequence of the source stands. */
export async function readSequences(source: pg.Client): Promise<SequenceState[]> {
  const names = await runQuery<SequenceName>(source, 'listing the sequences', NAMES);
  const states: SequenceState[] = [];
  for (const { schema, name } of names) {
    const sql = `select last_value::text as value, is_called as "isCalled" from ${quoteQualified({ schema, name })}`;
    const [state] = await runQuery<{ value: string; isCalled: boolean }>(source, 'reading a sequence', sql);
    if (state !== undefined) states.push({ schema, name, ...state });
  }
  return states;
}

/** Sets the shadow's sequences; those that it has not (of an extension, say) are passed over. The number that were set. */
export async function setSequences(shadow: pg.Client, states: readonly SequenceState[]): Promise<number> {
  const there = await runQuery<SequenceName>(shadow, 'listing the sequences', NAMES);
  const known = new Set(there.map((name) => quoteQualified(name)));
  const wanted = states.filter((state) => known.has(quoteQualified(state)));
  for (const state of wanted) {
    const parameters = [quoteQualified(state), state.value, state.isCalled];
    await runQuery(shadow, 'setting a sequence', 'select setval($1::regclass, $2::bigint, $3)', parameters);
  }
  return wanted.length;
}
