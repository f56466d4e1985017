// One function for the machine's lanes, assembled from code (code.ts) and compiled where it is first asked for; there is no build step and
// nothing to download. Each has a twin in plain TypeScript that gives the same bytes: tests compare the two, and it runs where lanes are missing.
import { inOrder, type Lanes, leb, type Real, type Step, type Word } from './code.ts';
import { type EngineMemory, engine } from './web-assembly.ts';

const KINDS = { word: 0x7f, real: 0x7c, lanes: 0x7b } as const;
type Kind = keyof typeof KINDS;

/** A variable of the function. */
export interface WordVariable extends Word {
  set(value: Word): Step;
}
export interface LanesVariable extends Lanes {
  set(value: Lanes): Step;
}

/** Makes the variables of a function. */
export class Variables {
  readonly kinds: Kind[] = [];
  private readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  word(): WordVariable {
    const { get, setter } = this.make('word');
    return { word: get, set: (value) => ({ step: [...value.word, ...setter] }) };
  }

  lanes(): LanesVariable {
    const { get, setter } = this.make('lanes');
    return { lanes: get, set: (value) => ({ step: [...value.lanes, ...setter] }) };
  }

  private make(kind: Kind): { readonly get: readonly number[]; readonly setter: readonly number[] } {
    const index = leb(this.parameters + this.kinds.length);
    this.kinds.push(kind);
    return { get: [0x20, ...index], setter: [0x21, ...index] };
  }
}

/** The names of a function's parameters: words (addresses, counts) first, then reals. */
export interface Parameters {
  readonly words: readonly string[];
  readonly reals: readonly string[];
}

type WordParameters<Named extends Parameters> = Readonly<Record<Named['words'][number], WordVariable>>;
type RealParameters<Named extends Parameters> = Readonly<Record<Named['reals'][number], Real>>;

/** What the function does with its parameters. */
export type Body<Named extends Parameters> = (
  variables: Variables,
  words: WordParameters<Named>,
  reals: RealParameters<Named>,
) => readonly Step[];

/** The module's bytes: one exported function `run` over an imported memory. */
export function assemble<Named extends Parameters>({ reals, words }: Named, body: Body<Named>): Uint8Array<ArrayBuffer> {
  const variables = new Variables(words.length + reals.length);
  const wordParameters = words.map((own, index): [string, WordVariable] => {
    const set = (value: Word): Step => ({ step: [...value.word, 0x21, ...leb(index)] });
    return [own, { word: [0x20, ...leb(index)], set }];
  });
  const realParameters = reals.map((own, index): [string, Real] => [own, { real: [0x20, ...leb(words.length + index)] }]);
  const { step } = inOrder(
    // The names are those of the parameters.
    ...body(
      variables,
      Object.fromEntries(wordParameters) as WordParameters<Named>,
      Object.fromEntries(realParameters) as RealParameters<Named>,
    ),
  );
  const locals = variables.kinds.flatMap((kind) => [1, KINDS[kind]]);
  const code = [...leb(variables.kinds.length), ...locals, ...step, 0x0b];
  const kinds = [...words.map(() => KINDS.word), ...reals.map(() => KINDS.real)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...list(kinds), 0]),
    // A shared memory: its views stay valid when it grows.
    ...section(2, [1, ...name('m'), ...name('m'), 2, 3, ...leb(0), ...leb(MOST_PAGES)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('run'), 0, 0]),
    ...section(10, [1, ...list(code)]),
  ]);
}

/** The most 64 KB pages of a memory. */
export const MOST_PAGES = 8192;

const list = (items: readonly number[]): number[] => [...leb(items.length), ...items];
const name = (text: string): number[] => list([...Buffer.from(text, 'ascii')]);
const section = (id: number, content: readonly number[]): number[] => [id, ...list(content)];

export type VectorFunction = (...parameters: readonly number[]) => void;

/** Compiles the function for a memory. Throws where the machine has no lanes. */
export function compile<Named extends Parameters>(parameters: Named, body: Body<Named>, memory: EngineMemory): VectorFunction {
  const module = new engine.Module(assemble(parameters, body));
  const { run } = new engine.Instance(module, { m: { m: memory } }).exports;
  // What `assemble` exports.
  return run as VectorFunction;
}
