// The mixer of mixer.ts on lanes: four words at a time.
import { add4, type Lanes, mul4, type Step, shr4, splatI, wordOf, xorV } from '../../core/vector/code.ts';
import type { LanesVariable } from '../../core/vector/program.ts';

/** The words of four counters, which stand in `word`, under a key in two words. */
export function mixFour(word: LanesVariable, first: Lanes, second: Lanes): Step[] {
  const fold = (bits: number) => word.set(xorV(word, shr4(word, bits)));
  const times = (factor: number) => word.set(mul4(word, splatI(wordOf(factor))));
  return [
    word.set(xorV(word, first)),
    fold(16),
    times(0x21f0aaad),
    fold(15),
    times(0x735a2d97),
    fold(15),
    word.set(add4(word, second)),
    fold(16),
    times(0x85ebca6b),
    fold(13),
    times(0xc2b2ae35),
    fold(16),
  ];
}
