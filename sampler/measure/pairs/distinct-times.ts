// How many different times a time column has: ties say whether rows come in batches. One number per column, published only where the
// column's marginal was, so that at least k units stand behind it.

import { relationOf } from '../../../postgres/relation.ts';
import type { Marginal, PackPairs } from '../../../spec/pack.ts';
import type { Task } from '../../run-passes.ts';
import { columnValue } from '../column-value.ts';
import { copyOut } from '../copy-out.ts';
import type { MeasuringContext } from '../measuring-context.ts';
import { ROW } from '../pass.ts';
import { requestAxes } from '../plan.ts';

export interface DistinctTimes {
  readonly table: string;
  readonly column: string;
  readonly sql: string;
  readonly pages: number;
}

/** Larger tables (4 GB) are not asked: the server would sort or hash all their times. */
const MAX_PAGES = 500_000;
const MAX_COUNT = 0x7ffffffe;

/** The statements, in the order of tables and columns. Pure. */
export function planDistinctTimes(context: MeasuringContext): DistinctTimes[] {
  return context.source.tables.flatMap((table) => {
    if (table.table.pages > MAX_PAGES) return [];
    const keep = context.keep(table.key, ROW);
    const times = requestAxes(context, table).filter(({ axis }) => axis.kind === 'time');
    return times.map(({ column }) => {
      const value = columnValue(column, ROW);
      const where = [`${value} is not null`, ...(keep === null ? [] : [keep])].join(' and ');
      const distinct = `select distinct ${value} from ${relationOf(table.table)} as ${ROW} where ${where}`;
      const sql = `copy (\n  select least(count(*), ${MAX_COUNT})::int4\n  from (${distinct}) as s\n) to stdout (format binary)`;
      return { table: table.key, column: column.name, sql, pages: table.table.pages };
    });
  });
}

/** The work, and what it counted once it is done. */
export function startDistinctTimes(plans: readonly DistinctTimes[], marginals: readonly Marginal[]) {
  const isReleased = ({ table, column }: DistinctTimes) =>
    marginals.some(
      ({ table: name, axes: [axis], cells }) =>
        name === table && axis?.kind === 'time' && axis.column === column && cells.length > 0,
    );
  const wanted = plans.filter(isReleased);
  const found = new Map<DistinctTimes, number>();
  const tasks = wanted.map((plan): Task => {
    const take = (row: Int32Array) => void found.set(plan, row[0] ?? 0);
    return { pages: plan.pages, run: (client) => copyOut(client, plan.sql, 1, take, `counting the times of ${plan.table}`) };
  });
  const counts = (): PackPairs['distinctTimes'] =>
    wanted.map((plan) => ({ table: plan.table, column: plan.column, count: found.get(plan) ?? 0 }));
  return { tasks, counts };
}
