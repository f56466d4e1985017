// A CPU profile by function: the time in the function itself, most first.
import type { Profiler } from 'node:inspector';
import path from 'node:path';

export interface ProfiledFunction {
  readonly where: string;
  /** Of all samples, 0 to 1. */
  readonly share: number;
}

/** Idle time left out. */
export function profileOf({ nodes, samples = [] }: Profiler.Profile): readonly ProfiledFunction[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? '';
    if (name !== '(idle)') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts].map(([where, count]) => ({ where, share: count / total })).sort((a, b) => b.share - a.share);
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const file = url === '' ? '' : ` ${path.basename(url)}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${file}`;
}
