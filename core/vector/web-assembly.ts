// The engine's WebAssembly, as far as it is used here: Node's own types leave it to those of browsers.

/** A memory of one size: views of it stay valid. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer;
}

interface Engine {
  readonly Memory: new (size: { initial: number; maximum: number }) => EngineMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { m: { m: EngineMemory } },
  ) => { readonly exports: { readonly run?: unknown } };
}

/** Part of every engine that runs us. */
export const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
