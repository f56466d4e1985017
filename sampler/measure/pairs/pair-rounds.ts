// Rounds: what was measured and not chosen is predicted from what is, and the pairs that are furthest off are chosen as well, until
// nothing is far off or the pack is full. Looks at released counts only, so the choice tells nothing that the cells do not.
// Measured elsewhere: all pairs that tell much are worse than a tree with rounds, because they tell the same thing many times over.
import type { PairMarginal } from '../../../spec/pack.ts';
import type { Via } from '../../../spec/pair-axis.ts';
import type { PairLimits } from './choose-pairs.ts';
import { PairGraph } from './pair-graph.ts';
import { misfitOf } from './pair-misfit.ts';

/** Of the rows in wrong cells beyond chance: less is not worth its cells. */
const MIN_MISFIT = 0.03;
/** In one round, of one table: more would be chosen before they know of each other. */
const PER_ROUND = 2;
const MAX_ROUNDS = 40;

/** The pairs to add to `chosen`, each with the reason `round`, worst first. Pure. */
export function choosePairRounds(
  measured: readonly PairMarginal[],
  chosen: readonly PairMarginal[],
  limits: PairLimits,
): PairMarginal[] {
  const tables = [...new Set(measured.map(({ table }) => table))].map((table) => new TableRounds(table, measured, chosen));
  const added: PairMarginal[] = [];
  let room = limits.cells - chosen.reduce((sum, { cells }) => sum + cells.length, 0);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = added.length;
    const worst = tables.flatMap((table) => table.worst([...chosen, ...added], limits.perTable));
    for (const { pair, table } of worst.sort((left, right) => right.weight - left.weight)) {
      if (pair.cells.length > room) continue;
      room -= pair.cells.length;
      table.take(pair);
      added.push(pair);
      for (const other of tables) other.isChanged ||= other.sees(pair.table);
    }
    if (added.length === before) break;
  }
  return added.map((pair) => ({ ...pair, why: 'round' }));
}

interface Worst {
  readonly table: TableRounds;
  readonly pair: PairMarginal;
  readonly weight: number;
}

/** What is left of one table. */
class TableRounds {
  isChanged = true;
  private readonly name: string;
  private readonly vias: readonly Via[];
  private left: PairMarginal[];
  private known: Worst[] = [];

  constructor(name: string, measured: readonly PairMarginal[], chosen: readonly PairMarginal[]) {
    this.name = name;
    const own = measured.filter(({ table }) => table === name);
    this.left = own.filter((pair) => pair.axes.length === 2 && !chosen.includes(pair));
    const vias = own.flatMap(({ axes }) => axes.flatMap((axis) => ('via' in axis ? (axis.via ?? []) : [])));
    this.vias = [...new Map(vias.map((via) => [JSON.stringify(via), via])).values()];
  }

  /** Whether pairs of the table say something here: its own, and those of its parents. */
  sees(table: string): boolean {
    return table === this.name || this.vias.some(({ references }) => references === table);
  }

  take(pair: PairMarginal): void {
    this.left = this.left.filter((other) => other !== pair);
  }

  /** The pairs that the chosen ones predict worst. Looked at again only after a change. */
  worst(chosen: readonly PairMarginal[], perTable: number): Worst[] {
    const room = perTable - chosen.filter(({ table }) => table === this.name).length;
    if (room <= 0 || this.left.length === 0) return [];
    if (this.isChanged) this.known = this.compare(chosen);
    this.isChanged = false;
    return this.known.filter(({ pair }) => this.left.includes(pair)).slice(0, Math.min(room, PER_ROUND));
  }

  private compare(chosen: readonly PairMarginal[]): Worst[] {
    const graph = new PairGraph();
    for (const pair of chosen) {
      if (pair.table === this.name) graph.add(pair, null);
      for (const via of this.vias) if (via.references === pair.table) graph.add(pair, via);
    }
    const found = this.left.flatMap((pair): Worst[] => {
      const [first, second] = pair.axes;
      if (first === undefined || second === undefined) return [];
      const misfit = misfitOf(pair, graph.predict(first, second));
      // A large table is worth more cells, though not in proportion.
      return misfit < MIN_MISFIT ? [] : [{ table: this, pair, weight: misfit * Math.log2(1 + pair.total) }];
    });
    return found.sort((left, right) => right.weight - left.weight);
  }
}
