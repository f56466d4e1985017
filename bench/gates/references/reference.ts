// Another way to fill the wide table (or one like it), measured beside ours.
import type { GateContext } from '../context.ts';

export interface Filled {
  readonly rows: number;
  readonly seconds: number;
}

export interface Reference {
  readonly name: string;
  /** Into a database with the empty, bare wide table. */
  readonly fill: (context: GateContext, url: string) => Promise<Filled>;
}
