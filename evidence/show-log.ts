// A door: the records of the log as they are read by people and by other systems. Shown is what stands there; whether it is what
// was written, verify says.
import { formatCount } from '../core/progress.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';
import { evidenceFiles } from './evidence-folder.ts';
import type { ShownRecord } from './format-ecs.ts';
import { listUnfinished, readLog } from './read-log.ts';

export { formatEcs } from './format-ecs.ts';

/** All records as they stand. Throws EVIDENCE_NONE, FILE_UNREADABLE. */
export function listRecords(folder: string): ShownRecord[] {
  return readLog(evidenceFiles(folder).log).records.map(({ record, hash }) => ({ ...record, hash }));
}

/** The log, its keys and what else the folder needs, whether it is there or not; absolute where the folder is. Touches no disk. */
export function listLogFiles(folder: string): string[] {
  return Object.values(evidenceFiles(folder));
}

/** The records of the last runs, by their latest record, in the order of the log. */
export function ofLastRuns<Shown extends EvidenceRecord>(records: readonly Shown[], most: number): Shown[] {
  const runs = [...new Set(records.map(({ runId }) => runId).reverse())].slice(0, most);
  return records.filter(({ runId }) => runs.includes(runId));
}

/** One line for each run, by its last record; a run without an end is shown by its start. */
export function formatRuns(records: readonly EvidenceRecord[]): string[] {
  const unfinished = new Set(listUnfinished(records.map((record) => ({ record }))));
  return records.filter((record) => record.status !== 'started' || unfinished.has(record)).map(formatRecord);
}

/** `   12  2026-01-31T12:00:00.000Z  teardown  completed  ann  localhost:5432/dev  ...`; counts of nothing are left out. */
function formatRecord(record: EvidenceRecord): string {
  const { sequence, command, status, operator, facts, error } = record;
  const details = [
    error,
    facts.source === undefined ? null : `from ${facts.source}`,
    facts.target === undefined ? null : `on ${facts.target}`,
    ...formatRunIds(facts.runs ?? []),
    ...Object.entries(facts.counts ?? {})
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${formatCount(count)}`),
    facts.verdict === 'planned' ? 'dry run' : (facts.verdict ?? null),
    facts.entry === undefined ? null : `${facts.entry.kind}: ${facts.entry.note}`,
  ].filter((detail) => detail !== null);
  const place = String(sequence).padStart(5);
  return `${place}  ${record.completedAt ?? record.startedAt}  ${command.padEnd(13)}  ${status.padEnd(11)}  ${operator}  ${details.join('  ')}`.trimEnd();
}

const SHOWN_RUNS = 3;

/** The runs that made what this one is about. */
function formatRunIds(runs: readonly string[]): string[] {
  if (runs.length === 0) return [];
  const more = runs.length - SHOWN_RUNS;
  return [`of ${runs.slice(0, SHOWN_RUNS).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`];
}
