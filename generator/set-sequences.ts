// After the rows: every sequence behind a column of a filled table goes on where the values end, whoever made them, so that the
// application can insert.
import type pg from 'pg';
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import { type CatalogSequence, readSequences } from '../postgres/catalog/sequences.ts';
import { runQuery } from '../postgres/query.ts';
import type { Plan } from '../spec/plan.ts';

/** Moves the sequences of the plan's filled tables to the last value of the columns that they fill. */
export async function setSequences(client: pg.Client, plan: Plan): Promise<void> {
  const filled = plan.tables
    .filter((table) => table.rows > 0)
    .map((table) => quoteQualified({ schema: table.schema, name: table.relation }));
  const oids = await runQuery<{ oid: number }>(
    client,
    'finding the filled tables',
    'select to_regclass(name)::oid as oid from unnest($1::text[]) as t(name)',
    [filled],
  );
  const sequences = await readSequences(
    client,
    oids.map((row) => row.oid),
  );
  for (const sequence of sequences) {
    const last = await lastValue(client, sequence);
    if (last !== null) await setSequence(client, sequence, last);
  }
}

/** The largest value of the sequence's columns, the smallest of a descending one; null when they have none. */
async function lastValue(client: pg.Client, sequence: CatalogSequence): Promise<string | null> {
  const columns = sequence.columns ?? [];
  if (columns.length === 0) return null;
  const aggregate = sequence.isAscending ? 'max' : 'min';
  const parts = columns.map(({ schema, table, column }) => {
    const value = quoteIdentifier(column);
    // One aggregate a table, so that an index on the column answers it.
    return `select ${aggregate}(${value})::numeric as value from ${quoteQualified({ schema, name: table })}`;
  });
  const [found] = await runQuery<{ last: string | null }>(
    client,
    `reading where ${quoteQualified(sequence)} ends`,
    `select ${sequence.isAscending ? 'ceil' : 'floor'}(${aggregate}(value))::text as last from (${parts.join(' union all ')}) as v`,
  );
  return found?.last ?? null;
}

/**
 * Values before the sequence's first one leave it alone; past its last one it stands at its end. One that belongs to no column never
 * goes back: the catalog does not show who else has taken values from it.
 */
async function setSequence(client: pg.Client, sequence: CatalogSequence, last: string): Promise<void> {
  const name = quoteQualified(sequence);
  const inside = sequence.isAscending
    ? { starts: '$2::numeric >= q.seqmin', value: 'least($2::numeric, q.seqmax)', isAhead: '>' }
    : { starts: '$2::numeric <= q.seqmax', value: 'greatest($2::numeric, q.seqmin)', isAhead: '<' };
  const mayMove = sequence.isOwned ? 'true' : `(not s.is_called or ${inside.value} ${inside.isAhead} s.last_value)`;
  await runQuery(
    client,
    `setting the sequence ${name}`,
    `select setval($1::regclass, (${inside.value})::int8)
       from pg_sequence q, ${name} s
      where q.seqrelid = $1::regclass
        and ${inside.starts}
        and ${mayMove}`,
    [name, last],
  );
}
