// What no schema of a single field sees in a spec's marginals: their axes exist, name what the spec has, and hold the classes of the cells.
import { type AxisTable, findAxisFault } from './axis-fault.ts';
import { twoDegrees } from './joined-rows.ts';
import type { PairAxis } from './pair-axis.ts';
import { findCellFault } from './pair-cells.ts';

interface MarginalShape {
  readonly axes: readonly string[];
  readonly cells: string;
  readonly joinedTimesChance?: number | undefined;
}

interface MarginalTable extends AxisTable {
  readonly axes?: Readonly<Record<string, PairAxis>> | undefined;
  readonly marginals?: readonly MarginalShape[] | undefined;
}

/** Called with each fault and its place. */
export type ReportMarginal = (path: (string | number)[], message: string) => void;

/** Reports every fault of the axes and marginals of all tables. */
export function checkMarginals(tables: Readonly<Record<string, MarginalTable>>, reportFault: ReportMarginal): void {
  for (const [key, table] of Object.entries(tables)) {
    for (const [name, axis] of Object.entries(table.axes ?? {})) {
      const fault = findAxisFault(axis, key, tables);
      if (fault !== null) reportFault(['tables', key, 'axes', name], fault);
    }
    for (const [index, marginal] of (table.marginals ?? []).entries())
      checkMarginal(marginal, table.axes ?? {}, (path, message) =>
        reportFault(['tables', key, 'marginals', index, ...path], message),
      );
  }
}

function checkMarginal(
  { axes: names, cells, joinedTimesChance }: MarginalShape,
  axes: Readonly<Record<string, PairAxis>>,
  reportFault: ReportMarginal,
): void {
  const missing = names.findIndex((name) => axes[name] === undefined);
  if (missing >= 0) {
    reportFault(['axes', missing], 'the table has no axis of this name');
    return;
  }
  const found = names.flatMap((name) => axes[name] ?? []);
  const fault = findCellFault(cells, found);
  if (fault !== null) reportFault(['cells'], fault);
  if (joinedTimesChance !== undefined && twoDegrees(found) === null)
    reportFault(['joinedTimesChance'], 'only a pair of degrees joins rows');
}
