// Progress on stderr: one line redrawn on a terminal, a plain line every few seconds elsewhere.
// Results never go here; they go to stdout.

/** What a long task tells its caller; `total` in the same unit as `done`. */
export interface Progress {
  /** Adds to the work done; may be called as often as wanted. `current`: what is worked on from now on, for the line's end. */
  advance(amount: number, current?: string): void;
  /** Prints the last state and ends the line. `total`: what the total was after all, of work that could end early. */
  finish(total?: number): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** What is counted, for the rate: `rows`, `pages`. */
  readonly unit: string;
  /** Nothing is said before; 0 by default. */
  readonly quietMs?: number;
  readonly stream?: NodeJS.WritableStream & { isTTY?: boolean };
  /** Milliseconds now; injected by tests. */
  readonly nowMs?: () => number;
}

/** A progress that says nothing, for --json callers and tests. */
export const silentProgress: Progress = { advance() {}, finish() {} };

const TTY_INTERVAL_MS = 200;
const PLAIN_INTERVAL_MS = 5000;

/** Progress with rate and remaining time. A task that ends within the first interval prints one closing line only. */
export function startProgress(options: ProgressOptions): Progress {
  const stream = options.stream ?? process.stderr;
  const nowMs = options.nowMs ?? Date.now;
  const startedMs = nowMs();
  const quietMs = options.quietMs ?? 0;
  const isTerminal = stream.isTTY === true;
  let done = 0;
  let shownMs = startedMs;
  let working = '';
  const show = (closing: boolean, total = options.total) => {
    if (nowMs() - startedMs < quietMs) return;
    const state = formatProgress({ ...options, total }, done, nowMs() - startedMs);
    const line = closing || working === '' ? state : `${state}  ${working}`;
    if (isTerminal) stream.write(`\r\x1b[K${line}${closing ? '\n' : ''}`);
    else stream.write(`${line}\n`);
  };
  return {
    advance(amount, current) {
      done += amount;
      working = current ?? working;
      if (nowMs() - shownMs < (isTerminal ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
      shownMs = nowMs();
      show(false);
    },
    finish: (total) => show(true, total),
  };
}

/** `label  42 %  1,234 of 2,900 rows  410,000 rows/s  4 s left` */
export function formatProgress(options: ProgressOptions, done: number, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const share = options.total > 0 ? Math.min(100, Math.floor((100 * done) / options.total)) : 100;
  const left =
    rate > 0 && done < options.total ? `${formatSeconds((options.total - done) / rate)} left` : formatSeconds(elapsedMs / 1000);
  return `${options.label}  ${share} %  ${formatCount(done)} of ${formatCount(options.total)} ${options.unit}  ${formatCount(Math.round(rate))} ${options.unit}/s  ${left}`;
}

/** Digits in groups of three: 1,234,567. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `12.3 MB`, powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
