// A door: what is due, by what the evidence log shows. The log is verified first, because an audit of an altered log is worth nothing; a check
// that was never done is due one period after the log begins, and one that what came later made worthless is due at once.
import type { AuditCheckResult, AuditResult, Cadence } from '../spec/audit.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';
import { AUDIT_CHECK_TABLE, type AuditCheck } from './audit-checks.ts';
import { evidenceFiles } from './evidence-folder.ts';
import { type PlacedRecord, readLog } from './read-log.ts';
import { keyIdOf } from './signature.ts';
import { verifyLog } from './verify-log.ts';

export interface AuditOptions {
  /** Of the evidence. */
  readonly folder: string;
  readonly cadence: Cadence;
  readonly now: Date;
}

const MS_PER_DAY = 86_400_000;

/** Reads and verifies the whole log, changes nothing. Throws EVIDENCE_NONE, FILE_UNREADABLE, DOCUMENT_INVALID, DOCUMENT_UNPARSABLE. */
export async function auditLog({ folder, cadence, now }: AuditOptions): Promise<AuditResult> {
  const { faults, records: count } = await verifyLog({ folder, keysFile: null, expectedHead: null });
  const placed = readLog(evidenceFiles(folder).log).records;
  const records = placed.map(({ record }) => record);
  const begunAt = records[0]?.startedAt ?? now.toISOString();
  const keyChange = findKeyChange(placed);
  return {
    asOf: now.toISOString(),
    records: count,
    faults: faults.length,
    checks: AUDIT_CHECK_TABLE.map((check) => {
      const last = check.name === 'evidence-key-changed' ? keyChange : findLast(check, records);
      return judge(check, { last: last ?? null, records, begunAt, cadence, now });
    }),
    entries: listEntries(records),
  };
}

interface Judging {
  readonly last: EvidenceRecord | null;
  readonly records: readonly EvidenceRecord[];
  readonly begunAt: string;
  readonly cadence: Cadence;
  readonly now: Date;
}

function judge(check: AuditCheck, { last, records, begunAt, cadence, now }: Judging): AuditCheckResult {
  const everyDays = cadence.days[check.name] ?? check.days;
  const lastAt = last === null ? null : timeOf(last);
  const told = { check: check.name, lastAt, lastRunId: last?.runId ?? null, command: check.command, reason: null };
  if (everyDays === 'off') return { ...told, state: 'off', everyDays: null, dueAt: null };
  if (!records.some((record) => check.concerns(record))) return { ...told, state: 'unused', everyDays, dueAt: null };
  const { at, reason } = check.doubt?.(records, last) ?? { at: null, reason: null };
  const period = Date.parse(lastAt ?? begunAt) + everyDays * MS_PER_DAY;
  const due = at === null ? period : Math.min(period, Date.parse(at));
  const isOverdue = at !== null || now.getTime() > due;
  return { ...told, state: isOverdue ? 'overdue' : 'done', everyDays, dueAt: new Date(due).toISOString(), reason };
}

function findLast(check: AuditCheck, records: readonly EvidenceRecord[]): EvidenceRecord | undefined {
  return check.findLast?.(records) ?? records.findLast((record) => record.status === 'completed' && check.isDoneBy(record));
}

function timeOf(record: EvidenceRecord): string {
  return record.completedAt ?? record.startedAt;
}

/** The first record that the present key signed, unless that is the log's first. */
function findKeyChange(placed: readonly PlacedRecord[]): EvidenceRecord | undefined {
  const keys = placed.map(({ signature }) => keyIdOf(signature));
  const before = keys.findLastIndex((key) => key !== keys.at(-1));
  return before < 0 ? undefined : placed[before + 1]?.record;
}

function listEntries(records: readonly EvidenceRecord[]): AuditResult['entries'] {
  const isReview = ({ status, facts }: EvidenceRecord) => status === 'completed' && facts.entry?.kind === 'review';
  return records.slice(records.findLastIndex(isReview) + 1).flatMap((record) => {
    const { entry } = record.facts;
    return record.status !== 'completed' || entry === undefined
      ? []
      : [{ ...entry, at: timeOf(record), operator: record.operator }];
  });
}
