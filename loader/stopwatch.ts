// How long each step took, for the run record.

export interface Stopwatch {
  /** Runs the step and notes its milliseconds, also when it fails. */
  readonly timed: <Result>(name: string, step: () => Promise<Result>) => Promise<Result>;
  readonly steps: readonly { readonly name: string; readonly durationMs: number }[];
}

/** A monotonic clock; the steps in the order in which they ended. */
export function createStopwatch(): Stopwatch {
  const steps: { name: string; durationMs: number }[] = [];
  return {
    steps,
    async timed(name, step) {
      const started = performance.now();
      try {
        return await step();
      } finally {
        steps.push({ name, durationMs: Math.round(performance.now() - started) });
      }
    },
  };
}
