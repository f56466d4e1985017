// The shape of what a node of a plan computes: which relations stand on either side, what is set equal between them, and what is compared
// with values. Read from the conditions that the plan tells, at any depth below the node.
import type { NamedColumn } from './condition-columns.ts';
import type { Reference } from './list-references.ts';
import type { Plan, PlanNode } from './plan-tree.ts';

export interface Shape {
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

/** What a node computes: its sides, and what is equal or filtered on either. */
export function readShape(plan: Plan, node: PlanNode, references: readonly Reference[]): Shape {
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

/** Whether the node is somewhere under the other. */
export function isBelow(plan: Plan, node: PlanNode, above: PlanNode): boolean {
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
export function columnsOf(plan: Plan, alias: string): string[] {
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
