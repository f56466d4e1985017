// Why a query's rows are off: the lowest nodes at which they part by more than 2x, and the marginals that would carry what the node
// computes, by the shape of its condition. Pure.
import type { Comparison } from '../../spec/compare.ts';
import type { NamedColumn } from './condition-columns.ts';
import type { Reference } from './list-references.ts';
import { listMarginals } from './missed-marginals.ts';
import { findMarginal, type MissedMarginal, nameMarginal } from './pair-names.ts';
import { columnsOf, isBelow, readShape } from './plan-shape.ts';
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

function nameColumn({ alias, column }: NamedColumn): string {
  return `${alias}.${column}`;
}
