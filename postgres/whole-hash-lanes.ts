// hashint8extended (content-hash.ts) of a column's whole numbers, four rows at a time, into the hashes of their rows.
import {
  add4,
  addI,
  chooseV,
  floorR2,
  isNotR2,
  type Lanes,
  lessI,
  loadV,
  mulR2,
  repeatWhile,
  shrSigned4,
  shuffleV,
  splatI,
  splatR,
  storeV,
  subR2,
  wordOf,
  wordsOf,
  wordsOfSigned,
  xorV,
} from '../core/vector/code.ts';
import { onceInLanes, type VectorReals } from '../core/vector/memory.ts';
import type { Body, VectorFunction } from '../core/vector/program.ts';
import { EVEN_WORDS, FIRST_HALVES, FOUR_REALS, FOUR_WORDS } from '../core/vector/shuffles.ts';
import { finish, makeState } from './hash-lanes.ts';
import { STRIP_ROWS } from './strip-frame.ts';

const TWO_POW_32 = 4294967296;

/** Of the values from `at` to `end`; the hashes of their rows, and of NULL, in two halves; the state after the seed. */
const PARAMETERS = {
  words: ['at', 'end', 'low', 'high', 'startA', 'startB', 'startC', 'nullLow', 'nullHigh'],
  reals: ['factor', 'twoPow', 'twoPowMinus'],
} as const;

const hashBody: Body<typeof PARAMETERS> = (variables, words, reals) => {
  const { at, end, high, low } = words;
  const make = () => variables.lanes();
  const [first, second, firstHigh, secondHigh, upper, lower, isNull] = [make(), make(), make(), make(), make(), make(), make()];
  const state = makeState(variables);
  const [factor, twoPow, twoPowMinus] = [make(), make(), make()];
  const upperOf = (value: Lanes) => floorR2(mulR2(value, twoPowMinus));
  const lowerOf = (value: Lanes, above: Lanes) => wordsOf(subR2(value, mulR2(above, twoPow)));
  // NaN is the only real that is not itself; of the masks of two reals each, one word a row.
  return [
    factor.set(splatR(reals.factor)),
    twoPow.set(splatR(reals.twoPow)),
    twoPowMinus.set(splatR(reals.twoPowMinus)),
    repeatWhile(
      lessI(at, end),
      first.set(mulR2(loadV(at), factor)),
      second.set(mulR2(loadV(at, 16), factor)),
      firstHigh.set(upperOf(first)),
      secondHigh.set(upperOf(second)),
      isNull.set(shuffleV(isNotR2(first, first), isNotR2(second, second), EVEN_WORDS)),
      upper.set(shuffleV(wordsOfSigned(firstHigh), wordsOfSigned(secondHigh), FIRST_HALVES)),
      lower.set(shuffleV(lowerOf(first, firstHigh), lowerOf(second, secondHigh), FIRST_HALVES)),
      // Of a negative number the upper word's bits are turned round.
      lower.set(xorV(lower, xorV(upper, shrSigned4(upper, 31)))),
      state.a.set(add4(splatI(words.startA), lower)),
      state.b.set(splatI(words.startB)),
      state.c.set(splatI(words.startC)),
      ...finish([state]),
      storeV(high, xorV(loadV(high), chooseV(splatI(words.nullHigh), state.b, isNull))),
      storeV(low, xorV(loadV(low), chooseV(splatI(words.nullLow), state.c, isNull))),
      at.set(addI(at, wordOf(FOUR_REALS))),
      ...[low, high].map((address) => address.set(addI(address, wordOf(FOUR_WORDS)))),
    ),
  ];
};

/** Hashes of whole numbers of a strip. */
export class WholeHasher {
  private readonly hash: VectorFunction;
  private readonly values: VectorReals;

  constructor(hash: VectorFunction, values: VectorReals) {
    this.hash = hash;
    this.values = values;
  }

  /** Adds the hashes of the first `count` values times the factor to their rows' hashes, at these addresses. */
  run(
    values: Float64Array,
    count: number,
    factor: number,
    [low, high]: readonly [number, number],
    [startA, startB, startC]: readonly [number, number, number],
    nullHash: { readonly low: number; readonly high: number },
  ): void {
    const { at, view } = this.values;
    view.set(values.subarray(0, count));
    const end = at + 8 * count;
    this.hash(at, end, low, high, startA, startB, startC, nullHash.low, nullHash.high, factor, TWO_POW_32, 1 / TWO_POW_32);
  }
}

/** The thread's; null where lanes are missing. */
export const wholeHasher = onceInLanes(
  (memory) => new WholeHasher(memory.compile(PARAMETERS, hashBody), memory.reals(STRIP_ROWS)),
);
