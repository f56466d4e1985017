// What is done how often: one entry is one check. A check counts as done by a run that completed, which its record shows; it is asked for only
// where the log shows that it concerns anybody.
import type { AuditCheckName } from '../spec/audit.ts';
import type { EvidenceRecord } from '../spec/evidence.ts';

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
}

const WEEK = 7;
const MONTH = 31;
const QUARTER = 92;

const has = ({ options }: EvidenceRecord, ...names: readonly string[]) => names.some((name) => options.includes(name));
const isShadowRun = (record: EvidenceRecord) =>
  (record.command === 'sync' || record.command === 'refresh') && !has(record, 'dry-run', 'propose', 'to-file');

export const AUDIT_CHECK_TABLE: readonly AuditCheck[] = [
  {
    name: 'shadow-refreshed',
    days: WEEK,
    command: 'shapecast sync',
    isDoneBy: (record) => isShadowRun(record),
    concerns: isShadowRun,
  },
  {
    name: 'shadow-verified',
    days: WEEK,
    command: 'shapecast verify-shadow',
    isDoneBy: (record) => record.command === 'verify-shadow' && !has(record, 'print-sql', 'dry-run'),
    concerns: isShadowRun,
  },
  {
    name: 'files-purged',
    days: MONTH,
    command: 'shapecast purge',
    isDoneBy: (record) => record.command === 'purge' && !has(record, 'dry-run'),
    concerns: (record) => record.command === 'sample' || (record.command === 'sync' && has(record, 'to-file')),
  },
  {
    name: 'dumps-searched',
    days: MONTH,
    command: 'shapecast audit --find-dumps DIR',
    isDoneBy: (record) => record.command === 'audit' && has(record, 'find-dumps'),
    concerns: () => true,
  },
  {
    name: 'datasets-removed',
    days: MONTH,
    command: 'shapecast teardown --expired',
    isDoneBy: (record) => record.command === 'teardown' && !has(record, 'dry-run'),
    concerns: (record) => record.command === 'generate' && !has(record, 'dry-run', 'to'),
  },
  {
    name: 'pack-refreshed',
    days: QUARTER,
    command: 'shapecast sample',
    isDoneBy: (record) => record.command === 'sample' && !has(record, 'dry-run'),
    concerns: (record) => record.command === 'sample' && !has(record, 'dry-run'),
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
