// Which marginals would carry what a node computes. Two children of one parent need their co-degree, a filter on a parent needs that
// column by degree, filters on both sides of a key need each other, two filters on a table need each other.
import { formatTableKey } from '../../core/identifiers.ts';
import type { NamedColumn } from './condition-columns.ts';
import type { Reference } from './list-references.ts';
import type { MissedAxis, MissedMarginal } from './pair-names.ts';
import type { Shape } from './plan-shape.ts';

/** The marginals that would carry what the node computes; none for what no marginal describes. */
export function listMarginals(shape: Shape): MissedMarginal[] {
  const [alone] = shape.left;
  if (shape.right.size === 0) return alone === undefined || shape.left.size > 1 ? [] : marginalsOfScan(shape, alone);
  const across = shape.groups.filter(
    (group) => group.some(({ alias }) => shape.left.has(alias)) && group.some(({ alias }) => shape.right.has(alias)),
  );
  const pairs = across.flatMap((group) => {
    const left = group.filter(({ alias }) => shape.left.has(alias));
    const right = group.filter(({ alias }) => shape.right.has(alias));
    return left.flatMap((one) => right.map((other) => [one, other] as const));
  });
  const found = pairs.flatMap(([one, other]) => marginalsOfPair(shape, one, other));
  return found.length > 0 ? found : pairs.flatMap(([one, other]) => marginalsOfBareKey(shape, one, other));
}

function marginalsOfScan(shape: Shape, alias: string): MissedMarginal[] {
  const table = shape.tableOf(alias);
  const filters = shape.filtersOf(alias);
  const axes = filters.map((column): { axis: MissedAxis; reference: Reference | undefined } => ({
    axis: { kind: 'column', table, column },
    reference: shape.references.find((each) => isChild(each, table, column)),
  }));
  if (axes.length === 1) {
    const [only] = axes;
    if (only === undefined) return [];
    const { reference, axis } = only;
    return [reference === undefined ? { table, axes: [axis] } : { table: parentOf(reference), axes: [degreeOf(reference)] }];
  }
  return axes.flatMap((one, at) =>
    axes.slice(at + 1).map((other): MissedMarginal => {
      const [key, column] = one.reference === undefined ? [other, one] : [one, other];
      if (key.reference === undefined || column.axis.kind !== 'column') return { table, axes: [one.axis, other.axis] };
      const { reference } = key;
      const ofChild = { child: table, columns: columnsOfKey(reference) };
      return { table: parentOf(reference), axes: [{ ...column.axis, ofChild }, degreeOf(reference)] };
    }),
  );
}

function marginalsOfPair(shape: Shape, one: NamedColumn, other: NamedColumn): MissedMarginal[] {
  const down = findReference(shape, one, other);
  if (down !== undefined) return marginalsOfKey(shape, down, other.alias, one.alias);
  const up = findReference(shape, other, one);
  if (up !== undefined) return marginalsOfKey(shape, up, one.alias, other.alias);
  const [left, right] = [referencesOf(shape, one), referencesOf(shape, other)];
  return left.flatMap((first) =>
    right
      .filter((second) => parentOf(second) === parentOf(first))
      .flatMap((second) =>
        marginalsOfSiblings(shape, { alias: one.alias, reference: first }, { alias: other.alias, reference: second }),
      ),
  );
}

/** A child on one side, its parent on the other. */
function marginalsOfKey(shape: Shape, reference: Reference, child: string, parent: string): MissedMarginal[] {
  const [childTable, parentTable] = [shape.tableOf(child), shape.tableOf(parent)];
  const via = columnsOfKey(reference);
  const childAxes = shape.filtersOf(child).map((column): MissedAxis => ({ kind: 'column', table: childTable, column }));
  const parentFilters = shape.filtersOf(parent);
  const byDegree = parentFilters.map(
    (column): MissedMarginal => ({
      table: parentTable,
      axes: [{ kind: 'column', table: parentTable, column }, degreeOf(reference)],
    }),
  );
  const across = parentFilters.flatMap((column) =>
    childAxes.map(
      (axis): MissedMarginal => ({ table: childTable, axes: [axis, { kind: 'column', table: parentTable, column, via }] }),
    ),
  );
  return [...across, ...byDegree, ...marginalsOfCousins(shape, reference, child, parent)];
}

/** Where nothing is filtered: how many rows have a parent at all, or how many children the parents have. */
function marginalsOfBareKey(shape: Shape, one: NamedColumn, other: NamedColumn): MissedMarginal[] {
  const down = findReference(shape, one, other);
  const reference = down ?? findReference(shape, other, one);
  if (reference === undefined) return [];
  const table = formatTableKey(reference.child);
  const filters = shape.filtersOf(down === undefined ? one.alias : other.alias);
  if (filters.length === 0) return [{ table: parentOf(reference), axes: [degreeOf(reference)] }];
  const key: MissedAxis = { kind: 'column', table, column: columnsOfKey(reference)[0] ?? '' };
  return filters.map((column) => ({ table, axes: [{ kind: 'column', table, column }, key] }));
}

/** What hangs on the two ends by other keys: other parents of the child, other children of the child. */
function marginalsOfCousins(shape: Shape, reference: Reference, child: string, parent: string): MissedMarginal[] {
  const childTable = shape.tableOf(child);
  const parentTable = shape.tableOf(parent);
  const toParent = shape
    .filtersOf(parent)
    .map((column): MissedAxis => ({ kind: 'column', table: parentTable, column, via: columnsOfKey(reference) }));
  const neighbours = shape.groups.flatMap((group) => {
    const own = group.filter(({ alias }) => alias === child);
    return own.flatMap((column) =>
      group.filter(({ alias }) => alias !== child && alias !== parent).map((other) => [column, other] as const),
    );
  });
  return neighbours.flatMap(([column, other]): MissedMarginal[] => {
    const up = findReference(shape, other, column);
    const down = findReference(shape, column, other);
    const axes: MissedAxis[] = [];
    if (up !== undefined && up !== reference) {
      const table = shape.tableOf(other.alias);
      axes.push(
        ...shape
          .filtersOf(other.alias)
          .map((name): MissedAxis => ({ kind: 'column', table, column: name, via: columnsOfKey(up) })),
      );
    }
    if (down !== undefined) axes.push(degreeOf(down));
    return axes.flatMap((axis) => toParent.map((own): MissedMarginal => ({ table: childTable, axes: [axis, own] })));
  });
}

interface Sibling {
  readonly alias: string;
  readonly reference: Reference;
}

/** Two children of one parent, each on its side. */
function marginalsOfSiblings(shape: Shape, one: Sibling, other: Sibling): MissedMarginal[] {
  const table = parentOf(one.reference);
  const byColumn = (sibling: Sibling, beside: Sibling) =>
    shape.filtersOf(sibling.alias).map((column): MissedMarginal => {
      const ofChild = { child: shape.tableOf(sibling.alias), columns: columnsOfKey(sibling.reference) };
      return { table, axes: [{ kind: 'column', table: ofChild.child, column, ofChild }, degreeOf(beside.reference)] };
    });
  const both: MissedMarginal =
    one.reference === other.reference
      ? { table, axes: [degreeOf(one.reference)] }
      : { table, axes: [degreeOf(one.reference), degreeOf(other.reference)] };
  return [both, ...byColumn(one, other), ...byColumn(other, one)];
}

/** The reference by which `child` points at `parent`. */
function findReference(shape: Shape, parent: NamedColumn, child: NamedColumn): Reference | undefined {
  const [parentTable, childTable] = [shape.tableOf(parent.alias), shape.tableOf(child.alias)];
  return shape.references.find(
    (each) =>
      parentOf(each) === parentTable &&
      isChild(each, childTable, child.column) &&
      each.pairs.some((pair) => pair.column === child.column && pair.parentColumn === parent.column),
  );
}

function referencesOf(shape: Shape, { alias, column }: NamedColumn): Reference[] {
  return shape.references.filter((each) => isChild(each, shape.tableOf(alias), column));
}

function isChild({ child, pairs }: Reference, table: string, column: string): boolean {
  return formatTableKey(child) === table && pairs.some((pair) => pair.column === column);
}

function parentOf({ parent }: Reference): string {
  return formatTableKey(parent);
}

function columnsOfKey({ pairs }: Reference): string[] {
  return pairs.map(({ column }) => column);
}

function degreeOf(reference: Reference): MissedAxis {
  return { kind: 'degree', child: formatTableKey(reference.child), columns: columnsOfKey(reference) };
}
