// A schema as large as the largest that introspection is promised for: 500 tables, 800 foreign keys, a check and an index each.
import type pg from 'pg';

const TABLES = 500;

/** Creates it in the database that the client is connected to. */
export async function createLargeSchema(client: pg.Client): Promise<void> {
  await client.query(`create domain public.amount as numeric(12, 2) check (value >= 0);
    create type public.status as enum ('open', 'closed')`);
  for (let from = 0; from < TABLES; from += 50)
    await client.query(Array.from({ length: 50 }, (_, index) => tableSql(from + index)).join(';\n'));
}

function tableSql(index: number): string {
  const parents = [index - 1, ...(index % 5 < 3 ? [Math.floor(index / 2)] : [])].filter((parent) => parent >= 0);
  const keys = parents.map((parent, position) => `p${position} int references public.t${parent}`);
  const own = [
    'id int primary key',
    'name text not null check (length(name) < 80)',
    'status public.status',
    'email varchar(200) unique',
    'price public.amount',
    'from_at timestamptz',
    'to_at timestamptz',
    ...Array.from({ length: 8 }, (_, extra) => `extra_${extra} int`),
    'check (from_at < to_at)',
  ];
  return `create table public.t${index} (${[...own, ...keys].join(', ')});
    create unique index on public.t${index} (lower(email)) where status = 'open'`;
}
