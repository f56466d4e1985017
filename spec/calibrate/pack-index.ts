// A pack by name: the table, the marginal over one axis of a column, the degrees of a reference.
import type { Axis, AxisKind } from '../axis.ts';
import type { Marginal, Pack, PackColumn, PackForeignKey, PackTable } from '../pack.ts';

/** The axis kinds that lie on a column. */
export type ColumnAxisKind = Exclude<AxisKind, 'degree'>;

export interface PackIndex {
  readonly pack: Pack;
  readonly tables: ReadonlyMap<string, PackTable>;
  /** By the axis's place: table, kind, column; or parent, degree, child and its columns. */
  readonly marginals: ReadonlyMap<string, Marginal>;
}

/** One column with everything known about it. */
export interface ColumnSource {
  readonly index: PackIndex;
  readonly table: PackTable;
  readonly column: PackColumn;
}

export function indexPack(pack: Pack): PackIndex {
  const oneAxis = pack.marginals.filter((marginal) => marginal.axes.length === 1);
  return {
    pack,
    tables: new Map(pack.structure.tables.map((table) => [table.name, table])),
    marginals: new Map(oneAxis.flatMap((marginal) => marginal.axes.map((axis) => [placeOf(marginal.table, axis), marginal]))),
  };
}

function placeOf(table: string, axis: Axis): string {
  if (axis.kind === 'degree') return JSON.stringify([table, axis.kind, axis.child, axis.columns]);
  const isKeys = axis.kind === 'length' && axis.of === 'keys';
  return JSON.stringify([table, isKeys ? 'keys' : axis.kind, axis.column]);
}

/** The one-axis marginal of a column; null where it was not measured. */
export function findMarginal({ index, table, column }: ColumnSource, kind: ColumnAxisKind): Marginal | null {
  return index.marginals.get(JSON.stringify([table.name, kind, column.name])) ?? null;
}

/** Top-level keys of a column of JSON objects; null where they were not measured. */
export function findKeyCounts({ index, table, column }: ColumnSource): Marginal | null {
  return index.marginals.get(JSON.stringify([table.name, 'keys', column.name])) ?? null;
}

/** Children per parent of a foreign key of `table`; null where it was not measured. */
export function findDegrees(index: PackIndex, table: PackTable, key: PackForeignKey): Marginal | null {
  return index.marginals.get(JSON.stringify([key.references, 'degree', table.name, key.columns])) ?? null;
}

/** A marginal's one axis, of the kind that it was looked up by. */
export function axisOf<Kind extends AxisKind>(marginal: Marginal, kind: Kind): Extract<Axis, { kind: Kind }> | null {
  const [axis] = marginal.axes;
  // The comparison narrows the kind; the compiler cannot follow it through the type parameter.
  return axis?.kind === kind ? (axis as Extract<Axis, { kind: Kind }>) : null;
}
