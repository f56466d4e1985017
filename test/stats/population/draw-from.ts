// Uniform whole numbers for tests, the same for a seed.
import seedrandom from 'seedrandom';
import type { DrawBelow } from '../../../stats/population/population.ts';

/** The draws of a seed. */
export function drawFrom(seed: number): DrawBelow {
  const stream = seedrandom.alea(String(seed));
  return (below) => Math.floor(stream() * below);
}
