// What swaps are for, and how turns are shared among such goals: those that have paid lately get more of them.
import type { CountedMarginal, PlainView } from './counted-marginal.ts';
import type { CountedProduct } from './counted-product.ts';

const TURNS = 2000;
const EVEN_SHARE = 0.3;

/** A marginal in the eyes of one variable. */
export interface Affected {
  readonly marginal: CountedMarginal;
  /** Null where the change has no closed formula. */
  readonly view: PlainView | null;
}

/** A marginal and which of its axes a swap of the variable is to change. */
export interface Aim {
  readonly marginal: CountedMarginal;
  readonly axis: number;
  readonly isFirst: boolean;
}

/** A variable with what its swaps change. */
export interface Movable {
  readonly variable: number;
  readonly axes: readonly number[];
  readonly affected: readonly Affected[];
  readonly products: readonly CountedProduct[];
  readonly hasGeneral: boolean;
  readonly aims: readonly Aim[];
}

/** What a swap can be for, and whether such swaps have paid lately. */
export class Goal {
  readonly movable: Movable;
  readonly aim: Aim | null;
  private tries = 0;
  private gain = 0;

  constructor(movable: Movable, aim: Aim | null) {
    this.movable = movable;
    this.aim = aim;
  }

  /** One try, and what it gained. */
  add(gain: number): void {
    this.tries += 1;
    this.gain += gain;
  }

  /** Gain for each try since the last time it was asked; null when nothing was tried. */
  takeYield(): number | null {
    const found = this.tries === 0 ? null : this.gain / this.tries;
    this.tries = 0;
    this.gain = 0;
    return found;
  }
}

/** Turns in proportion to what goals have yielded; a part of them is shared evenly, so that none is forgotten. */
export function shareTurns(goals: readonly Goal[]): Goal[] {
  const yields = goals.map((goal) => goal.takeYield());
  const sum = yields.reduce<number>((total, each) => total + (each ?? 0), 0);
  const even = Math.ceil((TURNS * EVEN_SHARE) / goals.length);
  return goals.flatMap((goal, at) => {
    const earned = sum > 0 ? Math.round((TURNS * (yields[at] ?? 0)) / sum) : 0;
    return new Array<Goal>(even + earned).fill(goal);
  });
}
