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
  const counted = plans.map((plan) => ({ plan, values: new ValueCounts(plan) }));
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
  const withDistinct = marginals.map((marginal) => {
    const found = counted.find(({ plan }) => isWithin(plan, marginal));
    return found === undefined ? marginal : addDistinct(marginal, found.values.byBin);
  });
  return [...withDistinct, ...counted.map(({ plan, values }) => releaseRepeats(plan, values.byRepeat()))];
}

function isWithin({ table, within }: RepeatPlan, marginal: Marginal): boolean {
  const [axis] = marginal.axes;
  if (within === null || axis === undefined || marginal.table !== table || axis.kind !== within.kind) return false;
  return !('of' in axis && 'of' in within && axis.of !== within.of) && 'column' in axis && axis.column === columnOf(within);
}

function columnOf(axis: Axis): string | null {
  return 'column' in axis ? axis.column : null;
}

/** What the statement of one column gave. */
class ValueCounts {
  /** Different values by bin of level 0. */
  readonly byBin = new Map<number, number>();
  private readonly cells = new Map<number, { count: number; rows: number; map: Uint32Array | null }>();
  private readonly plan: RepeatPlan;

  constructor(plan: RepeatPlan) {
    this.plan = plan;
  }

  add(row: Int32Array): void {
    const [code = 0, repeats = 0, values = 0] = row;
    const bin = this.plan.within === null ? Number.NaN : binOfCode(this.plan.within, code);
    if (!Number.isNaN(bin)) this.byBin.set(bin, (this.byBin.get(bin) ?? 0) + values);
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

  /** Values by how often they occur; behind them stand the units of their rows. */
  byRepeat(): FineCell[] {
    return [...this.cells].map(([bin, { count, rows, map }]) => ({ bin, count, units: map ?? rows }));
  }
}

/** A cell has few bins, so there is no bound on their number beside k. */
function releaseRepeats({ table, axis, k }: RepeatPlan, cells: readonly FineCell[]): Marginal {
  const folded = foldCells(cells, binningOf(axis), { k, maxCells: Number.POSITIVE_INFINITY });
  return { table, axes: [axis], ...folded, cost: { rho: costOfMarginal() } };
}

/** Values go where the rows of their bin went. Left out where each cell has one value: there is nothing to tell. */
function addDistinct(marginal: Marginal, byBin: ReadonlyMap<number, number>): Marginal {
  const [axis] = marginal.axes;
  if (axis === undefined || marginal.cells.length === 0) return marginal;
  const distinct = new Array<number>(marginal.cells.length).fill(0);
  const placeOf = placeOfBin(binningOf(axis), marginal);
  for (const [bin, values] of byBin) {
    const place = placeOf(bin);
    if (place !== null) distinct[place] = (distinct[place] ?? 0) + values;
  }
  return distinct.every((values) => values === 1) ? marginal : { ...marginal, distinct };
}
