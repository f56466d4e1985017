// A parameter's value in one database, chosen by rank: the same words mean the busiest (or the median) value of production and of the
// copy, and no value goes from one to the other. Values are held as text, passed back as parameters and never shown.
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { Rank, WorkloadParameter } from '../spec/workload.ts';
import { readRows, type Side } from './read-side.ts';

/** p99 is the value that 99 % of the values have at most as many rows as. */
const PLACES = { hot: 1, p99: 0.99, p50: 0.5, cold: 0 } as const;

export interface Binder {
  /** The values of the ranks, in order. Throws QUERY_FAILED; null where the column has no value. */
  bind(parameters: readonly WorkloadParameter[], ranks: readonly Rank[]): Promise<(string | null)[]>;
}

/** Each value is looked up once. */
export function createBinder(side: Side): Binder {
  const known = new Map<string, string | null>();
  const lookUp = async (parameter: WorkloadParameter, rank: Rank) => {
    const key = JSON.stringify([parameter.table, parameter.hasSchema, parameter.column, rank]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const [row] = await readRows<{ value: string | null }>(side, 'finding a value by its rank', lookUpSql(parameter, rank));
    const value = row?.value ?? null;
    known.set(key, value);
    return value;
  };
  return {
    async bind(parameters, ranks) {
      const values: (string | null)[] = [];
      for (const [index, parameter] of parameters.entries()) {
        const rank = ranks[index];
        values.push(rank === undefined ? null : await lookUp(parameter, rank));
      }
      return values;
    },
  };
}

function lookUpSql(parameter: WorkloadParameter, rank: Rank): string {
  const table = parameter.hasSchema ? quoteQualified(parameter.table) : quoteIdentifier(parameter.table.name);
  const column = quoteIdentifier(parameter.column);
  if (rank.kind === 'quantile') {
    return `select (percentile_disc(${rank.share}::float8) within group (order by ${column}))::text as value from ${table} where ${column} is not null`;
  }
  // The value itself breaks ties: the same database gives the same value every time.
  return `
    with frequencies as (
      select ${column} as value, count(*) as frequency from ${table} where ${column} is not null group by ${column}
    ),
    ranked as (
      select value, row_number() over (order by frequency, value) as place, count(*) over () as places from frequencies
    )
    select value::text as value from ranked where place = greatest(1, ceil(places * ${PLACES[rank.name]}::float8)::int8)`;
}
