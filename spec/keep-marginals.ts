// Fitted marginals beside columns and references that somebody wrote: what they counted stays true where the names are the same.
// Positions of labels follow the labels; axes that name what is gone are left out with their marginals.
import { z } from 'zod';
import { type AxisTables, findAxisFault, tableOfAxis } from './axis-fault.ts';
import { type MovedAxis, moveCounts, moveLabels, namesOfLabels } from './move-labels.ts';
import { namedRecord, namedRecordOf } from './named-record.ts';
import { pairAxisSchema } from './pair-axis.ts';
import { readCells, writeCells } from './pair-cells.ts';
import { tableKeySchema } from './policy.ts';

const columnSchema = z.looseObject({ kind: z.string(), values: z.array(z.unknown()).optional() });
const referenceSchema = z.looseObject({ columns: z.array(z.string()), table: tableKeySchema });
const nothing = () => namedRecord<never>([]);
/** As much of a spec's tables as axes are about; the rest of the document need not be right yet. */
const tablesSchema = namedRecordOf(
  z.string(),
  z.looseObject({
    columns: namedRecordOf(z.string(), columnSchema).default(nothing),
    references: namedRecordOf(z.string(), referenceSchema).default(nothing),
  }),
);
const marginalsSchema = z.looseObject({
  axes: namedRecordOf(z.string(), pairAxisSchema),
  marginals: z.array(z.looseObject({ axes: z.array(z.string()).min(1).max(2), cells: z.string() })),
});

type Tables = z.output<typeof tablesSchema>;
type Marginals = z.output<typeof marginalsSchema>;

/** The axes and marginals of a table of the fitted spec as they are in the merged one; null where there are none, or no valid tables. */
export function keepMarginals(key: string, fitted: unknown, merged: unknown): Pick<Marginals, 'axes' | 'marginals'> | null {
  const before = tablesSchema.safeParse(fitted);
  const after = tablesSchema.safeParse(merged);
  if (!before.success || !after.success) return null;
  const own = marginalsSchema.safeParse(before.data[key]);
  return own.success ? moveTable(key, own.data, before.data, after.data) : null;
}

function moveTable(key: string, { axes, marginals }: Marginals, before: Tables, after: Tables) {
  const moved = new Map(
    Object.entries(axes).flatMap(([name, axis]) => {
      const owner = tableOfAxis(axis, key);
      const [from, to] = [before, after].map((tables) => labelsOf(tables, owner, 'column' in axis ? axis.column : ''));
      const found = moveLabels(axis, from ?? null, to ?? null);
      return found === null || findAxisFault(found.axis, key, after) !== null ? [] : [[name, found] as const];
    }),
  );
  const kept = marginals.flatMap((marginal) => {
    const own = marginal.axes.flatMap((name) => moved.get(name) ?? []);
    return own.length < marginal.axes.length ? [] : [{ ...marginal, cells: moveText(marginal, axes, own) }];
  });
  return { axes: namedRecord([...moved].map(([name, { axis }]) => [name, axis])), marginals: kept };
}

function labelsOf(tables: AxisTables, table: string, name: string): string[] | null {
  const column = tables[table]?.columns[name];
  return column === undefined ? null : namesOfLabels(column);
}

function moveText(
  { axes: names, cells }: Marginals['marginals'][number],
  axes: Marginals['axes'],
  moved: readonly MovedAxis[],
): string {
  if (moved.every(({ classes }) => classes === null)) return cells;
  const old = names.flatMap((name) => axes[name] ?? []);
  return writeCells(
    moveCounts(readCells(cells, old), moved),
    moved.map(({ axis }) => axis),
  );
}
