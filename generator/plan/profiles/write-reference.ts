// A reference of the plan as the fitted shapes have it: its parents in the order of their degrees, its children on their line.
import { packIntegers } from '../../../core/packed-integers.ts';
import type { PlanReference } from '../../../spec/plan.ts';

import { degreeVariable, HEAP, lineVariable, type ShapeLine, type TableShape, treeVariable } from './table-shape.ts';

export interface WrittenReference {
  readonly reference: PlanReference;
  /** Its index, and that of its table. */
  readonly index: number;
  readonly table: number;
  /** Of its table. */
  readonly shape: TableShape | undefined;
  readonly shapes: ReadonlyMap<number, TableShape>;
}

/** The reference, unchanged where nothing was fitted. */
export function writeReference({ index, reference, shape, shapes, table }: WrittenReference): PlanReference {
  const ofTree = reference.tree === null ? undefined : shape?.places.get(treeVariable(index));
  if (ofTree !== undefined) return { ...reference, parentProfiles: { places: packIntegers(ofTree), line: null } };
  const places = shapes.get(reference.table)?.places.get(degreeVariable(table, index));
  if (places === undefined) return reference;
  const found = shape?.lines.get(index);
  const own = shape?.places.get(lineVariable(index)) ?? shape?.places.get(HEAP);
  const parentProfiles = { places: packIntegers(places), line: null };
  if (shape === undefined || found === undefined || own === undefined) return { ...reference, parentProfiles };
  return {
    ...reference,
    ranks: {
      ...reference.ranks,
      order: 'profile',
      profile: { places: packIntegers(own), ...mixedRuns(shape, found) },
    },
    parentProfiles: { ...parentProfiles, line: packIntegers(found.line), ...(found.isClustered ? { isInRuns: true } : {}) },
  };
}

/** Places on a line whose children are mixed. */
const MIXED_NEIGHBOURS = 16;

/**
 * Where profiles are runs of rows, the rows of one would all be children of a few parents: neighbours on the line are mixed, unless
 * children of one parent belong together.
 */
function mixedRuns({ rows, size }: TableShape, { isClustered, isShared }: ShapeLine): { start: number[]; isShuffled: (0 | 1)[] } {
  if (size === rows || isClustered || isShared) return { start: [0], isShuffled: [0] };
  const start = Array.from({ length: Math.ceil(size / MIXED_NEIGHBOURS) }, (_, at) => at * MIXED_NEIGHBOURS);
  return { start, isShuffled: start.map(() => 1) };
}
