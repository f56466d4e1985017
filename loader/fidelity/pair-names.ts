// The marginals that a miss may come from: axes told by column and key, named for people, and looked up in a comparison of packs.
// What a pack's axis is cut into does not matter here, so that a number, a time or a category of the same column are one axis.
import type { MarginalComparison } from '../../spec/compare/comparison.ts';

/** The child's key, as packs name it. */
interface Key {
  readonly child: string;
  readonly columns: readonly string[];
}

export type MissedAxis =
  /** A column of the counted row; `via`: of the row that its own key leads to; `ofChild`: of its children. */
  | {
      readonly kind: 'column';
      readonly table: string;
      readonly column: string;
      readonly via?: readonly string[];
      readonly ofChild?: Key;
    }
  | ({ readonly kind: 'degree' } & Key)
  | { readonly kind: 'heap'; readonly table: string };

export interface MissedMarginal {
  /** The counted rows. */
  readonly table: string;
  readonly axes: readonly MissedAxis[];
}

/** `posts.score x users.reputation`, `users.reputation x degree of posts.owneruserid`: columns first. Schema `public` is left out. */
export function nameMarginal({ axes }: MissedMarginal): string {
  const names = axes.map((axis) => ({ name: nameAxis(axis), isColumn: axis.kind === 'column' }));
  const sorted = names.sort(
    (left, right) => Number(right.isColumn) - Number(left.isColumn) || left.name.localeCompare(right.name),
  );
  return sorted.map(({ name }) => name).join(' x ');
}

function nameAxis(axis: MissedAxis): string {
  switch (axis.kind) {
    case 'degree':
      return `degree of ${shorten(axis.child)}.${axis.columns.join(',')}`;
    case 'heap':
      return `heap of ${shorten(axis.table)}`;
    case 'column': {
      const name = `${shorten(axis.table)}.${axis.column}`;
      return axis.via === undefined ? name : `${name} (by ${axis.via.join(',')})`;
    }
  }
}

function shorten(table: string): string {
  return table.replace(/^public\./, '');
}

export interface FoundMarginal {
  readonly state: 'lacking' | 'held' | 'unknown';
  /** Total variation between production and copy, where the pack has it. */
  readonly residual: number | null;
  readonly floor: number | null;
}

/** Whether the packs have the marginal, and how far apart they are on it; the furthest of several forms. `compared` null: no pack. */
export function findMarginal(marginal: MissedMarginal, compared: readonly MarginalComparison[] | null): FoundMarginal {
  if (compared === null) return { state: 'unknown', residual: null, floor: null };
  const names = marginal.axes.map(axisPattern);
  const orders = [names, [...names].reverse()].map((order) => order.join(' x '));
  const pattern = new RegExp(`^(?:${orders.join('|')})$`);
  const found = compared.filter(({ table, axis }) => table === marginal.table && pattern.test(axis));
  const [furthest] = [...found].sort((left, right) => right.totalVariation - left.totalVariation);
  if (furthest === undefined) return { state: 'lacking', residual: null, floor: null };
  return { state: 'held', residual: furthest.totalVariation, floor: furthest.floor };
}

/** As spec/pair-axis.ts and spec/compare name axes. */
function axisPattern(axis: MissedAxis): string {
  switch (axis.kind) {
    case 'degree':
      return escapePattern(`degree(${axis.child}.${axis.columns.join(',')})`);
    case 'heap':
      return 'heap';
    case 'column': {
      const own = `(?:presence|number|length|keys|time|category)\\(${escapePattern(axis.column)}\\)`;
      if (axis.via !== undefined) return `${escapePattern(`${axis.via.join(',')} -> `)}${own}`;
      if (axis.ofChild === undefined) return own;
      return `${escapePattern(`${axis.ofChild.child}.${axis.ofChild.columns.join(',')} <- `)}${own}`;
    }
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
