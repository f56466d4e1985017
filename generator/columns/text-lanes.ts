// Texts cut from the pool straight into COPY rows: the place that was drawn goes on to the next word, and what follows is copied sixteen bytes
// at a time. The same texts as pool-text.ts makes one by one.
import {
  addI,
  andI,
  bits16,
  ctzI,
  equal16,
  equalI,
  greaterI,
  ifTrue,
  isZeroI,
  lessI,
  loadByteI,
  loadI,
  loadV,
  orI,
  repeatWhile,
  selectI,
  shlI,
  shrI,
  splatByte,
  storeByteI,
  storeI,
  storeV,
  subI,
  type Word,
  whileTrue,
  wordOf,
} from '../../core/vector/code.ts';
import { inLanes, onceInLanes, type VectorMemory, type VectorWords } from '../../core/vector/memory.ts';
import type { Body, VectorFunction, WordVariable } from '../../core/vector/program.ts';
import type { StripFrame } from '../../postgres/strip-frame.ts';
import { FILLER, SPACE } from './pool-text.ts';

const WORD = 4;
const LANES = 16;
/** Of the pool, behind its end once more: a text up to there is in one piece. */
const LONGEST_CUT = 1 << 15;

const ALIGN = { words: ['at', 'end', 'pool', 'poolBytes'], reals: [] } as const;

/** Places in the pool to the next word's start; past the last one to the pool's. */
const alignBody: Body<typeof ALIGN> = (variables, { at, end, pool, poolBytes }) => {
  const [place, spaces] = [variables.word(), variables.word()];
  const findSpaces = spaces.set(bits16(equal16(loadV(place), splatByte(wordOf(SPACE)))));
  return [
    repeatWhile(
      lessI(at, end),
      place.set(addI(pool, loadI(at))),
      findSpaces,
      whileTrue(isZeroI(spaces), place.set(addI(place, wordOf(LANES))), findSpaces),
      place.set(addI(addI(subI(place, pool), ctzI(spaces)), wordOf(1))),
      storeI(at, selectI(place, wordOf(0), lessI(place, poolBytes))),
      at.set(addI(at, wordOf(WORD))),
    ),
  ];
};

const WRITE = { words: ['at', 'end', 'starts', 'places', 'cursors', 'frame', 'pool'], reals: [] } as const;

/** Fields of the sizes from `at` to `end`, below 0 for NULL, at the rows' cursors, which move on; `places` gets where their texts are. */
const writeBody: Body<typeof WRITE> = (variables, { at, cursors, end, frame, places, pool, starts }) => {
  const [size, from, to, last] = [variables.word(), variables.word(), variables.word(), variables.word()];
  const advance = (address: WordVariable, bytes: number) => address.set(addI(address, wordOf(bytes)));
  const fill = (address: Word) => ifTrue(equalI(loadByteI(address), wordOf(SPACE)), storeByteI(address, wordOf(FILLER)));
  const lastText = subI(addI(to, size), wordOf(1));
  return [
    repeatWhile(
      lessI(at, end),
      size.set(loadI(at)),
      to.set(addI(frame, loadI(cursors))),
      storeI(to, bigEndian(size)),
      advance(to, WORD),
      storeI(places, to),
      ifTrue(
        greaterI(size, wordOf(0)),
        from.set(addI(pool, loadI(starts))),
        ifTrue(
          lessI(size, wordOf(LANES)),
          last.set(addI(to, size)),
          repeatWhile(lessI(to, last), storeByteI(to, loadByteI(from)), advance(to, 1), advance(from, 1)),
          to.set(subI(to, size)),
        ),
        ifTrue(
          greaterI(size, wordOf(LANES - 1)),
          last.set(subI(addI(to, size), wordOf(LANES))),
          // The last sixteen bytes first: they may be some of those before as well.
          storeV(last, loadV(subI(addI(from, size), wordOf(LANES)))),
          whileTrue(lessI(to, last), storeV(to, loadV(from)), advance(to, LANES), advance(from, LANES)),
          to.set(loadI(places)),
        ),
        fill(to),
        fill(lastText),
      ),
      storeI(cursors, subI(addI(to, selectI(size, wordOf(0), greaterI(size, wordOf(0)))), frame)),
      ...[at, starts, places, cursors].map((address) => advance(address, WORD)),
    ),
  ];
};

function bigEndian(value: Word): Word {
  const outer = orI(shrI(value, wordOf(24)), shlI(value, wordOf(24)));
  const inner = orI(andI(shrI(value, wordOf(8)), wordOf(0xff00)), andI(shlI(value, wordOf(8)), wordOf(0xff0000)));
  return orI(outer, inner);
}

interface Cutter {
  readonly align: VectorFunction;
  readonly write: VectorFunction;
}

const cutter = onceInLanes(
  (memory): Cutter => ({ align: memory.compile(ALIGN, alignBody), write: memory.compile(WRITE, writeBody) }),
);

/** What a strip's texts are cut by. */
export interface TextCuts {
  /** Below 0 for NULL. */
  readonly sizes: VectorWords;
  /** Places in the pool. */
  readonly starts: VectorWords;
}

const pools = new WeakMap<Buffer, PoolLanes>();

/** A pool in the memory of lanes. */
export class PoolLanes {
  /** The longest text that can be cut. */
  readonly longest: number;
  private readonly cutter: Cutter;
  private readonly at: number;
  private readonly bytes: number;

  /** null where lanes are missing. */
  static of(pool: Buffer): PoolLanes | null {
    const lanes = cutter();
    if (lanes === null) return null;
    const known = pools.get(pool) ?? inLanes((memory) => new PoolLanes(pool, lanes, memory));
    if (known !== null) pools.set(pool, known);
    return known;
  }

  private constructor(pool: Buffer, lanes: Cutter, memory: VectorMemory) {
    this.cutter = lanes;
    this.bytes = pool.length;
    this.longest = Math.min(LONGEST_CUT, pool.length);
    const words = memory.words(Math.ceil((pool.length + LONGEST_CUT + LANES) / WORD), this);
    this.at = words.at;
    const own = new Uint8Array(words.view.buffer, words.at, pool.length + LONGEST_CUT);
    own.set(pool);
    own.set(pool.subarray(0, LONGEST_CUT), pool.length);
  }

  /**
   * Writes a strip's fields into the frame at its cursors, each from the first word after its place; the cuts' starts are those words' then.
   * `places` gets the addresses of the texts. No size may be above `longest`.
   */
  write(count: number, { sizes, starts }: TextCuts, frame: StripFrame, places: VectorWords): void {
    const { align, write } = this.cutter;
    if (count === 0) return;
    align(starts.at, starts.at + WORD * count, this.at, this.bytes);
    write(sizes.at, sizes.at + WORD * count, starts.at, places.at, frame.cursors.at, frame.at, this.at);
  }
}
