// The engine's WebAssembly, as far as it is used here: Node's own types leave it to those of browsers.

/** A memory whose views stay valid when it grows. */
export interface EngineMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface Engine {
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => EngineMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { m: { m: EngineMemory } },
  ) => { readonly exports: { readonly run?: unknown } };
}

/** Part of every engine that runs us. */
export const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
