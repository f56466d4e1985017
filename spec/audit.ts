// The cadence of audits, a small file that a person may write, and what an audit found: which check was last done when, and what is overdue.
import { z } from 'zod';
import { ENTRY_KINDS } from './evidence.ts';

/** The checks, by the names that a cadence file and the result use. */
export const AUDIT_CHECKS = [
  'shadow-refreshed',
  'shadow-verified',
  'files-purged',
  'dumps-searched',
  'datasets-removed',
  'pack-refreshed',
  'evidence-key-changed',
  'entries-reviewed',
] as const;

export const cadenceSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Days between two runs of a check, instead of the default; `off` leaves it out. */
  days: z.partialRecord(z.enum(AUDIT_CHECKS), z.union([z.int().min(1).max(366), z.literal('off')])).default({}),
});

export type Cadence = z.output<typeof cadenceSchema>;
export type AuditCheckName = (typeof AUDIT_CHECKS)[number];

const checkResult = z.strictObject({
  check: z.enum(AUDIT_CHECKS),
  /** unused: nothing in the log calls for it. off: the cadence file says so. */
  state: z.enum(['done', 'overdue', 'unused', 'off']),
  everyDays: z.int().nullable(),
  /** The end of the run that last did it; null: none did. */
  lastAt: z.iso.datetime().nullable(),
  lastRunId: z.string().nullable(),
  /** null: of an unused check, or of one that is off. */
  dueAt: z.iso.datetime().nullable(),
  /** Why runs that did it, or would have, do not count; null: nothing to tell. */
  reason: z.string().nullable(),
  /** How it is done. */
  command: z.string(),
});

const entry = z.strictObject({
  kind: z.enum(ENTRY_KINDS),
  note: z.string(),
  at: z.iso.datetime(),
  operator: z.string(),
});

export const auditResultSchema = z.strictObject({
  asOf: z.iso.datetime(),
  /** Of the evidence log that the answer rests on. */
  records: z.int().min(0),
  faults: z.int().min(0),
  checks: z.array(checkResult),
  /** Checkouts, returns and incidents since the last review. */
  entries: z.array(entry),
});

export type AuditResult = z.output<typeof auditResultSchema>;
export type AuditCheckResult = AuditResult['checks'][number];
