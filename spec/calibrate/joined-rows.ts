// The size of the join of two kinds of children, from what the pack tells of the parents whose degrees no cell shows and from the cells of
// all others: as a multiple of what chance would give, because that stays the same where a copy has more rows.
import { closedCells, hasHidden, type OwnDegree, twoDegrees } from '../joined-rows.ts';
import type { PairMarginal } from '../pack.ts';
import { FIRST_CLASS } from '../pair-axis.ts';
import { middleOfPairs } from '../sibling-pairs.ts';
import type { TableSpec } from '../spec.ts';
import { binsOf } from './fit-or-bins.ts';
import type { PackIndex } from './pack-index.ts';

const DIGITS = 1e4;

/**
 * Null where the pack does not tell it, or the tables have no rows that join. Chance, 1, where no cell says anything: of few very large
 * parents a draw would be far from it.
 */
export function joinedTimesChance(
  index: PackIndex,
  pair: PairMarginal,
  tables: Readonly<Record<string, TableSpec>>,
): number | null {
  const axes = twoDegrees(pair.axes);
  if (axes === null) return null;
  const [one, two] = axes.map((axis) => childrenOf(index, pair.table, axis, tables)) as [number, number];
  const chance = (one * two) / Math.max(1, pair.total);
  const rows = rowsOf(index, pair, axes, chance);
  return rows === null || !(chance > 0) ? null : Math.round((rows / chance) * DIGITS) / DIGITS;
}

/** Rows of the join; null where they are not known. */
function rowsOf(index: PackIndex, pair: PairMarginal, axes: readonly [OwnDegree, OwnDegree], chance: number): number | null {
  const shown = rowsOfCells(index, pair, axes);
  if (pair.joinedRows !== undefined) return middleOfPairs(pair.joinedRows) + shown;
  if (!hasHidden(pair, axes)) return shown;
  return pair.cells.some(([level]) => level === 0) ? null : chance;
}

/** Rows whose key leads somewhere; 0 of a reference that the spec does not have. */
function childrenOf(
  { tables: counted }: PackIndex,
  parent: string,
  { child, columns }: OwnDegree,
  tables: Readonly<Record<string, TableSpec>>,
): number {
  const references = Object.values(tables[child]?.references ?? {});
  const own = references.find((each) => each.table === parent && String(each.columns) === String(columns));
  return own === undefined ? 0 : (counted.get(child)?.rows ?? 0) * (1 - own.nullFraction);
}

/** Of the parents whose degrees a cell shows. */
function rowsOfCells(index: PackIndex, { cells, table }: PairMarginal, axes: readonly [OwnDegree, OwnDegree]): number {
  const closed = closedCells(axes, cells);
  const [ones, twos] = axes.map((axis) => meansOf(index, table, axis)) as [Float64Array, Float64Array];
  return cells.reduce((sum, [level, one = 0, two = 0, count = 0]) => {
    const isClosed = level === 0 && closed.has(`${one} ${two}`);
    return isClosed ? sum + count * (ones[one] ?? 0) * (twos[two] ?? 0) : sum;
  }, 0);
}

/** The mean degree in each class: of the released degrees in it, else of its two ends. */
function meansOf({ marginals }: PackIndex, table: string, { child, columns, cuts }: OwnDegree): Float64Array {
  const fine = marginals.get(JSON.stringify([table, 'degree', child, columns]));
  const bins = fine === undefined ? [] : binsOf(fine);
  const means = new Float64Array(FIRST_CLASS + cuts.length + 1);
  for (const [at, to] of cuts.entries()) {
    const from = cuts[at - 1] ?? 0;
    const inside = bins.filter((bin) => bin.from >= from && bin.to <= to);
    const count = inside.reduce((sum, bin) => sum + bin.count, 0);
    const sum = inside.reduce((total, bin) => total + (bin.count * (bin.from + bin.to - 1)) / 2, 0);
    means[FIRST_CLASS + at] = count > 0 ? sum / count : (from + to - 1) / 2;
  }
  return means;
}
