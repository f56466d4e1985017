// The memory that the functions on lanes work in: one a thread, made when it is first asked for. What is to be worked on is copied in and out,
// strip by strip, or stays there (the pool that texts are cut from).
import { assemble, type Body, PAGES, type Parameters, type VectorFunction } from './program.ts';
import { type EngineMemory, engine } from './web-assembly.ts';

/** Reals in the memory, and their address. */
export interface VectorReals {
  readonly at: number;
  readonly view: Float64Array;
}

/** The same of words. */
export interface VectorWords {
  readonly at: number;
  readonly view: Int32Array;
}

/** Bytes of an owner: given back when the owner is collected. */
interface Piece {
  readonly at: number;
  readonly bytes: number;
}

/** There is no room, or the machine has no lanes; never seen outside. */
class NoLanes extends Error {}

/** A thread's memory for lanes: gives out places in it, and compiles the functions that work there. */
export class VectorMemory {
  private readonly memory: EngineMemory = new engine.Memory({ initial: PAGES, maximum: PAGES });
  // Address 0 stays free.
  private used = 16;
  private readonly free = new Map<number, number[]>();
  private readonly owners = new FinalizationRegistry<Piece>(({ at, bytes }) => {
    this.free.set(bytes, [...(this.free.get(bytes) ?? []), at]);
  });

  /** So many reals; with an owner, as long as it lives. */
  reals(count: number, owner?: object): VectorReals {
    const at = this.allocate(count * 8, owner);
    return { at, view: new Float64Array(this.memory.buffer, at, count) };
  }

  /** The same of words. */
  words(count: number, owner?: object): VectorWords {
    const at = this.allocate(count * 4, owner);
    return { at, view: new Int32Array(this.memory.buffer, at, count) };
  }

  /** Compiles a function that works in this memory. */
  compile<Named extends Parameters>(parameters: Named, body: Body<Named>): VectorFunction {
    try {
      const module = new engine.Module(assemble(parameters, body));
      const { run } = new engine.Instance(module, { m: { m: this.memory } }).exports;
      // What `assemble` exports.
      return run as VectorFunction;
    } catch {
      throw new NoLanes();
    }
  }

  /** An address of so many bytes, a multiple of 16. */
  private allocate(bytes: number, owner?: object): number {
    // Powers of two: what one owner gave back fits the next.
    const size = 2 ** Math.max(4, Math.ceil(Math.log2(bytes)));
    const at = this.free.get(size)?.pop() ?? this.extend(size);
    if (owner !== undefined) this.owners.register(owner, { at, bytes: size });
    return at;
  }

  private extend(bytes: number): number {
    if (this.used + bytes > this.memory.buffer.byteLength) throw new NoLanes();
    this.used += bytes;
    return this.used - bytes;
  }
}

let memory: VectorMemory | null | undefined;

function threadMemory(): VectorMemory | null {
  if (memory !== undefined) return memory;
  try {
    memory = new VectorMemory();
  } catch {
    memory = null;
  }
  return memory;
}

/** What `make` makes in the thread's memory; null where the machine has no lanes, and when the memory is full. */
export function inLanes<Made>(make: (memory: VectorMemory) => Made): Made | null {
  const own = threadMemory();
  if (own === null) return null;
  try {
    return make(own);
  } catch (error) {
    if (error instanceof NoLanes) return null;
    throw error;
  }
}

/** The same for what a thread needs once: made when it is first asked for, and kept. */
export function onceInLanes<Made>(make: (memory: VectorMemory) => Made): () => Made | null {
  let made: Made | null | undefined;
  return () => {
    if (made === undefined) made = inLanes(make);
    return made;
  };
}
