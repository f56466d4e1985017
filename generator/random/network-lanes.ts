// The network of network.ts on lanes: four values at a time go through its rounds, and those that end outside their domain are walked on.
import {
  add4,
  addR2,
  andV,
  atLeastR2,
  chooseV,
  divR2,
  greater4,
  isAnyV,
  type Lanes,
  mul4,
  mulR2,
  orV,
  productsHigh4,
  productsLow4,
  realsOfSigned,
  repeatWhile,
  type Step,
  shr4,
  shrSigned4,
  shrWide2,
  shuffleV,
  splatI,
  sub4,
  subR2,
  wordOf,
  wordsOfSigned,
  xorV,
} from '../../core/vector/code.ts';
import type { LanesVariable, Variables } from '../../core/vector/program.ts';
import { EVEN_WORDS, FIRST_HALVES, SECOND_HALVES } from '../../core/vector/shuffles.ts';
import { FACTOR_AFTER, FACTOR_BEFORE, FOLD_BITS, KEY_STEPS, ROUNDS, UNUSED_BITS } from './network.ts';

/** The domains of four values, and their keys. */
export interface FourDomains {
  /** Words, and the widths as two reals and two more. */
  readonly width: Lanes;
  readonly height: Lanes;
  readonly widthLow: Lanes;
  readonly widthHigh: Lanes;
  /** Reals. */
  readonly sizeLow: Lanes;
  readonly sizeHigh: Lanes;
  /** Words. */
  readonly first: Lanes;
  readonly second: Lanes;
}

/** Four values as two reals and two more, and which of them are still to go: all bits or none of each. */
export interface FourValues {
  readonly low: LanesVariable;
  readonly high: LanesVariable;
  readonly lowMask: LanesVariable;
  readonly highMask: LanesVariable;
}

/** Sends the values through the network of their domains, or back, until they are inside; the masks are none then. */
export function permuteFour(variables: Variables, values: FourValues, domains: FourDomains, isBack: boolean): Step {
  const { high, highMask, low, lowMask } = values;
  const { sizeHigh, sizeLow, widthHigh, widthLow } = domains;
  const rowsLow = variables.lanes();
  const rowsHigh = variables.lanes();
  const row = variables.lanes();
  const column = variables.lanes();
  const highOf = (words: Lanes) => realsOfSigned(shuffleV(words, words, SECOND_HALVES));
  return repeatWhile(
    isAnyV(orV(lowMask, highMask)),
    rowsLow.set(wordsOfSigned(divR2(low, widthLow))),
    rowsHigh.set(wordsOfSigned(divR2(high, widthHigh))),
    row.set(shuffleV(rowsLow, rowsHigh, FIRST_HALVES)),
    column.set(
      shuffleV(
        wordsOfSigned(subR2(low, mulR2(realsOfSigned(rowsLow), widthLow))),
        wordsOfSigned(subR2(high, mulR2(realsOfSigned(rowsHigh), widthHigh))),
        FIRST_HALVES,
      ),
    ),
    ...passRounds(variables.lanes(), row, column, domains, isBack),
    low.set(chooseV(addR2(mulR2(realsOfSigned(row), widthLow), realsOfSigned(column)), low, lowMask)),
    high.set(chooseV(addR2(mulR2(highOf(row), widthHigh), highOf(column)), high, highMask)),
    lowMask.set(andV(lowMask, atLeastR2(low, sizeLow))),
    highMask.set(andV(highMask, atLeastR2(high, sizeHigh))),
  );
}

function passRounds(
  word: LanesVariable,
  row: LanesVariable,
  column: LanesVariable,
  { first, height, second, width }: FourDomains,
  isBack: boolean,
): Step[] {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  return (isBack ? rounds.reverse() : rounds).flatMap((round) => {
    const [moved, by, side] = round % 2 === 0 ? [column, row, width] : [row, column, height];
    const ownFirst = add4(first, splatI(wordOf(Math.imul(round, KEY_STEPS.first))));
    const ownSecond = xorV(second, splatI(wordOf(Math.imul(round + 1, KEY_STEPS.second))));
    return [
      word.set(mul4(xorV(by, ownFirst), splatI(wordOf(FACTOR_BEFORE)))),
      word.set(mul4(xorV(xorV(word, shr4(word, FOLD_BITS)), ownSecond), splatI(wordOf(FACTOR_AFTER)))),
      word.set(shr4(word, UNUSED_BITS)),
      word.set(moveOf4(word, side)),
      ...(isBack ? moveBack(moved, word, side) : moveOn(moved, word, side)),
    ];
  });
}

/** word * side / 2^24, in whole numbers. */
function moveOf4(word: Lanes, side: Lanes): Lanes {
  const bits = 32 - UNUSED_BITS;
  return shuffleV(shrWide2(productsLow4(word, side), bits), shrWide2(productsHigh4(word, side), bits), EVEN_WORDS);
}

function moveOn(moved: LanesVariable, by: Lanes, side: Lanes): Step[] {
  const last = sub4(side, splatI(wordOf(1)));
  return [moved.set(add4(moved, by)), moved.set(sub4(moved, andV(side, greater4(moved, last))))];
}

function moveBack(moved: LanesVariable, by: Lanes, side: Lanes): Step[] {
  return [moved.set(sub4(moved, by)), moved.set(add4(moved, andV(side, shrSigned4(moved, 31))))];
}
