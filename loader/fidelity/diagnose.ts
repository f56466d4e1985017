// Why a query's rows are off: the lowest nodes at which they part by more than 2x, and the marginals that would carry what the node
// computes, by the shape of its condition. Two children of one parent need their co-degree, a filter on a parent needs that column by
// degree, filters on both sides of a key need each other, two filters on a table need each other. Pure.

import { formatTableKey } from '../../core/identifiers.ts';
import type { Comparison } from '../../spec/compare.ts';
import type { NamedColumn } from './condition-columns.ts';
import type { Reference } from './list-references.ts';
import { findMarginal, type MissedAxis, type MissedMarginal, nameMarginal } from './pair-names.ts';
import type { Plan, PlanNode } from './plan-tree.ts';

export interface Miss {
  readonly node: string;
  /** Columns that the node sets equal; empty for a scan of its own. */
  readonly condition: string;
  readonly rowsQuotient: number;
  readonly marginals: readonly (MissedMarginal & { readonly name: string } & ReturnType<typeof findMarginal>)[];
}

/** What the catalog and the packs know. */
export interface DiagnosisKnowledge {
  readonly references: readonly Reference[];
  /** null: no pack, so that it cannot be told what the pack has. */
  readonly comparison: Comparison | null;
}

const MISS_QUOTIENT = 2;

/** The misses of a plan; `quotientOf`: of actual rows, of the nodes that both plans have. */
export function diagnose(plan: Plan, quotientOf: (node: PlanNode) => number | null, knowledge: DiagnosisKnowledge): Miss[] {
  return findCulprits(plan, quotientOf).map(({ node, quotient }) => {
    const shape = readShape(plan, joinOf(plan, node), knowledge.references);
    return {
      node: node.label,
      condition: shape.equalities.map(([left, right]) => `${nameColumn(left)} = ${nameColumn(right)}`).join(' and '),
      rowsQuotient: quotient,
      marginals: describe(node.kind === 'other' ? [] : listMarginals(shape), knowledge),
    };
  });
}

/** The order of the heap against the columns that scans are steered by, where they are done in another way. */
export function diagnoseScans(source: Plan, target: Plan, knowledge: DiagnosisKnowledge): Miss[] {
  return source.nodes.flatMap((node): Miss[] => {
    const { relation } = node;
    if (relation === null) return [];
    const other = target.nodes.find((each) => each.relation?.alias === relation.alias);
    if (other === undefined || other.method === node.method) return [];
    const columns = [...columnsOf(source, relation.alias), ...columnsOf(target, relation.alias)];
    const unique = [...new Set(columns)];
    const marginals = unique.map((column) => ({
      table: relation.table,
      axes: [
        { kind: 'heap' as const, table: relation.table },
        { kind: 'column' as const, table: relation.table, column },
      ],
    }));
    return [{ node: node.label, condition: '', rowsQuotient: 1, marginals: describe(marginals, knowledge) }];
  });
}

function describe(marginals: readonly MissedMarginal[], { comparison }: DiagnosisKnowledge): Miss['marginals'] {
  const byName = new Map(marginals.map((marginal) => [nameMarginal(marginal), marginal]));
  const compared = comparison === null ? null : [...comparison.pairs, ...comparison.marginals];
  const found = [...byName].map(([name, marginal]) => ({ ...marginal, name, ...findMarginal(marginal, compared) }));
  const weight = ({ state, residual }: (typeof found)[number]) => (state === 'held' ? (residual ?? 0) : 1);
  return found.sort((left, right) => weight(right) - weight(left));
}

/** A scan that another relation steers computes the join above it. */
function joinOf(plan: Plan, node: PlanNode): PlanNode {
  const alias = node.relation?.alias;
  const below = plan.nodes.filter((each) => each === node || isBelow(plan, each, node));
  const isSteered = below.some(({ columns }) => columns.equalities.flat().some((column) => column.alias !== alias));
  if (alias === undefined || !isSteered) return node;
  for (let at = node.parent; at !== null; at = plan.nodes[at]?.parent ?? null) {
    const above = plan.nodes[at];
    if (above?.kind === 'join') return above;
  }
  return node;
}

/**
 * Whose rows a node's are: a bitmap's are the scan's above it. Sort, Hash, Materialize and their like give what they get; what groups
 * gives rows of its own.
 */
function ownerOf(plan: Plan, node: PlanNode): PlanNode | null {
  if (node.kind !== 'other' || /Aggregate|Group|Unique/.test(node.label)) return node;
  if (!/^Bitmap/.test(node.label)) return null;
  const above = node.parent === null ? undefined : plan.nodes[node.parent];
  return above === undefined ? null : ownerOf(plan, above);
}

/** Nodes that are off by more than 2x, and by more than 2x further than anything below them. */
function findCulprits(plan: Plan, quotientOf: (node: PlanNode) => number | null): { node: PlanNode; quotient: number }[] {
  const worstBelow = plan.nodes.map(() => 1);
  const culprits: { node: PlanNode; quotient: number }[] = [];
  for (let place = plan.nodes.length - 1; place >= 0; place--) {
    const node = plan.nodes[place];
    if (node === undefined) continue;
    const quotient = quotientOf(node) ?? 1;
    const below = worstBelow[place] ?? 1;
    const owner = ownerOf(plan, node);
    const isCulprit = owner !== null && quotient > MISS_QUOTIENT && (below <= MISS_QUOTIENT || quotient > MISS_QUOTIENT * below);
    if (isCulprit) culprits.push({ node: owner, quotient });
    const worst = owner === null ? below : Math.max(below, quotient);
    if (node.parent !== null) worstBelow[node.parent] = Math.max(worstBelow[node.parent] ?? 1, worst);
  }
  return culprits.reverse();
}

interface Shape {
  /** Aliases on either side of the join; of a scan of its own the right side is empty. */
  readonly left: ReadonlySet<string>;
  readonly right: ReadonlySet<string>;
  /** Equalities between the two sides. */
  readonly equalities: readonly (readonly [NamedColumn, NamedColumn])[];
  readonly tableOf: (alias: string) => string;
  /** Columns compared with values. */
  readonly filtersOf: (alias: string) => readonly string[];
  /** What must be equal in the whole plan, as groups of columns. */
  readonly groups: readonly (readonly NamedColumn[])[];
  readonly references: readonly Reference[];
}

function readShape(plan: Plan, node: PlanNode, references: readonly Reference[]): Shape {
  const tables = new Map(plan.nodes.flatMap(({ relation }) => (relation === null ? [] : [[relation.alias, relation.table]])));
  const all = plan.nodes
    .flatMap(({ columns }) => columns.equalities)
    .filter((pair) => pair.every(({ alias }) => tables.has(alias)));
  const [left, right] = sidesOf(plan, node);
  return {
    left,
    right,
    equalities: all.filter(([one, other]) => isAcross(left, right, one.alias, other.alias)),
    tableOf: (alias) => tables.get(alias) ?? '',
    filtersOf: (alias) => columnsFiltered(plan, alias),
    groups: groupEqual(all),
    references,
  };
}

function sidesOf(plan: Plan, node: PlanNode): [Set<string>, Set<string>] {
  const place = plan.nodes.indexOf(node);
  const children = plan.nodes.filter(({ parent }) => parent === place);
  if (node.relation !== null) {
    const { alias } = node.relation;
    const own = plan.nodes
      .filter((each) => each === node || isBelow(plan, each, node))
      .flatMap((each) => each.columns.equalities);
    const steering = own.flat().filter((column) => column.alias !== alias);
    return [new Set([alias]), new Set(steering.map((column) => column.alias))];
  }
  const [first, second] = children.map((child) => aliasesBelow(plan, child));
  return [first ?? new Set(), second ?? new Set()];
}

function isBelow(plan: Plan, node: PlanNode, above: PlanNode): boolean {
  for (let at = node.parent; at !== null; at = plan.nodes[at]?.parent ?? null) if (plan.nodes[at] === above) return true;
  return false;
}

function aliasesBelow(plan: Plan, top: PlanNode): Set<string> {
  const nodes = plan.nodes.filter((node) => node === top || isBelow(plan, node, top));
  return new Set(nodes.flatMap(({ relation }) => (relation === null ? [] : [relation.alias])));
}

function isAcross(left: ReadonlySet<string>, right: ReadonlySet<string>, one: string, other: string): boolean {
  return (left.has(one) && right.has(other)) || (left.has(other) && right.has(one));
}

function columnsFiltered(plan: Plan, alias: string): string[] {
  const columns = plan.nodes.flatMap((node) => node.columns.filters).filter((column) => column.alias === alias);
  return [...new Set(columns.map(({ column }) => column))];
}

/** Columns of the relation in any condition. */
function columnsOf(plan: Plan, alias: string): string[] {
  const joined = plan.nodes.flatMap((node) => node.columns.equalities.flat());
  return [...columnsFiltered(plan, alias), ...joined.filter((each) => each.alias === alias).map(({ column }) => column)];
}

function groupEqual(equalities: Shape['equalities']): NamedColumn[][] {
  const groups: NamedColumn[][] = [];
  const isSame = (one: NamedColumn) => (other: NamedColumn) => one.alias === other.alias && one.column === other.column;
  for (const pair of equalities) {
    const touched = groups.filter((group) => pair.some((column) => group.some(isSame(column))));
    const merged = [...touched.flat(), ...pair].filter((column, at, list) => list.findIndex(isSame(column)) === at);
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

function listMarginals(shape: Shape): MissedMarginal[] {
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

function nameColumn({ alias, column }: NamedColumn): string {
  return `${alias}.${column}`;
}
