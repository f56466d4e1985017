// Differences and warnings as lines for the terminal; a schema that has moved on would otherwise fill the screen.
import type { Drift } from './compare-structure.ts';
import type { Finding } from './preflight.ts';

/** Lines shown before the rest is counted. */
const SHOWN_LINES = 20;

/** One line per difference, at most 20, then how many more. */
export function driftLines(drift: readonly Drift[]): string[] {
  return shorten(
    drift.map(({ path, message }) => `drift: ${path}: ${message}`),
    'differences',
  );
}

/** One line per warning, at most 20, then how many more. */
export function warningLines(warnings: readonly Finding[]): string[] {
  return shorten(
    warnings.map(({ path, message }) => `warning: ${path}: ${message}`),
    'warnings',
  );
}

function shorten(lines: readonly string[], what: string): string[] {
  const shown = lines.slice(0, SHOWN_LINES);
  return lines.length > shown.length
    ? [...shown, `... and ${lines.length - shown.length} more ${what} (--json lists all)`]
    : shown;
}
