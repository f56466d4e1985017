// A figure in every second, each at another place of it: autocannon sends what is due at the beginning of a second, and samples that were
// taken at one place would see nothing but the end of that, or its middle.

export interface Samples<Value> {
  readonly samples: readonly { readonly second: number; readonly value: Value }[];
  readonly missed: number;
}

export interface Sampler<Value> {
  /** Takes no more, and waits for the one under way. */
  stop(): Promise<void>;
  taken(): Samples<Value>;
}

/** Where there are more, every other one is dropped, and half as many are taken from then on. */
const MOST_SAMPLES = 2000;
/** Its multiples, without their whole part, are spread most evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The milliseconds at which sample `index` (from 0) is due: one in each second, or in each `every` seconds. */
export function dueMs(index: number, every: number): number {
  return 1000 * (index * every + (((index + 1) * GOLDEN) % 1));
}

/** `read` may fail: that sample is missed, and so are those that are due while it reads. Runs until stop. */
export function sampleEverySecond<Value>(read: () => Promise<Value>): Sampler<Value> {
  const start = performance.now();
  const elapsedMs = () => performance.now() - start;
  let samples: { second: number; value: Value }[] = [];
  let missed = 0;
  let index = 0;
  let every = 1;
  let isStopped = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  const take = async () => {
    const second = Math.round(elapsedMs() / 10) / 100;
    try {
      samples.push({ second, value: await read() });
    } catch {
      missed += 1;
    }
    index += 1;
    for (; dueMs(index, every) < elapsedMs(); index += 1) missed += 1;
    if (samples.length >= MOST_SAMPLES) {
      samples = samples.filter((_, place) => place % 2 === 0);
      index = Math.ceil(index / 2);
      every *= 2;
    }
    if (!isStopped) wait();
  };
  const wait = () => {
    timer = setTimeout(() => {
      running = take();
    }, dueMs(index, every) - elapsedMs());
  };
  wait();
  return {
    async stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
    taken: () => ({ samples, missed }),
  };
}
