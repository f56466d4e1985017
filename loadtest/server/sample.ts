// A figure every second until it is stopped. One that takes longer than a second is waited for, and the seconds that it took are missed.

export interface Samples<Value> {
  readonly samples: readonly { readonly second: number; readonly value: Value }[];
  readonly missed: number;
}

/** Where there are more, every other one is dropped, and half as many are taken from then on. */
const MOST_SAMPLES = 2000;

export interface Sampler<Value> {
  /** Takes no more, and waits for the one under way. */
  stop(): Promise<void>;
  taken(): Samples<Value>;
}

/** `read` may fail: that sample is missed. Runs until stop. */
export function sampleEverySecond<Value>(read: () => Promise<Value>): Sampler<Value> {
  const start = performance.now();
  let samples: { second: number; value: Value }[] = [];
  let missed = 0;
  let ticks = 0;
  let every = 1;
  let running: Promise<void> | null = null;
  const take = async () => {
    const second = Math.round((performance.now() - start) / 100) / 10;
    try {
      samples.push({ second, value: await read() });
    } catch {
      missed += 1;
    }
    if (samples.length < MOST_SAMPLES) return;
    samples = samples.filter((_, index) => index % 2 === 0);
    every *= 2;
  };
  const tick = () => {
    ticks += 1;
    if (ticks % every !== 0) return;
    if (running !== null) {
      missed += 1;
      return;
    }
    running = take().finally(() => {
      running = null;
    });
  };
  const timer = setInterval(tick, 1000);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
    taken: () => ({ samples, missed }),
  };
}
