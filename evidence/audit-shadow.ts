// Whether the check of a shadow still holds: a clean check is worth nothing once another sync has replaced what it looked at, or a later
// check has found something.
import type { EvidenceRecord } from '../spec/evidence.ts';

/** Why the last run that did a check does not count any more. */
export interface Doubt {
  /** Since when, and so overdue; null: it counts, and the reason is told beside it. */
  readonly at: string | null;
  readonly reason: string;
}

/** Whether one of the options was given. */
export function hasOption({ options }: EvidenceRecord, ...names: readonly string[]): boolean {
  return names.some((name) => options.includes(name));
}

const timeOf = ({ completedAt, startedAt }: EvidenceRecord) => completedAt ?? startedAt;

/** A run that makes a shadow, or tries to. */
export function isShadowRun(record: EvidenceRecord): boolean {
  return (record.command === 'sync' || record.command === 'refresh') && !hasOption(record, 'dry-run', 'propose', 'to-file');
}

/** A run that looked at a shadow; printing SQL does not. */
export function isShadowCheck(record: EvidenceRecord): boolean {
  return record.command === 'verify-shadow' && !hasOption(record, 'print-sql', 'dry-run');
}

/** A check that also looked for values of production. */
export function isComparedCheck(record: EvidenceRecord): boolean {
  // A database that the shadow was not made from may be empty, and says nothing then.
  const isEmpty = hasOption(record, 'other-source') && record.facts.counts?.compared === 0;
  return isShadowCheck(record) && !hasOption(record, 'no-compare') && !isEmpty;
}

/** The last good check, of the shadow that the last sync made if there is one. */
export function findShadowCheck(records: readonly EvidenceRecord[]): EvidenceRecord | undefined {
  const made = findMade(records);
  const good = records.filter((record) => isComparedCheck(record) && record.status === 'completed');
  return good.findLast((record) => !isOfAnother(record, made)) ?? good.at(-1);
}

/** Why the last good check says nothing of the present shadow; null: it does, or there is nothing to tell. */
export function doubtShadowCheck(records: readonly EvidenceRecord[], last: EvidenceRecord | null): Doubt | null {
  const made = findMade(records);
  const since = records
    .slice(Math.max(placeOf(records, last), placeOf(records, made)) + 1)
    .filter((record) => isShadowCheck(record) && !isOfAnother(record, made));
  const found = since.findLast(({ status }) => status === 'finding');
  if (found !== undefined) return { at: timeOf(found), reason: 'the last verify-shadow had findings' };
  const isUncompared = since.some(({ status }) => status === 'completed');
  if (last !== null && made !== null) {
    const later = isUncompared
      ? 'the last verify-shadow was not compared, and the last good one is'
      : 'the last good verify-shadow is';
    if (placeOf(records, last) < placeOf(records, made)) return { at: timeOf(made), reason: `${later} older than the last sync` };
    if (isOfAnother(last, made)) return { at: timeOf(made), reason: `${later} of another shadow than the last sync made` };
  }
  return isUncompared ? { at: null, reason: 'the last verify-shadow was not compared' } : null;
}

function findMade(records: readonly EvidenceRecord[]): EvidenceRecord | null {
  return records.findLast((record) => isShadowRun(record) && record.status === 'completed') ?? null;
}

/** -1 of none. */
function placeOf(records: readonly EvidenceRecord[], record: EvidenceRecord | null): number {
  return record === null ? -1 : records.indexOf(record);
}

/** Where both records name the run of sync. */
function isOfAnother({ facts }: EvidenceRecord, made: EvidenceRecord | null): boolean {
  const runs = made?.facts.runs;
  return runs !== undefined && facts.runs !== undefined && !runs.some((run) => facts.runs?.includes(run));
}
