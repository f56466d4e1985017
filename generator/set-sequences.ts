// After the rows: every sequence behind a key column goes on where the rows end, so that the application can insert.
import type pg from 'pg';
import { quoteQualified } from '../core/identifiers.ts';
import { runQuery } from '../postgres/query.ts';
import type { Plan } from '../spec/plan.ts';

/** Moves the owned sequence (serial or identity) of every ascending key column to the largest key; columns without one are left. */
export async function setSequences(client: pg.Client, plan: Plan): Promise<void> {
  for (const table of plan.tables) {
    for (const column of table.columns) {
      if (column.builder.kind !== 'sequence' || table.rows === 0) continue;
      const largest = Math.max(column.builder.start, column.builder.start + column.builder.step * (table.rows - 1));
      const name = quoteQualified({ schema: table.schema, name: table.relation });
      await runQuery(
        client,
        `setting the sequence of ${table.name}`,
        `select setval(sequence::regclass, $3::int8)
           from pg_get_serial_sequence($1, $2) as sequence
          where sequence is not null and $3::int8 >= 1`,
        [name, column.name, largest],
      );
    }
  }
}
