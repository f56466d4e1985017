// The fit of a table of distinct pairs: by both of its parents where the plan can see to it that no pair occurs twice, else by the one that
// owns the runs. Other tables are fitted as they are.
import type { PlanTable } from '../../../spec/plan.ts';
import type { FitStep } from '../../../stats/population/population.ts';
import type { Steps } from '../../../stats/steps.ts';
import { RankedSource } from '../../keys/ranked-source.ts';
import type { TableRows } from '../../profiles/profile-rows.ts';
import { distinctPlaces } from './distinct-places.ts';
import type { FitTableRequest } from './fit-request.ts';
import { countProfiles, fitTable } from './fit-table.ts';
import { lineVariable, type TableShape } from './table-shape.ts';
import { mayFollowOtherSide } from './usable-columns.ts';
import { writeReference } from './write-reference.ts';

/** The table's shape. Pure, with pauses. */
export function* fitWithPairs(request: Omit<FitTableRequest, 'followsOtherSide'>): Steps<FitStep, TableShape> {
  const table = request.tables[request.table] as PlanTable;
  if (mayFollowOtherSide(table, countProfiles(table, request.mostProfiles))) {
    const both = { ...request, followsOtherSide: true };
    const distinct = withDistinctPairs(both, yield* fitTable(both));
    if (distinct !== null) return distinct;
  }
  return yield* fitTable({ ...request, followsOtherSide: false });
}

/** The shape with every pair once; null where that cannot be reached. */
function withDistinctPairs({ shapes, table: at, tables }: FitTableRequest, shape: TableShape): TableShape | null {
  const table = tables[at] as PlanTable;
  const [pair] = table.pairs;
  const line = lineVariable(pair?.other ?? -1);
  const places = shape.places.get(line);
  if (pair === undefined || places === undefined || !shape.lines.has(pair.other)) return shape;
  const parentsOf = (index: number): Int32Array => {
    const reference = table.references[index] as PlanTable['references'][number];
    const parents = tables[reference.table] as PlanTable;
    const written = writeReference({ reference, index, table: at, shape, shapes });
    const source = new RankedSource(rowsOf(table, shape), written, rowsOf(parents, shapes.get(reference.table)));
    return Int32Array.from({ length: table.rows }, (_, row) => source.parentOf(row));
  };
  const others = new Int32Array(table.rows);
  for (const [row, parent] of parentsOf(pair.other).entries()) others[places[row] as number] = parent;
  const distinct = distinctPlaces({ runs: parentsOf(pair.runs), others, places });
  return distinct === null ? null : { ...shape, places: new Map([...shape.places, [line, distinct]]) };
}

/** Which rows a profile has is not asked here: any key tells the same parents apart. */
function rowsOf({ rows }: PlanTable, shape: TableShape | undefined): TableRows {
  return shape === undefined ? { rows } : { rows, profiles: { count: shape.size, key: [0, 0] } };
}
