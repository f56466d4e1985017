// The fit of a plan as a person sees it: a line of progress for each table that takes its time, and Ctrl-C heard at every pause.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ShapecastError } from '../core/errors.ts';
import { type Progress, silentProgress } from '../core/progress.ts';
import type { Steps } from '../stats/steps.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { ProfilesStep } from './plan/profiles/add-profiles.ts';

/** Nothing is said of fits that end sooner, and never is there nothing said for longer. */
const QUIET_MS = 2000;
/** A turn of the event loop costs little, but not at every step of a small fit. */
const TURN_MS = 50;

type FitOptions = Pick<GenerateOptions, 'startProgress' | 'signal'>;

/** The result of the steps. Throws INTERRUPTED. */
export async function runFit<Result>(
  steps: Steps<ProfilesStep, Result>,
  { signal, startProgress }: FitOptions,
  nowMs: () => number = Date.now,
): Promise<Result> {
  const progress = new FitProgress(startProgress, nowMs);
  let turnMs = nowMs();
  try {
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      progress.tell(next.value);
      if (nowMs() - turnMs < TURN_MS) continue;
      await nextTurn();
      turnMs = nowMs();
      if (signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
    }
  } finally {
    progress.finish();
  }
}

/** One line after another, a table each. */
class FitProgress {
  private readonly start: FitOptions['startProgress'];
  private readonly nowMs: () => number;
  private line: Progress = silentProgress;
  private table: string | null = null;
  private swaps = 0;
  /** When something was said last, or it all began. */
  private spokenMs: number;
  private quietUntilMs = 0;

  constructor(start: FitOptions['startProgress'], nowMs: () => number) {
    this.start = start;
    this.nowMs = nowMs;
    this.spokenMs = nowMs();
  }

  tell({ done, mostSwaps, of, swaps, table }: ProfilesStep): void {
    if (table !== this.table) {
      this.finish();
      this.table = table;
      this.swaps = 0;
      const quietMs = Math.max(0, this.spokenMs + QUIET_MS - this.nowMs());
      this.quietUntilMs = this.nowMs() + quietMs;
      this.line = this.start?.(`fit ${table} (${done + 1} of ${of})`, mostSwaps, 'swaps', quietMs) ?? silentProgress;
    }
    this.line.advance(swaps - this.swaps);
    this.swaps = swaps;
  }

  /** The fit of a table mostly ends before it has tried all it may: that was all of it. */
  finish(): void {
    if (this.table === null) return;
    this.line.finish(this.swaps);
    if (this.nowMs() >= this.quietUntilMs) this.spokenMs = this.nowMs();
    this.table = null;
  }
}
