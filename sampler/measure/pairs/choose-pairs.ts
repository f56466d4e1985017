// Which of the measured pairs go into the pack: flags, sibling degrees and lags always; of the rest what depends on each other beyond
// chance, a tree over the columns of a row and for each column its closest columns of each parent; then rounds of what these do
// not give away. Looks at folded counts only, so the choice tells nothing that the cells do not.
import type { PackPairs, PairMarginal } from '../../../spec/pack.ts';
import { namePairAxis, type PairAxis } from '../../../spec/pair-axis.ts';
import { ORDER } from './candidates.ts';
import { choosePairRounds, type PairLimits } from './pair-rounds.ts';

export type PairRule = PackPairs['rule'];

/** About 15 bytes a cell. */
export const TREE_LIMITS: PairLimits = { perTable: 60, cells: 20_000 };
/** With the rounds. */
export const ROUND_LIMITS: PairLimits = { perTable: 80, cells: 30_000 };
export const ALL_LIMITS: PairLimits = { perTable: 400, cells: 150_000 };
/** Thousandths of a bit above chance: less is not worth its cells. */
const MIN_INFORMATION = 5;
const PARENT_AXES_PER_COLUMN = 2;

/** The pairs to publish, in the order of tables and of `measured`. Pure. */
export function choosePairs(measured: readonly PairMarginal[], rule: PairRule, wanted: readonly PairMarginal[]): PairMarginal[] {
  const informed = measured.filter((pair) => pair.cells.length > 0);
  if (rule === 'none') return [];
  if (rule === 'policy') return informed.filter((pair) => wanted.includes(pair)).map((pair) => ({ ...pair, why: 'policy' }));
  const open = informed.filter((pair) => !isGiven(pair));
  const told = open.filter((pair) => ALWAYS.has(pair.why) || pair.information >= MIN_INFORMATION);
  if (rule === 'all') return withinLimits(told, ALL_LIMITS);
  const tree = new Set(tables(told).flatMap((table) => spanningTree(told.filter((pair) => pair.table === table))));
  const closest = new Set(closestParents(told));
  const isKept = (pair: PairMarginal) =>
    pair.why === 'tree' ? tree.has(pair) : pair.why === 'parent' ? closest.has(pair) : pair.why !== 'round';
  const first = withinLimits(told.filter(isKept), TREE_LIMITS);
  return inOrderOf(informed, [...first, ...choosePairRounds(open, first, informed.filter(isGiven), ROUND_LIMITS)]);
}

const ALWAYS = new Set<PairMarginal['why']>(['flag', 'siblings', 'lag']);

/** Whether a row has a parent beside what the parent is like: the one follows from the other. */
function isGiven({ axes }: PairMarginal): boolean {
  return axes.some(
    (key) =>
      key.kind === 'presence' &&
      key.via === undefined &&
      axes.some((axis) => 'via' in axis && axis.via?.columns.includes(key.column) === true),
  );
}

function tables(pairs: readonly PairMarginal[]): string[] {
  return [...new Set(pairs.map(({ table }) => table))];
}

/** Chow and Liu 1968: the tree with the most information is the best one for the whole row. Kruskal's way. */
function spanningTree(pairs: readonly PairMarginal[]): PairMarginal[] {
  const groups = new Map<string, string>();
  const rootOf = (node: string): string => {
    const above = groups.get(node);
    return above === undefined ? node : rootOf(above);
  };
  return byInformation(pairs.filter(({ why }) => why === 'tree')).filter(({ axes: [one, two] }) => {
    if (one === undefined || two === undefined) return false;
    const [left, right] = [rootOf(namePairAxis(one)), rootOf(namePairAxis(two))];
    if (left !== right) groups.set(left, right);
    return left !== right;
  });
}

/** Of the columns of one parent the closest ones to each own column: the others mostly follow from them. */
function closestParents(pairs: readonly PairMarginal[]): PairMarginal[] {
  const taken = new Map<string, number>();
  return byInformation(pairs.filter(({ why }) => why === 'parent')).filter(({ table, axes }) => {
    const key = JSON.stringify([table, ...axes.map((axis) => viaText(axis) ?? namePairAxis(axis))]);
    const before = taken.get(key) ?? 0;
    taken.set(key, before + 1);
    return before < PARENT_AXES_PER_COLUMN;
  });
}

function inOrderOf(measured: readonly PairMarginal[], chosen: readonly PairMarginal[]): PairMarginal[] {
  const placeOf = ({ table, axes }: PairMarginal) => JSON.stringify([table, axes]);
  const places = new Map(measured.map((pair, at) => [placeOf(pair), at]));
  return [...chosen].sort((left, right) => (places.get(placeOf(left)) ?? 0) - (places.get(placeOf(right)) ?? 0));
}

function viaText(axis: PairAxis): string | null {
  return 'via' in axis && axis.via !== undefined ? JSON.stringify(axis.via) : null;
}

/** The most wanted kinds first, within a kind what tells most, as long as there is room. */
function withinLimits(pairs: readonly PairMarginal[], { perTable, cells }: PairLimits): PairMarginal[] {
  const perTableTaken = new Map<string, number>();
  let room = cells;
  const kept = byInformation(pairs)
    .sort((left, right) => ORDER.indexOf(left.why) - ORDER.indexOf(right.why))
    .filter((pair) => {
      const taken = perTableTaken.get(pair.table) ?? 0;
      if (taken >= perTable || pair.cells.length > room) return false;
      perTableTaken.set(pair.table, taken + 1);
      room -= pair.cells.length;
      return true;
    });
  return pairs.filter((pair) => kept.includes(pair));
}

function byInformation(pairs: readonly PairMarginal[]): PairMarginal[] {
  return [...pairs].sort((left, right) => right.information - left.information);
}
