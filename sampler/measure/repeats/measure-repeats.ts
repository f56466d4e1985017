// From counted values to the pack: how many values occur so many times (folded as every marginal is), and how many different values
// each released cell of the column's own marginal has.
import { type Axis, binningOf } from '../../../spec/axis.ts';
import type { Marginal } from '../../../spec/pack.ts';
import { binOf } from '../../../stats/binning.ts';
import { costOfMarginal } from '../../protect/budget.ts';
import { type FineCell, foldCells } from '../../protect/fold.ts';
import { placeOfBin } from '../../protect/place-of-bin.ts';
import type { Task } from '../../run-passes.ts';
import { copyOut } from '../copy-out.ts';
import { BITMAP_WORDS } from '../counters.ts';
import { binOfCode } from '../fine-cells.ts';
import { REPEAT_FIELDS, type RepeatPlan } from './plan-repeats.ts';

/** Runs the statements; returns the marginals with `distinct`, and those of the repeats behind them. Throws QUERY_FAILED, INTERRUPTED. */
export async function measureRepeats(
  plans: readonly RepeatPlan[],
  marginals: readonly Marginal[],
  run: (tasks: readonly Task[]) => Promise<void>,
): Promise<Marginal[]> {
  const counted = plans.map((plan) => ({
    plan,
    values: new ValueCounts(
      plan,
      marginals.find((marginal) => isWithin(plan, marginal)),
    ),
  }));
  await run(
    counted.map(({ plan, values }) => ({
      pages: plan.pages,
      run: (client) =>
        copyOut(
          client,
          plan.sql,
          REPEAT_FIELDS + (plan.hasBucket ? BITMAP_WORDS : 0),
          (row) => values.add(row),
          `counting the values of ${plan.table}`,
        ),
    })),
  );
  const shown = counted.filter(({ plan }) => !hidesLabels(plan, marginals));
  const withDistinct = marginals.map((marginal) => {
    const found = shown.find(({ plan }) => isWithin(plan, marginal));
    return found === undefined ? marginal : addDistinct(marginal, found.values.distinct());
  });
  const repeats = shown.map(({ plan, values }) => releaseRepeats(plan, values.byRepeat()));
  return [...withDistinct, ...repeats.filter(({ cells }) => cells.length > 0)];
}

function isWithin({ table, within }: RepeatPlan, marginal: Marginal): boolean {
  const [axis] = marginal.axes;
  if (within === null || axis === undefined || marginal.table !== table || axis.kind !== within.kind) return false;
  return !('of' in axis && 'of' in within && axis.of !== within.of) && 'column' in axis && axis.column === columnOf(within);
}

function columnOf(axis: Axis): string | null {
  return 'column' in axis ? axis.column : null;
}

/** Labels that were too few to be seen beside the others: that there are more values than labels would show them. */
function hidesLabels({ table, axis, k }: RepeatPlan, marginals: readonly Marginal[]): boolean {
  if (k <= 1) return false;
  return marginals.some(
    ({ table: name, axes: [own], cells, other }) =>
      name === table && own?.kind === 'category' && own.column === axis.column && cells.length > 0 && other === 0,
  );
}

/**
 * What the statement of one column gave. Values of bins that were too small to be seen, even together, are not counted: their rows are in a
 * neighbour's count, and a number of values would take them out of it again.
 */
class ValueCounts {
  /** Different values in each cell of the column's marginal. */
  private readonly inCells: number[];
  private readonly cells = new Map<number, { count: number; rows: number; map: Uint32Array | null }>();
  private readonly plan: RepeatPlan;
  private readonly placeOf: ((bin: number) => number | null) | null;
  private readonly isRestSeen: boolean;

  constructor(plan: RepeatPlan, marginal: Marginal | undefined) {
    this.plan = plan;
    this.inCells = new Array<number>(marginal?.cells.length ?? 0).fill(0);
    this.placeOf = plan.within === null || marginal === undefined ? null : placeOfBin(binningOf(plan.within), marginal.cells);
    this.isRestSeen = plan.within === null || (marginal !== undefined && marginal.other > 0);
  }

  add(row: Int32Array): void {
    const [code = 0, repeats = 0, values = 0] = row;
    const place = this.placeOfCode(code);
    if (place !== null) this.inCells[place] = (this.inCells[place] ?? 0) + values;
    else if (!this.isRestSeen) return;
    const repeatBin = binOf(binningOf(this.plan.axis), 0, repeats);
    const cell = this.cells.get(repeatBin) ?? {
      count: 0,
      rows: 0,
      map: this.plan.hasBucket ? new Uint32Array(BITMAP_WORDS) : null,
    };
    this.cells.set(repeatBin, cell);
    cell.count += values;
    cell.rows += values * repeats;
    if (cell.map === null) return;
    for (let word = 0; word < BITMAP_WORDS; word += 1) {
      cell.map[word] = (cell.map[word] ?? 0) | (row[REPEAT_FIELDS + word] ?? 0);
    }
  }

  distinct(): readonly number[] {
    return this.inCells;
  }

  /** Values by how often they occur; behind them stand the units of their rows. */
  byRepeat(): FineCell[] {
    return [...this.cells].map(([bin, { count, rows, map }]) => ({ bin, count, units: map ?? rows }));
  }

  private placeOfCode(code: number): number | null {
    if (this.plan.within === null || this.placeOf === null) return null;
    const bin = binOfCode(this.plan.within, code);
    return Number.isNaN(bin) ? null : this.placeOf(bin);
  }
}

/** The cells are few, so there is no bound on their number beside k. */
function releaseRepeats({ table, axis, k }: RepeatPlan, cells: readonly FineCell[]): Marginal {
  const folded = foldCells(cells, binningOf(axis), { k, maxCells: Number.POSITIVE_INFINITY, dropsRemainder: true });
  return { table, axes: [axis], ...folded, cost: { rho: costOfMarginal() } };
}

/** Left out where each cell has one value: there is nothing to tell. */
function addDistinct(marginal: Marginal, distinct: readonly number[]): Marginal {
  return distinct.every((values) => values === 1) ? marginal : { ...marginal, distinct: [...distinct] };
}
