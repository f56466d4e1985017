// hash_bytes_extended (content-hash.ts) of fields that stand in the frame, eight at a time: a hash is one long chain of steps, and two times four
// chains take hardly longer than one.
import {
  add4,
  addI,
  andV,
  areAllV,
  chooseV,
  greater4,
  isAnyV,
  type Lanes,
  laneI,
  lessI,
  loadV,
  orV,
  repeatWhile,
  type Step,
  shl4,
  shlI,
  shr4,
  shuffleV,
  splatI,
  storeV,
  sub4,
  whileTrue,
  wordOf,
  xorV,
} from '../core/vector/code.ts';
import type { Body, LanesVariable, Variables, WordVariable } from '../core/vector/program.ts';
import { FIRST_HALVES, FIRST_WORDS, FOUR_WORDS, SECOND_HALVES, SECOND_WORDS } from '../core/vector/shuffles.ts';
import { INITIAL } from './content-hash.ts';

/** Bytes of a step of the hash. */
const STEP_BYTES = 12;
/** Fields that are hashed together. */
export const TOGETHER = 8;

/** Of fields at the addresses from `at` to `end`: their sizes, and where their hashes go, low halves and high ones. */
export const HASH_PARAMETERS = { words: ['at', 'end', 'sizes', 'low', 'high', 'seed', 'masks'], reals: [] } as const;

/** The state of four hashes. */
interface FourStates {
  readonly a: LanesVariable;
  readonly b: LanesVariable;
  readonly c: LanesVariable;
}

/** Four fields on their way. */
interface Four extends FourStates {
  /** Bytes that are left, and where. */
  readonly left: LanesVariable;
  readonly addresses: readonly WordVariable[];
  readonly loaded: readonly [LanesVariable, LanesVariable, LanesVariable, LanesVariable];
}

/** A state without anything in it yet. */
export function makeState(variables: Variables): FourStates {
  return { a: variables.lanes(), b: variables.lanes(), c: variables.lanes() };
}

function makeFour(variables: Variables): Four {
  const make = () => variables.lanes();
  return {
    ...makeState(variables),
    left: make(),
    addresses: Array.from({ length: 4 }, () => variables.word()),
    loaded: [make(), make(), make(), make()],
  };
}

// A turn by whole bytes is one shuffle.
const TURNED: Readonly<Record<number, readonly number[]>> = {
  8: [3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14],
  16: [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13],
  24: [1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12],
};

function rotate(value: Lanes, bits: number): Lanes {
  const bytes = TURNED[bits];
  return bytes === undefined ? orV(shl4(value, bits), shr4(value, 32 - bits)) : shuffleV(value, value, bytes);
}

type Turn = readonly ['a' | 'b' | 'c', 'a' | 'b' | 'c', 'a' | 'b' | 'c', number];

const MIX: readonly Turn[] = [
  ['a', 'c', 'b', 4],
  ['b', 'a', 'c', 6],
  ['c', 'b', 'a', 8],
  ['a', 'c', 'b', 16],
  ['b', 'a', 'c', 19],
  ['c', 'b', 'a', 4],
];
const FINISH: readonly Turn[] = [
  ['c', 'b', 'b', 14],
  ['a', 'c', 'c', 11],
  ['b', 'a', 'a', 25],
  ['c', 'b', 'b', 16],
  ['a', 'c', 'c', 4],
  ['b', 'a', 'a', 14],
  ['c', 'b', 'b', 24],
];

/** Bob Jenkins' mix: each word takes another off, is turned, and the third is added to that. */
const mix = (fours: readonly Four[]): Step[] =>
  MIX.flatMap(([own, other, third, bits]) =>
    fours.flatMap((four) => [
      four[own].set(xorV(sub4(four[own], four[other]), rotate(four[other], bits))),
      four[other].set(add4(four[other], four[third])),
    ]),
  );

/** The last steps: c is the low half of the hash then, b the high one. */
export const finish = (fours: readonly FourStates[]): Step[] =>
  FINISH.flatMap(([own, other, , bits]) =>
    fours.map((four) => four[own].set(sub4(xorV(four[own], four[other]), rotate(four[other], bits)))),
  );

/** The next three words of each field, a lane a field. */
function wordsOf({ loaded }: Four): { readonly a: Lanes; readonly b: Lanes; readonly c: Lanes } {
  const [one, two, three, four] = loaded;
  const [firstLow, firstHigh] = [shuffleV(one, two, FIRST_WORDS), shuffleV(three, four, FIRST_WORDS)];
  return {
    a: shuffleV(firstLow, firstHigh, FIRST_HALVES),
    b: shuffleV(firstLow, firstHigh, SECOND_HALVES),
    c: shuffleV(shuffleV(one, two, SECOND_WORDS), shuffleV(three, four, SECOND_WORDS), FIRST_HALVES),
  };
}

const load = ({ addresses, loaded }: Four): Step[] =>
  addresses.map((address, lane) => (loaded[lane] as LanesVariable).set(loadV(address)));

const areGoing = ({ left }: Four): Lanes => greater4(left, splatI(wordOf(STEP_BYTES - 1)));

/** A step of fields that all have one left. */
function stepAll(fours: readonly Four[]): Step[] {
  return [
    ...fours.flatMap((four) => {
      const words = wordsOf(four);
      return [
        ...load(four),
        four.a.set(add4(four.a, words.a)),
        four.b.set(add4(four.b, words.b)),
        four.c.set(add4(four.c, words.c)),
        four.left.set(sub4(four.left, splatI(wordOf(STEP_BYTES)))),
        ...four.addresses.map((address) => address.set(addI(address, wordOf(STEP_BYTES)))),
      ];
    }),
    ...mix(fours),
  ];
}

/** A step of those that have one left; the others stay as they are. */
function stepSome(variables: Variables, four: Four): Step[] {
  const [isGoing, a, b, c] = [variables.lanes(), variables.lanes(), variables.lanes(), variables.lanes()];
  const words = wordsOf(four);
  const taken = andV(isGoing, splatI(wordOf(STEP_BYTES)));
  return [
    isGoing.set(areGoing(four)),
    a.set(four.a),
    b.set(four.b),
    c.set(four.c),
    ...load(four),
    four.a.set(add4(four.a, words.a)),
    four.b.set(add4(four.b, words.b)),
    four.c.set(add4(four.c, words.c)),
    ...mix([four]),
    four.a.set(chooseV(four.a, a, isGoing)),
    four.b.set(chooseV(four.b, b, isGoing)),
    four.c.set(chooseV(four.c, c, isGoing)),
    four.left.set(sub4(four.left, taken)),
    ...four.addresses.map((address, lane) => address.set(addI(address, laneI(taken, lane)))),
  ];
}

/** Adds the bytes that are left, fewer than a step's: `masks` has a record for each number of them. */
function addRest(four: Four, masks: WordVariable): Step[] {
  const { addresses, left, loaded } = four;
  const words = wordsOf(four);
  const record = (lane: number) => addI(masks, shlI(laneI(left, lane), wordOf(4)));
  return [
    ...addresses.map((address, lane) => (loaded[lane] as LanesVariable).set(andV(loadV(address), loadV(record(lane))))),
    four.a.set(add4(four.a, words.a)),
    four.b.set(add4(four.b, words.b)),
    // The lowest byte of c is reserved for the length.
    four.c.set(add4(four.c, shl4(words.c, 8))),
  ];
}

/** Begins with the fields' lengths and the seed, which is mixed in. */
function begin(fours: readonly Four[], at: WordVariable, sizes: WordVariable, seed: WordVariable): Step[] {
  return [
    ...fours.flatMap((four, index) => [
      four.left.set(loadV(sizes, FOUR_WORDS * index)),
      four.a.set(add4(four.left, splatI(wordOf(INITIAL | 0)))),
      four.b.set(add4(four.a, splatI(seed))),
      four.c.set(four.a),
      ...four.addresses.map((address, lane) => address.set(laneI(loadV(at, FOUR_WORDS * index), lane))),
    ]),
    ...mix(fours),
  ];
}

/** Hashes of fields in eights, none of a size below 0. */
export const hashBody: Body<typeof HASH_PARAMETERS> = (variables, { at, end, high, low, masks, seed, sizes }) => {
  const fours = Array.from({ length: TOGETHER / 4 }, () => makeFour(variables));
  const [one, two] = fours as [Four, Four];
  return [
    repeatWhile(
      lessI(at, end),
      ...begin(fours, at, sizes, seed),
      whileTrue(areAllV(andV(areGoing(one), areGoing(two))), ...stepAll(fours)),
      ...fours.flatMap((four) => [whileTrue(isAnyV(areGoing(four)), ...stepSome(variables, four)), ...addRest(four, masks)]),
      ...finish(fours),
      ...fours.flatMap((four, index) => [storeV(high, four.b, FOUR_WORDS * index), storeV(low, four.c, FOUR_WORDS * index)]),
      ...[at, sizes, low, high].map((address) => address.set(addI(address, wordOf(4 * TOGETHER)))),
    ),
  ];
};

/** For 0 to 11 bytes that are left: which of the bits of the next three words are of them. */
export function maskRecords(): number[] {
  const maskOf = (bytes: number) => (bytes <= 0 ? 0 : bytes >= 4 ? -1 : 2 ** (8 * bytes) - 1);
  return Array.from({ length: STEP_BYTES }, (_, left) => [maskOf(left), maskOf(left - 4), maskOf(left - 8), 0]).flat();
}
