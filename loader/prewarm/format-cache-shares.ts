// The shares of the buffer cache as a person reads them: the largest first, the rest in one line.
import { formatBytes } from '../../core/progress.ts';
import type { PrewarmResult } from '../../spec/run-record.ts';

const MOST_LINES = 12;
const MOST_NAMES = 5;

/** One line per relation, at most 12, then all of them together. `whyComputed`: why nobody counted. */
export function formatCacheShares({ read = [], sharedBytes = 0 }: PrewarmResult, whyComputed: string | null): string[] {
  const sorted = [...read].sort((left, right) => right.cachedBytes - left.cachedBytes || (left.name < right.name ? -1 : 1));
  const shown = sorted.slice(0, MOST_LINES);
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const share = (fraction: number) => `${(fraction * 100).toFixed(1)} %`.padStart(7);
  const total = read.reduce((sum, { cacheFraction }) => sum + cacheFraction, 0);
  const source = whyComputed === null ? 'as pg_buffercache counts' : `by their sizes: ${whyComputed}`;
  return [
    ...shown.map(
      ({ bytes, cachedBytes, cacheFraction, name }) =>
        `${name.padEnd(width)}  ${share(cacheFraction)} of the buffer cache (${Math.round((100 * cachedBytes) / bytes)} % of its ${formatBytes(bytes)})`,
    ),
    ...(sorted.length > MOST_LINES ? [`and ${sorted.length - MOST_LINES} more`] : []),
    ...(read.length > 0 ? [`${'together'.padEnd(width)}  ${share(total)} of ${formatBytes(sharedBytes)}, ${source}`] : []),
  ];
}

/** A line with the first five of them; none without any. */
export function listLeftOut(names: readonly string[], reason: string): string[] {
  if (names.length === 0) return [];
  const others = names.length - MOST_NAMES;
  return [`not read, because ${reason}: ${names.slice(0, MOST_NAMES).join(', ')}${others > 0 ? ` and ${others} more` : ''}`];
}
