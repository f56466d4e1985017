// Bars with names, as SVG text: one bar per place, a tick for its floor, a dashed line for the target.
import { escapeHtml } from './html.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly floor: number | null;
}

export interface BarChart {
  /** Read out instead of the picture. */
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Where the bars begin: 1 for quotients, 0 for differences. */
  readonly base: number;
  readonly target: number | null;
  readonly direction: 'atLeast' | 'atMost';
  readonly format: (value: number) => string;
}

const WIDTH = 900;
const NAME_WIDTH = 470;
const VALUE_WIDTH = 70;
const ROW_HEIGHT = 18;
const MAX_NAME = 74;

/** An SVG element; empty for no bars. */
export function barChart({ title, bars, base, target, direction, format }: BarChart): string {
  if (bars.length === 0) return '';
  const largest = Math.max(base, target ?? base, ...bars.flatMap(({ value, floor }) => [value, floor ?? base]));
  const span = largest > base ? largest - base : 1;
  const x = (value: number) => round(NAME_WIDTH + ((Math.max(base, value) - base) / span) * (WIDTH - NAME_WIDTH - VALUE_WIDTH));
  const height = bars.length * ROW_HEIGHT + 4;
  const rows = bars.map((bar, index) => {
    const y = index * ROW_HEIGHT + 2;
    const isMet = target === null || (direction === 'atMost' ? bar.value <= target : bar.value >= target);
    const floor = bar.floor === null ? '' : `<rect x="${x(bar.floor)}" y="${y}" width="2" height="14" fill="currentColor"/>`;
    return `<text x="${NAME_WIDTH - 8}" y="${y + 11}" text-anchor="end">${escapeHtml(shorten(bar.name))}</text>
<rect x="${NAME_WIDTH}" y="${y + 1}" width="${round(Math.max(1, x(bar.value) - NAME_WIDTH))}" height="12" fill="${isMet ? 'var(--bar)' : 'var(--bad-bar)'}"/>${floor}
<text x="${round(x(bar.value) + 5)}" y="${y + 11}">${escapeHtml(format(bar.value))}</text>`;
  });
  const line =
    target === null || target < base
      ? ''
      : `<line x1="${x(target)}" y1="0" x2="${x(target)}" y2="${height}" stroke="currentColor" stroke-dasharray="3 3"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="${escapeHtml(title)}" fill="currentColor" font-family="system-ui, sans-serif" font-size="11">
${rows.join('\n')}
${line}
</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function shorten(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}
