// The pack's pairs as the spec's axes and marginals: each axis once by name, labels by their place in the spec's own columns, and only
// single classes. What names a column or a reference that the spec does not have is left out.
import { findAxisFault, tableOfAxis } from '../axis-fault.ts';
import { type MovedAxis, moveCounts, moveLabels, nameOfLabel, namesOfLabels } from '../move-labels.ts';
import { namedRecord } from '../named-record.ts';
import type { PairMarginal } from '../pack.ts';
import { classCount, namePairAxis, type PairAxis } from '../pair-axis.ts';
import { writeCells } from '../pair-cells.ts';
import type { SpecMarginal, TableSpec } from '../spec.ts';
import { classMargins } from './class-margins.ts';
import { joinedTimesChance } from './joined-rows.ts';
import { axisOf, type PackIndex } from './pack-index.ts';
import { because, formatShare } from './reason.ts';
import { spreadCells } from './spread-cells.ts';
import { strictOrder } from './strict-order.ts';

type Tables = Readonly<Record<string, TableSpec>>;

/** The tables with the marginals of the pack's pairs; a table without any stays as it is. */
export function calibrateMarginals(index: PackIndex, tables: Tables): Record<string, TableSpec> {
  return namedRecord(
    Object.entries(tables).map(([key, table]): [string, TableSpec] => {
      const names = new AxisNames();
      const marginals = index.pack.pairs.marginals
        .filter((pair) => pair.table === key)
        .flatMap((pair) => specOf(index, pair, tables, names) ?? []);
      return [key, marginals.length === 0 ? table : { ...table, axes: namedRecord(names.axes), marginals }];
    }),
  );
}

/** The names of a table's axes: two of one name (the same column cut in two ways) get numbers. */
class AxisNames {
  readonly axes = new Map<string, PairAxis>();
  private readonly known = new Map<string, string>();

  nameOf(axis: PairAxis): string {
    const content = JSON.stringify(axis);
    const before = this.known.get(content);
    if (before !== undefined) return before;
    const plain = namePairAxis(axis);
    let name = plain;
    for (let number = 2; this.axes.has(name); number += 1) name = `${plain} #${number}`;
    this.axes.set(name, axis);
    this.known.set(content, name);
    return name;
  }
}

function specOf(index: PackIndex, pair: PairMarginal, tables: Tables, names: AxisNames): SpecMarginal | null {
  const moved = pair.axes.flatMap((axis) => specAxis(index, pair.table, axis, tables) ?? []);
  if (moved.length < pair.axes.length || !pair.cells.every((cell) => isInside(cell, pair.axes))) return null;
  const axes = moved.map(({ axis }) => axis);
  const margins = pair.axes.map((axis) => classMargins(index, pair, axis));
  const cells = writeCells(moveCounts(spreadCells(pair.axes, pair.cells, margins), moved), axes);
  if (cells === '') return null;
  const ascending = strictOrder(pair.axes, pair.cells);
  const joined = joinedTimesChance(index, pair, tables);
  return {
    axes: axes.map((axis) => names.nameOf(axis)),
    cells,
    other: pair.other,
    ...(ascending === null ? {} : { ascending }),
    ...(joined === null ? {} : { joinedTimesChance: joined }),
    ...because(describe(pair), describeJoined(pair)),
  };
}

/** The axis with the positions of the spec's labels; null where the spec has not what it names. */
function specAxis(index: PackIndex, key: string, axis: PairAxis, tables: Tables): MovedAxis | null {
  const moved = axis.kind === 'category' ? moveToSpec(index, key, axis, tables) : { axis, classes: null };
  return moved === null || findAxisFault(moved.axis, key, tables) !== null ? null : moved;
}

function moveToSpec(index: PackIndex, key: string, axis: PairAxis & { kind: 'category' }, tables: Tables): MovedAxis | null {
  const owner = tableOfAxis(axis, key);
  const column = tables[owner]?.columns[axis.column];
  const marginal = index.marginals.get(JSON.stringify([owner, 'category', axis.column]));
  const labels = marginal === undefined ? undefined : axisOf(marginal, 'category')?.labels;
  return moveLabels(axis, labels?.map(nameOfLabel) ?? null, column === undefined ? null : namesOfLabels(column));
}

/** A pack from outside may name classes that its axes do not have. */
function isInside([, ...rest]: readonly number[], axes: readonly PairAxis[]): boolean {
  return axes.every((axis, at) => {
    const value = rest[at] ?? -1;
    return value >= 0 && value < classCount(axis);
  });
}

function describe({ axes, information, why }: PairMarginal): string {
  return axes.length === 1 ? why : `${why}, ${information / 1000} bits`;
}

function describeJoined({ cells, total }: PairMarginal): string | null {
  const joined = cells.reduce((sum, cell) => sum + ((cell[0] ?? 0) > 0 ? (cell.at(-1) ?? 0) : 0), 0);
  return joined === 0 || total === 0 ? null : `${formatShare(joined / total)} of the rows were counted in joined classes`;
}
