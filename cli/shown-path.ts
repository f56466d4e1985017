// How a file is named to the person at the terminal.
import path from 'node:path';

/** The file relative to the current folder where it lies inside it, else whole. Names the same file for the process. */
export function shownPath(file: string): string {
  const relative = path.relative('', file);
  if (relative === '') return '.';
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
