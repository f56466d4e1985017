// What a run is asked for; the command line fills it from flags.
import type { Progress } from '../core/progress.ts';
import type { Plan } from '../spec/plan.ts';
import type { Band, Spec } from '../spec/spec.ts';
import type { PlanSize } from './plan-size.ts';
import type { Shard } from './shard.ts';
import type { FileSink } from './sinks/file-sink.ts';

export interface GenerateOptions {
  readonly spec: Spec;
  readonly band: Band;
  readonly seed: string;
  /** Factor on every count that grows; default 1. */
  readonly scale?: number | undefined;
  /** Rows by table key, instead of what the spec says. */
  readonly rows?: ReadonlyMap<string, number> | undefined;
  /** `null` makes and hashes the rows and sends them nowhere, `files` writes them; the target's structure is still read from `url`. */
  readonly target:
    | { readonly kind: 'postgres' | 'null'; readonly url: string }
    | { readonly kind: 'files'; readonly url: string; readonly sink: FileSink };
  /** Only this share of the chunks is made; default all. */
  readonly shard?: Shard | undefined;
  /** Run when the target has none of the spec's tables. */
  readonly createSql?: string | undefined;
  /** Leaves every key, constraint and index of the target where it is; foreign keys are then not checked while rows go in. */
  readonly keepIndexes?: boolean | undefined;
  /** Tables lose their rows when the server crashes, and are written without the server's log. */
  readonly unlogged?: boolean | undefined;
  readonly workers: number;
  readonly operator: string;
  readonly startProgress?: ((label: string, total: number, unit: string, quietMs?: number) => Progress) | undefined;
  /** Told the size before the first row. */
  readonly onPlan?: ((plan: Plan, size: PlanSize) => void) | undefined;
  /** Told what may go wrong and how the target differs from what the spec was measured on, a line each. */
  readonly warn?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}
