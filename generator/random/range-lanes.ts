// Permutations of ranges, four values at a time, each of its own range: what a range is stands in a record in the lanes' memory.
import {
  addI,
  addR2,
  isNotR2,
  type Lanes,
  lessI,
  loadI,
  loadV,
  realsOfSigned,
  repeatWhile,
  type Step,
  shlI,
  shuffleV,
  splatI,
  storeV,
  subR2,
  wordOf,
} from '../../core/vector/code.ts';
import { inLanes, onceInLanes, type VectorMemory, type VectorReals, type VectorWords } from '../../core/vector/memory.ts';
import type { Body, LanesVariable, Variables, VectorFunction, WordVariable } from '../../core/vector/program.ts';
import { FIRST_HALVES, FIRST_WORDS, FOUR_REALS, FOUR_WORDS, SECOND_HALVES, SECOND_WORDS } from '../../core/vector/shuffles.ts';
import { BLOCK_ROWS } from '../../spec/plan.ts';
import type { StreamKey } from './mixer.ts';
import { rectangleOf } from './network.ts';
import { type FourDomains, type FourValues, permuteFour } from './network-lanes.ts';

/** One range of values, [start, start + size). */
export interface PermutedRange {
  readonly start: number;
  readonly size: number;
  /** Null: values stay where they are. */
  readonly key: StreamKey | null;
}

/** start, size (0: values stay), width, height, and the two words of the key. */
const RECORD_SHIFT = 5;

/** Of the values from `at` to `end`, in their place; the numbers of their ranges, and the records of all ranges. */
const PARAMETERS = { words: ['at', 'end', 'ranges', 'records'], reals: [] } as const;

const permuteBody =
  (isBack: boolean): Body<typeof PARAMETERS> =>
  (variables, { at, end, ranges, records }) => {
    const make = () => variables.lanes();
    const values: FourValues = { low: make(), high: make(), lowMask: make(), highMask: make() };
    const loaded = loadRecords(variables, ranges, records);
    const { domains, startHigh, startLow } = loaded;
    return [
      repeatWhile(
        lessI(at, end),
        ...loaded.steps,
        values.low.set(subR2(loadV(at), startLow)),
        values.high.set(subR2(loadV(at, 16), startHigh)),
        values.lowMask.set(isNotR2(domains.sizeLow, splatI(wordOf(0)))),
        values.highMask.set(isNotR2(domains.sizeHigh, splatI(wordOf(0)))),
        permuteFour(variables, values, domains, isBack),
        storeV(at, addR2(values.low, startLow)),
        storeV(at, addR2(values.high, startHigh), 16),
        at.set(addI(at, wordOf(FOUR_REALS))),
        ranges.set(addI(ranges, wordOf(FOUR_WORDS))),
      ),
    ];
  };

interface LoadedRecords {
  readonly steps: readonly Step[];
  readonly domains: FourDomains;
  readonly startLow: Lanes;
  readonly startHigh: Lanes;
}

/** The records of four ranges, turned so that each lane has one of them. */
function loadRecords(variables: Variables, ranges: WordVariable, records: WordVariable): LoadedRecords {
  const make = () => variables.lanes();
  const reals: LanesVariable[] = [make(), make(), make(), make()];
  const words: LanesVariable[] = [make(), make(), make(), make()];
  const record = variables.word();
  const pair = (one: number, other: number, bytes: readonly number[], from = reals): Lanes =>
    shuffleV(from[one] as LanesVariable, from[other] as LanesVariable, bytes);
  const [startLow, startHigh, sizeLow, sizeHigh] = [make(), make(), make(), make()];
  const [width, height, widthLow, widthHigh, first, second] = [make(), make(), make(), make(), make(), make()];
  const steps = [
    ...[0, 1, 2, 3].flatMap((lane) => [
      record.set(addI(records, shlI(loadI(ranges, 4 * lane), wordOf(RECORD_SHIFT)))),
      (reals[lane] as LanesVariable).set(loadV(record)),
      (words[lane] as LanesVariable).set(loadV(record, 16)),
    ]),
    startLow.set(pair(0, 1, FIRST_HALVES)),
    startHigh.set(pair(2, 3, FIRST_HALVES)),
    sizeLow.set(pair(0, 1, SECOND_HALVES)),
    sizeHigh.set(pair(2, 3, SECOND_HALVES)),
    width.set(shuffleV(pair(0, 1, FIRST_WORDS, words), pair(2, 3, FIRST_WORDS, words), FIRST_HALVES)),
    height.set(shuffleV(pair(0, 1, FIRST_WORDS, words), pair(2, 3, FIRST_WORDS, words), SECOND_HALVES)),
    first.set(shuffleV(pair(0, 1, SECOND_WORDS, words), pair(2, 3, SECOND_WORDS, words), FIRST_HALVES)),
    second.set(shuffleV(pair(0, 1, SECOND_WORDS, words), pair(2, 3, SECOND_WORDS, words), SECOND_HALVES)),
    widthLow.set(realsOfSigned(width)),
    widthHigh.set(realsOfSigned(shuffleV(width, width, SECOND_HALVES))),
  ];
  return { steps, startLow, startHigh, domains: { width, height, widthLow, widthHigh, sizeLow, sizeHigh, first, second } };
}

interface Permuter {
  readonly values: VectorReals;
  readonly ranges: VectorWords;
  readonly forward: VectorFunction;
  readonly back: VectorFunction;
}

const permuter = onceInLanes((memory): Permuter => {
  const [forward, back] = [memory.compile(PARAMETERS, permuteBody(false)), memory.compile(PARAMETERS, permuteBody(true))];
  return { values: memory.reals(BLOCK_ROWS), ranges: memory.words(BLOCK_ROWS), forward, back };
});

/** The ranges' records, and the way through them. */
export class RangeLanes {
  private readonly permuter: Permuter;
  private readonly records: number;
  private readonly start: Float64Array;
  private readonly end: Float64Array;

  /** null where lanes are missing. */
  static of(ranges: readonly PermutedRange[]): RangeLanes | null {
    const lanes = permuter();
    return lanes === null ? null : inLanes((memory) => new RangeLanes(ranges, lanes, memory));
  }

  private constructor(ranges: readonly PermutedRange[], lanes: Permuter, memory: VectorMemory) {
    this.permuter = lanes;
    this.start = Float64Array.from(ranges, ({ start }) => start);
    this.end = Float64Array.from(ranges, ({ size, start }) => start + size);
    const { at, view } = memory.reals(4 * ranges.length, this);
    this.records = at;
    const words = new Int32Array(view.buffer, at, 8 * ranges.length);
    ranges.forEach(({ key, size, start }, range) => {
      const { height, width } = rectangleOf(size);
      view.set([start, key === null ? 0 : size], 4 * range);
      words.set([width, height, key?.[0] ?? 0, key?.[1] ?? 0], 8 * range + 4);
    });
  }

  /** Values [0, count), at most a block, of these ranges to where they go, or back, in their place. */
  permute(ranges: Int32Array, values: Float64Array, count: number, isBack: boolean): void {
    if (count === 0) return;
    const { end, permuter: lanes, start } = this;
    const { view } = lanes.values;
    for (let index = 0; index < count; index += 1) {
      const range = ranges[index] as number;
      const value = values[index] as number;
      // Without this a value past the end could walk for ever.
      if (!(value >= (start[range] as number) && value < (end[range] as number))) throw new RangeError('outside the range');
      view[index] = value;
      lanes.ranges.view[index] = range;
    }
    // Four at a time: the last ones are made again.
    for (let index = count; index % 4 !== 0; index += 1) {
      view[index] = values[0] as number;
      lanes.ranges.view[index] = ranges[0] as number;
    }
    const { at } = lanes.values;
    (isBack ? lanes.back : lanes.forward)(at, at + Math.ceil(count / 4) * FOUR_REALS, lanes.ranges.at, this.records);
    for (let index = 0; index < count; index += 1) values[index] = view[index] as number;
  }
}
