// WebAssembly instructions as expressions: `addI(loadI(at, 0), wordOf(1))` is the code that does it. Only what the row path needs, and only what
// gives the same bits everywhere: whole numbers, + - x / of 64-bit reals, and lanes of both (128 bits: four words or two reals at a time).

type Bytes = readonly number[];

/** A 32-bit word. */
export interface Word {
  readonly word: Bytes;
}

/** A 64-bit real. */
export interface Real {
  readonly real: Bytes;
}

/** 128 bits: four words, or two reals. */
export interface Lanes {
  readonly lanes: Bytes;
}

/** What is done and leaves no value. */
export interface Step {
  readonly step: Bytes;
}

/** An unsigned number, seven bits a byte. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  let left = value >>> 0;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return bytes;
}

function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let left = value | 0;
  for (;;) {
    const byte = left & 0x7f;
    left >>= 7;
    const isLast = (left === 0 && (byte & 0x40) === 0) || (left === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

/** The number of an instruction on lanes, behind its prefix. */
const simd = (number: number): number[] => [0xfd, ...leb(number)];

// Memory: no alignment is promised, an offset is added to the address.
const memory = (offset: number): number[] => [0, ...leb(offset)];

const word2 =
  (code: number) =>
  (left: Word, right: Word): Word => ({ word: [...left.word, ...right.word, code] });

export const wordOf = (value: number): Word => ({ word: [0x41, ...signedLeb(value)] });
export const addI = word2(0x6a);
export const subI = word2(0x6b);
export const mulI = word2(0x6c);
export const andI = word2(0x71);
export const orI = word2(0x72);
export const xorI = word2(0x73);
export const shlI = word2(0x74);
/** Zeros move in. */
export const shrI = word2(0x76);
export const rotlI = word2(0x77);
/** 1 or 0; numbers with their sign. */
export const lessI = word2(0x48);
export const greaterI = word2(0x4a);
export const equalI = word2(0x46);
export const isZeroI = (value: Word): Word => ({ word: [...value.word, 0x45] });
/** Zeros at the low end; 32 for 0. */
export const ctzI = (value: Word): Word => ({ word: [...value.word, 0x68] });
/** The first where the condition is not 0. */
export const selectI = (first: Word, second: Word, condition: Word): Word => ({
  word: [...first.word, ...second.word, ...condition.word, 0x1b],
});
export const loadI = (at: Word, offset = 0): Word => ({ word: [...at.word, 0x28, ...memory(offset)] });
export const loadByteI = (at: Word, offset = 0): Word => ({ word: [...at.word, 0x2d, ...memory(offset)] });
export const storeI = (at: Word, value: Word, offset = 0): Step => ({
  step: [...at.word, ...value.word, 0x36, ...memory(offset)],
});
export const storeByteI = (at: Word, value: Word, offset = 0): Step => ({
  step: [...at.word, ...value.word, 0x3a, ...memory(offset)],
});

const lanes2 =
  (number: number) =>
  (left: Lanes, right: Lanes): Lanes => ({ lanes: [...left.lanes, ...right.lanes, ...simd(number)] });
const lanes1 =
  (number: number) =>
  (value: Lanes): Lanes => ({ lanes: [...value.lanes, ...simd(number)] });
const shift =
  (number: number) =>
  (value: Lanes, bits: number): Lanes => ({ lanes: [...value.lanes, ...wordOf(bits).word, ...simd(number)] });

export const loadV = (at: Word, offset = 0): Lanes => ({ lanes: [...at.word, ...simd(0), ...memory(offset)] });
export const storeV = (at: Word, value: Lanes, offset = 0): Step => ({
  step: [...at.word, ...value.lanes, ...simd(11), ...memory(offset)],
});
/** Word `lane` of the lanes from memory, the others as they are. */
export const loadLaneV = (lane: number, at: Word, others: Lanes, offset = 0): Lanes => ({
  lanes: [...at.word, ...others.lanes, ...simd(86), ...memory(offset), lane],
});
export const andV = lanes2(78);
export const orV = lanes2(80);
export const xorV = lanes2(81);
/** Bits of the first where the mask has ones, else of the second. */
export const chooseV = (first: Lanes, second: Lanes, mask: Lanes): Lanes => ({
  lanes: [...first.lanes, ...second.lanes, ...mask.lanes, ...simd(82)],
});
export const isAnyV = (value: Lanes): Word => ({ word: [...value.lanes, ...simd(83)] });
/** Bytes of two lanes by number: 0 to 15 of the first, 16 to 31 of the second. */
export const shuffleV = (first: Lanes, second: Lanes, bytes: Bytes): Lanes => ({
  lanes: [...first.lanes, ...second.lanes, ...simd(13), ...bytes],
});

/** The word in all four lanes. */
export const splatI = (value: Word): Lanes => ({ lanes: [...value.word, ...simd(17)] });
export const laneI = (value: Lanes, lane: number): Word => ({ word: [...value.lanes, ...simd(27), lane] });
export const add4 = lanes2(174);
export const sub4 = lanes2(177);
export const mul4 = lanes2(181);
export const shl4 = shift(171);
export const shrSigned4 = shift(172);
export const shr4 = shift(173);
/** All ones where the first is above; numbers with their sign. */
export const greater4 = lanes2(59);
export const less4 = lanes2(57);
/** 64-bit products of the low two words of each, and of the high two; without sign. */
export const productsLow4 = lanes2(222);
export const productsHigh4 = lanes2(223);
/** Of two 64-bit lanes. */
export const shrWide2 = shift(205);

/** A byte in all sixteen lanes, where bytes are equal, and the top bit of each as a word of 16 bits. */
export const splatByte = (value: Word): Lanes => ({ lanes: [...value.word, ...simd(15)] });
export const equal16 = lanes2(35);
export const bits16 = (value: Lanes): Word => ({ word: [...value.lanes, ...simd(100)] });

export const splatR = (value: Real): Lanes => ({ lanes: [...value.real, ...simd(20)] });
export const addR2 = lanes2(240);
export const subR2 = lanes2(241);
export const mulR2 = lanes2(242);
export const divR2 = lanes2(243);
export const floorR2 = lanes1(117);
export const isNotR2 = lanes2(72);
export const lessR2 = lanes2(73);
export const atLeastR2 = lanes2(76);
/** The low two words, with and without sign, as reals. */
export const realsOfSigned = lanes1(254);
export const realsOf = lanes1(255);
/** Reals without their fractions as the low two words, zeros above; the nearest word where there is none. */
export const wordsOfSigned = lanes1(252);
export const wordsOf = lanes1(253);

/** Steps one after another. */
export const inOrder = (...steps: readonly Step[]): Step => ({ step: steps.flatMap(({ step }) => step) });

const NO_RESULT = 0x40;

/** Runs the steps once and then again as long as the condition is not 0. */
export const repeatWhile = (condition: Word, ...steps: readonly Step[]): Step => ({
  step: [0x03, NO_RESULT, ...inOrder(...steps).step, ...condition.word, 0x0d, 0, 0x0b],
});

/** Runs the steps as long as the condition is not 0, maybe never. */
export const whileTrue = (condition: Word, ...steps: readonly Step[]): Step =>
  ifTrue(condition, repeatWhile(condition, ...steps));

export const ifTrue = (condition: Word, ...steps: readonly Step[]): Step => ({
  step: [...condition.word, 0x04, NO_RESULT, ...inOrder(...steps).step, 0x0b],
});
