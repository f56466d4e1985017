// Needed against free disk: a refusal where it cannot fit, a warning where little would be left.
import type { Problem } from '../core/errors.ts';
import { formatBytes } from '../core/progress.ts';

/** Above this share of the free space a person is warned. */
const WARNING_SHARE = 0.8;

export interface DiskJudgement {
  readonly problem: Problem | null;
  readonly warning: Problem | null;
}

/** `freeBytes` null: it cannot be seen, and nothing is judged. Bytes of tables and indexes that are there already do not count. */
export function judgeDisk(neededBytes: number, freeBytes: number | null): DiskJudgement {
  if (freeBytes === null || neededBytes <= WARNING_SHARE * freeBytes) return { problem: null, warning: null };
  const figures = `about ${formatBytes(neededBytes)} are needed and ${formatBytes(freeBytes)} are free`;
  const wayOut = 'lower --scale, or make room';
  if (neededBytes > freeBytes) return { problem: { path: 'target.disk', message: `${figures}: ${wayOut}` }, warning: null };
  return {
    problem: null,
    warning: { path: 'target.disk', message: `${figures}, WAL and sort files come on top: ${wayOut}` },
  };
}
