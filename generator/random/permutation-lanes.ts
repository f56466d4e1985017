// A permutation of many values at a time: the same values as Permutation makes one by one.
import { addI, lessI, loadV, repeatWhile, splatI, splatR, storeV, wordOf } from '../../core/vector/code.ts';
import { onceInLanes } from '../../core/vector/memory.ts';
import type { Body, VectorFunction } from '../../core/vector/program.ts';
import { FOUR_REALS } from '../../core/vector/shuffles.ts';
import { BLOCK_ROWS } from '../../spec/plan.ts';
import { type PermutationPlan, rectangleOf } from './network.ts';
import { type FourDomains, type FourValues, permuteFour } from './network-lanes.ts';

/** Of the values from `at` to `end`, in their place. */
const PARAMETERS = { words: ['at', 'end', 'width', 'height', 'first', 'second'], reals: ['width', 'size'] } as const;

const permuteBody =
  (isBack: boolean): Body<typeof PARAMETERS> =>
  (variables, { at, end, first, height, second, width }, reals) => {
    const make = () => variables.lanes();
    const values: FourValues = { low: make(), high: make(), lowMask: make(), highMask: make() };
    const [widthPair, sizePair, widths, heights, firsts, seconds] = [make(), make(), make(), make(), make(), make()];
    const domains: FourDomains = {
      width: widths,
      height: heights,
      widthLow: widthPair,
      widthHigh: widthPair,
      sizeLow: sizePair,
      sizeHigh: sizePair,
      first: firsts,
      second: seconds,
    };
    return [
      widths.set(splatI(width)),
      heights.set(splatI(height)),
      widthPair.set(splatR(reals.width)),
      sizePair.set(splatR(reals.size)),
      firsts.set(splatI(first)),
      seconds.set(splatI(second)),
      repeatWhile(
        lessI(at, end),
        values.low.set(loadV(at)),
        values.high.set(loadV(at, 16)),
        values.lowMask.set(splatI(wordOf(-1))),
        values.highMask.set(splatI(wordOf(-1))),
        permuteFour(variables, values, domains, isBack),
        storeV(at, values.low),
        storeV(at, values.high, 16),
        at.set(addI(at, wordOf(FOUR_REALS))),
      ),
    ];
  };

interface Permuter {
  readonly at: number;
  readonly view: Float64Array;
  readonly forward: VectorFunction;
  readonly back: VectorFunction;
}

const permuter = onceInLanes((memory): Permuter => {
  const [forward, back] = [memory.compile(PARAMETERS, permuteBody(false)), memory.compile(PARAMETERS, permuteBody(true))];
  return { ...memory.reals(BLOCK_ROWS), forward, back };
});

/** The ranks of elements [0, count), at most a block, in their place, or the elements of ranks; false where lanes are missing. */
export function permuteInLanes({ key, size }: PermutationPlan, values: Float64Array, count: number, isBack: boolean): boolean {
  const lanes = permuter();
  if (lanes === null) return false;
  const { at, view } = lanes;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] as number;
    // Without this a value past the end could walk for ever.
    if (!(value >= 0 && value < size)) throw new RangeError('outside the permutation');
    view[index] = value;
  }
  // Four at a time: what fills up must be inside too.
  for (let index = count; index % 4 !== 0; index += 1) view[index] = 0;
  const { height, width } = rectangleOf(size);
  const end = at + Math.ceil(count / 4) * FOUR_REALS;
  if (count > 0) (isBack ? lanes.back : lanes.forward)(at, end, width, height, key[0], key[1], width, size);
  for (let index = 0; index < count; index += 1) values[index] = view[index] as number;
  return true;
}
