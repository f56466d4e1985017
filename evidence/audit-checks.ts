// What is done how often: one entry is one check. A check counts as done by a run that completed, which its record shows; it is asked for only
// where the log shows that it concerns anybody.
import type { AuditCheckName } from '../spec/audit.ts';
import type { EvidenceRecord, RunStatus } from '../spec/evidence.ts';
import { type Doubt, doubtShadowCheck, findShadowCheck, hasOption, isComparedCheck, isShadowRun } from './audit-shadow.ts';

export interface AuditCheck {
  readonly name: AuditCheckName;
  /** Between two runs, unless the cadence says otherwise. */
  readonly days: number;
  /** What to run. */
  readonly command: string;
  /** Whether the completed run did it. */
  readonly isDoneBy: (record: EvidenceRecord) => boolean;
  /** Whether the run is a reason to ask for it. */
  readonly concerns: (record: EvidenceRecord) => boolean;
  /** Which run did it last, where that is not the last one of isDoneBy. */
  readonly findLast?: (records: readonly EvidenceRecord[]) => EvidenceRecord | undefined;
  /** Whether something since then makes the last run worthless. */
  readonly doubt?: (records: readonly EvidenceRecord[], last: EvidenceRecord | null) => Doubt | null;
}

const WEEK = 7;
const MONTH = 31;
const QUARTER = 92;

/** A later try that ended badly. */
const laterOne =
  (isBad: (record: EvidenceRecord) => boolean, reason: string): NonNullable<AuditCheck['doubt']> =>
  (records, last) => {
    const bad = records.slice(last === null ? 0 : records.indexOf(last) + 1).findLast(isBad);
    return bad === undefined ? null : { at: bad.completedAt ?? bad.startedAt, reason };
  };

const BROKEN: readonly RunStatus[] = ['failed', 'interrupted'];
const isDumpSearch = (record: EvidenceRecord) => record.command === 'audit' && hasOption(record, 'find-dumps');

export const AUDIT_CHECK_TABLE: readonly AuditCheck[] = [
  {
    name: 'shadow-refreshed',
    days: WEEK,
    command: 'shapecast sync',
    isDoneBy: (record) => isShadowRun(record),
    concerns: isShadowRun,
    doubt: laterOne((record) => isShadowRun(record) && BROKEN.includes(record.status), 'the last sync failed or was cut off'),
  },
  {
    name: 'shadow-verified',
    days: WEEK,
    command: 'shapecast verify-shadow',
    isDoneBy: isComparedCheck,
    concerns: isShadowRun,
    findLast: findShadowCheck,
    doubt: doubtShadowCheck,
  },
  {
    name: 'files-purged',
    days: MONTH,
    command: 'shapecast purge',
    isDoneBy: (record) => record.command === 'purge' && !hasOption(record, 'dry-run'),
    concerns: (record) => record.command === 'sample' || (record.command === 'sync' && hasOption(record, 'to-file')),
    doubt: laterOne(({ error }) => error === 'PURGE_INCOMPLETE', 'the last purge could not remove everything'),
  },
  {
    name: 'dumps-searched',
    days: MONTH,
    command: 'shapecast audit --find-dumps DIR',
    isDoneBy: isDumpSearch,
    concerns: () => true,
    doubt: laterOne((record) => isDumpSearch(record) && record.status === 'finding', 'the last search found raw dumps'),
  },
  {
    name: 'datasets-removed',
    days: MONTH,
    command: 'shapecast teardown --expired',
    isDoneBy: (record) => record.command === 'teardown' && !hasOption(record, 'dry-run'),
    concerns: (record) => record.command === 'generate' && !hasOption(record, 'dry-run', 'to'),
  },
  {
    name: 'pack-refreshed',
    days: QUARTER,
    command: 'shapecast sample',
    isDoneBy: (record) => record.command === 'sample' && !hasOption(record, 'dry-run'),
    concerns: (record) => record.command === 'sample' && !hasOption(record, 'dry-run'),
  },
  {
    name: 'evidence-key-changed',
    days: QUARTER,
    command: 'shapecast evidence rotate',
    // A key of the user's own changes without a command: signatures tell, see audit-log.ts.
    isDoneBy: () => false,
    concerns: () => true,
  },
  {
    name: 'entries-reviewed',
    days: QUARTER,
    command: 'shapecast audit --record review --note TEXT',
    isDoneBy: ({ facts }) => facts.entry?.kind === 'review',
    concerns: ({ facts }) => facts.entry !== undefined,
  },
];
