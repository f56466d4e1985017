// hash_bytes_extended (content-hash.ts) of fields that stand in the frame, four at a time: the hash is one long chain of steps, and four chains
// take hardly longer than one.
import {
  add4,
  addI,
  andV,
  chooseV,
  greater4,
  isAnyV,
  type Lanes,
  laneI,
  lessI,
  loadLaneV,
  loadV,
  orV,
  repeatWhile,
  type Step,
  shl4,
  shlI,
  shr4,
  splatI,
  storeV,
  sub4,
  whileTrue,
  wordOf,
  xorV,
} from '../core/vector/code.ts';
import { type VectorWords, vectorFunction, vectorMemory } from '../core/vector/memory.ts';
import type { Body, LanesVariable, VectorFunction } from '../core/vector/program.ts';
import { INITIAL } from './content-hash.ts';
import { STRIP_ROWS } from './strip-frame.ts';

const FOUR_WORDS = 16;
/** Bytes of a step of the hash. */
const STEP_BYTES = 12;

/** Of fields at the addresses from `at` to `end`: their sizes, and where their hashes go, low halves and high ones. */
const PARAMETERS = { words: ['at', 'end', 'sizes', 'low', 'high', 'seed', 'masks'], reals: [] } as const;

interface HashState {
  readonly a: LanesVariable;
  readonly b: LanesVariable;
  readonly c: LanesVariable;
}

const rotate = (value: Lanes, bits: number): Lanes => orV(shl4(value, bits), shr4(value, 32 - bits));

/** Bob Jenkins' mix: each word takes another off, is turned, and is added to the third. */
function mixState({ a, b, c }: HashState): Step[] {
  const turns: readonly (readonly [LanesVariable, LanesVariable, LanesVariable, number])[] = [
    [a, c, b, 4],
    [b, a, c, 6],
    [c, b, a, 8],
    [a, c, b, 16],
    [b, a, c, 19],
    [c, b, a, 4],
  ];
  return turns.flatMap(([own, other, third, bits]) => [
    own.set(xorV(sub4(own, other), rotate(other, bits))),
    other.set(add4(other, third)),
  ]);
}

function finishState({ a, b, c }: HashState): Step[] {
  const turns: readonly (readonly [LanesVariable, LanesVariable, number])[] = [
    [c, b, 14],
    [a, c, 11],
    [b, a, 25],
    [c, b, 16],
    [a, c, 4],
    [b, a, 14],
    [c, b, 24],
  ];
  return turns.map(([own, other, bits]) => own.set(sub4(xorV(own, other), rotate(other, bits))));
}

const hashBody: Body<typeof PARAMETERS> = (variables, { at, end, high, low, masks, seed, sizes }) => {
  const make = () => variables.lanes();
  const state: HashState = { a: make(), b: make(), c: make() };
  const old = { a: make(), b: make(), c: make() };
  const [places, left, isGoing, word, mask] = [make(), make(), make(), make(), make()];
  const addresses = [variables.word(), variables.word(), variables.word(), variables.word()];
  const record = variables.word();
  /** Word `offset` of each field from its address on. */
  const load = (offset: number): Step[] => addresses.map((address, lane) => word.set(loadLaneV(lane, address, word, offset)));
  /** Of each field the mask at `offset` for as many bytes as are left. */
  const loadMasks = (offset: number): Step[] =>
    [0, 1, 2, 3].flatMap((lane) => [
      record.set(addI(masks, shlI(laneI(left, lane), wordOf(4)))),
      mask.set(loadLaneV(lane, record, mask, offset)),
    ]);
  const each = <Result>(work: (name: keyof HashState, index: number) => Result[]): Result[] =>
    (['a', 'b', 'c'] as const).flatMap(work);
  const areGoing = (): Lanes => greater4(left, splatI(wordOf(STEP_BYTES - 1)));
  const toAddresses = (): Step[] => addresses.map((address, lane) => address.set(laneI(places, lane)));
  const advance = (address: (typeof addresses)[0]): Step => address.set(addI(address, wordOf(STEP_BYTES)));
  return [
    repeatWhile(
      lessI(at, end),
      places.set(loadV(at)),
      left.set(loadV(sizes)),
      // NULL, whose hash is another: as if it were empty.
      left.set(andV(left, greater4(left, splatI(wordOf(-1))))),
      state.a.set(add4(left, splatI(wordOf(INITIAL | 0)))),
      state.b.set(add4(state.a, splatI(seed))),
      state.c.set(state.a),
      ...mixState(state),
      ...toAddresses(),
      isGoing.set(areGoing()),
      whileTrue(
        isAnyV(isGoing),
        ...each((name, index) => [old[name].set(state[name]), ...load(4 * index), state[name].set(add4(state[name], word))]),
        ...mixState(state),
        // Fields at their end stay as they are; their lanes read on, and nothing comes of it.
        ...each((name) => [state[name].set(chooseV(state[name], old[name], isGoing))]),
        left.set(sub4(left, andV(isGoing, splatI(wordOf(STEP_BYTES))))),
        places.set(add4(places, andV(isGoing, splatI(wordOf(STEP_BYTES))))),
        ...addresses.map(advance),
        isGoing.set(areGoing()),
      ),
      ...toAddresses(),
      ...each((name, index) => [
        ...load(4 * index),
        ...loadMasks(4 * index),
        // The lowest byte of c is reserved for the length, hence its shift by one byte.
        state[name].set(add4(state[name], shiftOf(name, andV(word, mask)))),
      ]),
      ...finishState(state),
      storeV(high, state.b),
      storeV(low, state.c),
      ...[at, sizes, low, high].map((address) => address.set(addI(address, wordOf(FOUR_WORDS)))),
    ),
  ];
};

const shiftOf = (name: keyof HashState, value: Lanes): Lanes => (name === 'c' ? shl4(value, 8) : value);

/** For 0 to 11 bytes that are left: which of the bits of the next three words are of them. */
function maskRecords(): number[] {
  const maskOf = (bytes: number) => (bytes <= 0 ? 0 : bytes >= 4 ? -1 : 2 ** (8 * bytes) - 1);
  return Array.from({ length: STEP_BYTES }, (_, left) => [maskOf(left), maskOf(left - 4), maskOf(left - 8), 0]).flat();
}

/** Hashes fields of a strip. */
export interface FieldHasher {
  /** The hashes after `run`. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Hashes the first `count` fields, at most a strip's, at these addresses; of sizes below 0 nothing is known. */
  run(places: VectorWords, sizes: VectorWords, count: number, seed: number): void;
}

let made: FieldHasher | null | undefined;

/** The thread's; null where lanes are missing. */
export function fieldHasher(): FieldHasher | null {
  if (made === undefined) made = makeHasher(vectorFunction(PARAMETERS, hashBody));
  return made;
}

function makeHasher(hash: VectorFunction | null): FieldHasher | null {
  const memory = vectorMemory();
  if (hash === null || memory === null) return null;
  const [low, high, masks] = [memory.words(STRIP_ROWS), memory.words(STRIP_ROWS), memory.words(4 * STEP_BYTES)];
  masks.view.set(maskRecords());
  return {
    low: low.view,
    high: high.view,
    run(places, sizes, count, seed) {
      // Four at a time: what fills up must be an address too.
      for (let index = count; index % 4 !== 0; index += 1) {
        places.view[index] = masks.at;
        sizes.view[index] = 0;
      }
      if (count > 0) hash(places.at, places.at + 4 * count, sizes.at, low.at, high.at, seed, masks.at);
    },
  };
}
