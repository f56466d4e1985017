// An order by chance: Fisher and Yates, as Durstenfeld wrote it (1964).
import type { DrawBelow } from './population.ts';

/** Puts the values in another order, in their place. */
export function shuffle(values: Int32Array, draw: DrawBelow): void {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = draw(at + 1);
    const value = values[at] as number;
    values[at] = values[other] as number;
    values[other] = value;
  }
}

/** 0 to size - 1. */
export function shuffled(size: number, draw: DrawBelow): Int32Array {
  const values = Int32Array.from({ length: size }, (_, at) => at);
  shuffle(values, draw);
  return values;
}
