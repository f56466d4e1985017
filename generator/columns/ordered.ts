// Columns of one row that have an order (start below end): values that stand the wrong way round change places. The plan has carried
// the bounds of the columns along the order, so a value is allowed where it goes.
import type { PlanColumn } from '../../spec/plan.ts';
import type { NumberKernel } from './blocks.ts';

interface Edge {
  readonly lower: number;
  readonly upper: number;
  readonly isStrict: boolean;
}

/** The names of the columns that have an order with this one, directly or through others, itself included; empty when it has none. */
export function orderGroup(columns: readonly PlanColumn[], name: string): string[] {
  const group = new Set([name]);
  for (let before = 0; before < group.size; ) {
    before = group.size;
    for (const column of columns) {
      for (const below of column.below) {
        if (group.has(column.name)) group.add(below.column);
        else if (group.has(below.column)) group.add(column.name);
      }
    }
  }
  return group.size === 1 ? [] : columns.map((column) => column.name).filter((one) => group.has(one));
}

/** The kernel of one column of a group, from the unordered kernels of all of them. NULL in either column of a pair leaves both. */
export function orderedKernel(
  columns: readonly PlanColumn[],
  group: readonly string[],
  raw: readonly NumberKernel[],
  name: string,
): NumberKernel {
  const position = group.indexOf(name);
  const edges = edgesOf(columns, group);
  const values = new Float64Array(group.length);
  return {
    kind: 'number',
    at(row) {
      for (let index = 0; index < raw.length; index += 1) values[index] = (raw[index] as NumberKernel).at(row);
      putInOrder(values, edges);
      return values[position] as number;
    },
  };
}

/** Every upper column says which ones must not be above it. */
function edgesOf(columns: readonly PlanColumn[], group: readonly string[]): Edge[] {
  return columns
    .filter((column) => group.includes(column.name))
    .flatMap((column) =>
      column.below.map((below) => ({
        lower: group.indexOf(below.column),
        upper: group.indexOf(column.name),
        isStrict: below.isStrict,
      })),
    );
}

/** Changes places until all pairs stand right, then parts equal values of strict pairs by one unit. */
export function putInOrder(values: Float64Array, edges: readonly Edge[]): void {
  const rounds = values.length * values.length;
  for (let round = 0, isMoving = true; isMoving && round < rounds; round += 1) {
    isMoving = false;
    for (const { lower, upper } of edges) {
      const low = values[lower] as number;
      const high = values[upper] as number;
      // False for NaN, which is NULL.
      if (low > high) {
        values[lower] = high;
        values[upper] = low;
        isMoving = true;
      }
    }
  }
  for (let round = 0, isMoving = true; isMoving && round < rounds; round += 1) {
    isMoving = false;
    for (const { lower, upper, isStrict } of edges) {
      const least = (values[lower] as number) + (isStrict ? 1 : 0);
      if (least > (values[upper] as number)) {
        values[upper] = least;
        isMoving = true;
      }
    }
  }
}
