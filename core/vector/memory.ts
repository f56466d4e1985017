// The memory that the functions on lanes work in: one a thread, made when it is first asked for. What is to be worked on is copied in and out,
// strip by strip, or stays there (the pool that texts are cut from).
import { type Body, compile, MOST_PAGES, type Parameters, type VectorFunction } from './program.ts';
import { engine } from './web-assembly.ts';

const PAGE_BYTES = 65536;

/** Bytes of an owner: given back when the owner is collected. */
interface Piece {
  readonly at: number;
  readonly bytes: number;
}

export class VectorMemory {
  // Shared: views stay valid when it grows.
  readonly memory = new engine.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  // Address 0 stays free.
  private used = 16;
  private readonly free = new Map<number, number[]>();
  private readonly owners = new FinalizationRegistry<Piece>(({ at, bytes }) => {
    this.free.set(bytes, [...(this.free.get(bytes) ?? []), at]);
  });

  /** So many reals, with their address, as long as the owner lives; without one, as long as the thread. */
  reals(count: number, owner?: object): { readonly at: number; readonly view: Float64Array } {
    const at = this.allocate(count * 8, owner);
    return { at, view: new Float64Array(this.memory.buffer, at, count) };
  }

  /** The same of words. */
  words(count: number, owner?: object): { readonly at: number; readonly view: Int32Array } {
    const at = this.allocate(count * 4, owner);
    return { at, view: new Int32Array(this.memory.buffer, at, count) };
  }

  /** An address of so many bytes, a multiple of 16. Throws RangeError when there is no more memory. */
  private allocate(bytes: number, owner?: object): number {
    // Powers of two: what one owner gave back fits the next.
    const size = owner === undefined ? Math.ceil(bytes / 16) * 16 : 2 ** Math.max(4, Math.ceil(Math.log2(bytes)));
    const at = this.free.get(size)?.pop() ?? this.extend(size);
    if (owner !== undefined) this.owners.register(owner, { at, bytes: size });
    return at;
  }

  private extend(bytes: number): number {
    const at = this.used;
    const missing = at + bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.used += bytes;
    return at;
  }
}

let made: VectorMemory | null | undefined;

/** The thread's memory; null where the machine has no lanes, or no memory is to be had. */
export function vectorMemory(): VectorMemory | null {
  if (made === undefined) {
    try {
      made = new VectorMemory();
    } catch {
      made = null;
    }
  }
  return made;
}

/** The function for the thread's memory; null where it cannot run. */
export function vectorFunction<Named extends Parameters>(parameters: Named, body: Body<Named>): VectorFunction | null {
  const memory = vectorMemory();
  if (memory === null) return null;
  try {
    return compile(parameters, body, memory.memory);
  } catch {
    return null;
  }
}
