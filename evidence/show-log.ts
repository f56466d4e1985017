// A door: the records of the log as they are read by people and by other systems. Shown is what stands there; whether it is what
// was written, verify says.
import { formatCount } from '../core/progress.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';
import { evidenceFiles } from './evidence-folder.ts';
import type { ShownRecord } from './format-ecs.ts';
import { readLog } from './read-log.ts';

export { formatEcs } from './format-ecs.ts';

/** All records as they stand. Throws EVIDENCE_NONE, FILE_UNREADABLE. */
export function listRecords(folder: string): ShownRecord[] {
  return readLog(evidenceFiles(folder).log).records.map(({ record, hash }) => ({ ...record, hash }));
}

/** One line: `   12  2026-01-31T12:00:00.000Z  teardown  completed  ann  localhost:5432/dev  ...`. */
export function formatRecord(record: EvidenceRecord): string {
  const { sequence, command, status, operator, facts, error } = record;
  const details = [
    error,
    facts.source === undefined ? null : `from ${facts.source}`,
    facts.target === undefined ? null : `on ${facts.target}`,
    ...Object.entries(facts.counts ?? {}).map(([name, count]) => `${name} ${formatCount(count)}`),
    facts.verdict ?? null,
    facts.entry === undefined ? null : `${facts.entry.kind}: ${facts.entry.note}`,
  ].filter((detail) => detail !== null);
  const place = String(sequence).padStart(5);
  return `${place}  ${record.completedAt ?? record.startedAt}  ${command.padEnd(11)}  ${status.padEnd(11)}  ${operator}  ${details.join('  ')}`.trimEnd();
}
