// Permutations of runs (run-permutation.ts) four values at a time, each of a run of its own: what a run multiplies and adds is worked out anew.
import {
  add4,
  addI,
  andV,
  chooseV,
  greater4,
  isAnyV,
  type Lanes,
  lessI,
  loadV,
  mul4,
  orV,
  productsHigh4,
  productsLow4,
  repeatWhile,
  type Step,
  shr4,
  shuffleV,
  splatI,
  storeV,
  sub4,
  wordOf,
  xorV,
} from '../../core/vector/code.ts';
import { onceInLanes, type VectorWords } from '../../core/vector/memory.ts';
import type { Body, LanesVariable, Variables, VectorFunction } from '../../core/vector/program.ts';
import { FOUR_WORDS, ODD_WORDS } from '../../core/vector/shuffles.ts';
import { BLOCK_ROWS } from '../../spec/plan.ts';
import type { StreamKey } from './mixer.ts';
import { mixFour } from './mixer-lanes.ts';
import { RUN_ROUNDS, type RunList } from './run-list.ts';

/** Signs play no part below. */
const MOST = 2 ** 30;

/**
 * Of the values from `at` to `end`, in their place: their runs and sizes, the bits that a run uses, and 2^32 over the power of two to fold by;
 * the keys of factors and summands.
 */
const PARAMETERS = {
  words: ['at', 'end', 'runs', 'sizes', 'masks', 'folds', 'factorFirst', 'factorSecond', 'summandFirst', 'summandSecond'],
  reals: [],
} as const;

interface Round {
  readonly factor: LanesVariable;
  readonly summand: LanesVariable;
}

/** The rounds of four runs; with `isBack`, factors are the inverses. */
function prepareRounds(variables: Variables, factor: LanesVariable, summand: LanesVariable, rounds: readonly Round[]): Step[] {
  const word = variables.lanes();
  const step = (own: LanesVariable, multiplier: number): Step[] => [
    word.set(mul4(xorV(own, shr4(own, 15)), splatI(wordOf(multiplier)))),
    own.set(xorV(word, shr4(own, 7))),
  ];
  return rounds.flatMap((round) => [
    round.factor.set(orV(andV(factor, splatI(wordOf(~7))), splatI(wordOf(5)))),
    round.summand.set(summand),
    ...step(factor, 0x2c1b3c6d),
    ...step(summand, 0x297a2d39),
  ]);
}

/** Inverses modulo 2^32: three bits are right at the start, and each step of Newton's doubles them. */
function invertFactor(variables: Variables, factor: LanesVariable): Step[] {
  const inverse = variables.lanes();
  const improve = inverse.set(mul4(inverse, sub4(splatI(wordOf(2)), mul4(factor, inverse))));
  return [inverse.set(factor), improve, improve, improve, improve, factor.set(inverse)];
}

/** The word with its upper half of bits over the lower one; this undoes itself. */
const foldOf = (word: Lanes, folds: Lanes): Lanes =>
  xorV(word, shuffleV(productsLow4(word, folds), productsHigh4(word, folds), ODD_WORDS));

const permuteBody =
  (isBack: boolean): Body<typeof PARAMETERS> =>
  (variables, words) => {
    const { at, end, folds, masks, runs, sizes } = words;
    const make = () => variables.lanes();
    const rounds = Array.from({ length: RUN_ROUNDS }, (): Round => ({ factor: make(), summand: make() }));
    const [factor, summand, value, next, isGoing, mask, fold, size] = [
      make(),
      make(),
      make(),
      make(),
      make(),
      make(),
      make(),
      make(),
    ];
    const on = rounds.flatMap((round) => [
      next.set(andV(add4(mul4(next, round.factor), round.summand), mask)),
      next.set(foldOf(next, fold)),
    ]);
    const back = [...rounds]
      .reverse()
      .flatMap((round) => [next.set(foldOf(next, fold)), next.set(andV(mul4(sub4(next, round.summand), round.factor), mask))]);
    return [
      repeatWhile(
        lessI(at, end),
        factor.set(loadV(runs)),
        summand.set(factor),
        ...mixFour(factor, splatI(words.factorFirst), splatI(words.factorSecond)),
        ...mixFour(summand, splatI(words.summandFirst), splatI(words.summandSecond)),
        ...prepareRounds(variables, factor, summand, rounds),
        ...(isBack ? rounds.flatMap((round) => invertFactor(variables, round.factor)) : []),
        mask.set(loadV(masks)),
        fold.set(loadV(folds)),
        size.set(loadV(sizes)),
        value.set(loadV(at)),
        isGoing.set(splatI(wordOf(-1))),
        repeatWhile(
          isAnyV(isGoing),
          next.set(value),
          ...(isBack ? back : on),
          value.set(chooseV(next, value, isGoing)),
          // Those outside their run are walked on, the others stay.
          isGoing.set(greater4(value, sub4(size, splatI(wordOf(1))))),
        ),
        storeV(at, value),
        ...[at, runs, sizes, masks, folds].map((address) => address.set(addI(address, wordOf(FOUR_WORDS)))),
      ),
    ];
  };

interface Permuter {
  readonly values: VectorWords;
  readonly runs: VectorWords;
  readonly sizes: VectorWords;
  readonly masks: VectorWords;
  readonly folds: VectorWords;
  readonly forward: VectorFunction;
  readonly back: VectorFunction;
}

const permuter = onceInLanes((memory): Permuter => {
  const words = () => memory.words(BLOCK_ROWS);
  const [forward, back] = [memory.compile(PARAMETERS, permuteBody(false)), memory.compile(PARAMETERS, permuteBody(true))];
  return { values: words(), runs: words(), sizes: words(), masks: words(), folds: words(), forward, back };
});

/** Values [0, count) of the list to their places, or back, in their place; false where lanes are missing or a run is too long for them. */
export function permuteRunsInLanes(
  [factorKey, summandKey]: readonly [StreamKey, StreamKey],
  list: RunList,
  count: number,
  isBack: boolean,
): boolean {
  const lanes = permuter();
  if (lanes === null || !load(lanes, list, count)) return false;
  const { folds, masks, runs, sizes, values } = lanes;
  const addresses = [values.at, values.at + 4 * count, runs.at, sizes.at, masks.at, folds.at];
  if (count > 0) (isBack ? lanes.back : lanes.forward)(...addresses, ...factorKey, ...summandKey);
  for (let index = 0; index < count; index += 1) list.values[index] = values.view[index] as number;
  return true;
}

function load({ folds, masks, runs, sizes, values }: Permuter, list: RunList, count: number): boolean {
  for (let index = 0; index < count; index += 1) {
    const size = list.sizes[index] as number;
    const value = list.values[index] as number;
    // Without this a value past the end could walk for ever.
    if (!(value >= 0 && value < size)) throw new RangeError('outside the run');
    if (size > MOST) return false;
    const unused = Math.clz32(size - 1);
    values.view[index] = value;
    runs.view[index] = list.runs[index] as number;
    sizes.view[index] = size;
    // A run of one uses no bit.
    masks.view[index] = size === 1 ? 0 : 0xffffffff >>> unused;
    folds.view[index] = 1 << (32 - ((33 - unused) >>> 1));
  }
  for (let index = count; index % 4 !== 0; index += 1) {
    values.view[index] = 0;
    sizes.view[index] = 1;
    masks.view[index] = 0;
  }
  return true;
}
