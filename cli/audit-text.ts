// What audit prints, and which notes it takes.
import { allCredentialDetectors } from '../core/detectors/credentials.ts';
import { detect } from '../core/detectors/detector.ts';
import { ibanDetector } from '../core/detectors/ibans.ts';
import { looseMailDetector } from '../core/detectors/mail-addresses.ts';
import { paymentCardDetector } from '../core/detectors/payment-cards.ts';
import { phoneNumberDetector } from '../core/detectors/phone-numbers.ts';
import { ShapecastError } from '../core/errors.ts';
import { printable } from '../core/plain-text.ts';
import { formatBytes, formatCount } from '../core/progress.ts';
import type { AuditCheckResult, AuditResult } from '../spec/audit.ts';
import type { EvidenceFacts } from '../spec/evidence.ts';
import type { FoundDump, FoundDumps } from '../spec/found-dumps.ts';

const DETECTORS = [looseMailDetector, phoneNumberDetector, paymentCardDetector, ibanDetector, ...allCredentialDetectors];
const MOST_NOTE = 300;
const MS_PER_DAY = 86_400_000;

/** Throws AUDIT_NOTE_REFUSED for a note that seems to hold personal data or a secret, OPTION_INVALID for one that cannot be kept. */
export function checkEntry({ note }: NonNullable<EvidenceFacts['entry']>): void {
  if (note.trim() === '' || note.length > MOST_NOTE || printable(note) !== note)
    throw new ShapecastError('OPTION_INVALID', { option: '--note', reason: `expected one line of 1 to ${MOST_NOTE} characters` });
  const [found] = detect(note, DETECTORS);
  if (found !== undefined) throw new ShapecastError('AUDIT_NOTE_REFUSED', { found });
}

/** A line for each check and entry, and the verdict. */
export function formatAudit({ records, faults, checks, entries }: AuditResult): string[] {
  const overdue = checks.filter(({ state }) => state === 'overdue').length;
  return [
    ...checks.map(formatCheck),
    ...entries.map(({ kind, note, at, operator }) => `- ${at.slice(0, 10)} ${kind} by ${printable(operator)}: ${note}`),
    faults === 0
      ? `✓ evidence log: ${formatCount(records)} records, chained and signed`
      : `✗ evidence log: ${formatCount(faults)} faults in ${formatCount(records)} records (shapecast evidence verify)`,
    overdue === 0 ? '✓ nothing is overdue' : `✗ ${overdue} overdue`,
  ];
}

function formatCheck({ check, state, everyDays, lastAt, dueAt, command, reason }: AuditCheckResult): string {
  const name = check.padEnd(22);
  const last = lastAt === null ? 'never' : `last ${lastAt.slice(0, 10)}`;
  if (state === 'unused' || state === 'off') return `- ${name} ${state === 'off' ? 'switched off' : 'not in use'}`;
  const due = `${state === 'overdue' ? 'was due' : 'due'} ${dueAt?.slice(0, 10) ?? ''}`;
  return `${state === 'overdue' ? '✗' : '✓'} ${name} every ${everyDays} days, ${last}, ${due}${reason === null ? '' : ` (${reason})`}: ${command}`;
}

/** A line for each dump and each file that could not be looked into, and the verdict. */
export function formatFound({ found, files, links, unreadable }: FoundDumps, now: Date): string[] {
  const raw = found.filter(({ state }) => state === 'raw').length;
  return [
    ...found.map((dump) => formatDump(dump, now)),
    ...unreadable.map(({ file, reason }) => `? ${printable(file)}: not looked into (${printable(reason)})`),
    `${raw === 0 ? '✓ no raw dump' : `✗ ${formatCount(raw)} raw ${raw === 1 ? 'dump' : 'dumps'}`} in ${formatCount(files)} files; ${formatCount(links)} links not followed, ${formatCount(unreadable.length)} not looked into`,
  ];
}

function formatDump({ file, format, state, bytes, modifiedAt, expiresAt }: FoundDump, now: Date): string {
  const age = `${formatCount(Math.max(0, Math.floor((now.getTime() - Date.parse(modifiedAt)) / MS_PER_DAY)))} days old`;
  const told = `${printable(file)}: ${format}, ${formatBytes(bytes)}, ${age}`;
  if (state === 'raw') return `✗ raw     ${told}`;
  if (state === 'schema') return `- schema  ${told}, no rows`;
  const isOver = expiresAt !== null && now >= new Date(expiresAt);
  return `- masked  ${told}, ${isOver ? 'EXPIRED (shapecast purge)' : `until ${expiresAt?.slice(0, 10) ?? ''}`}`;
}
