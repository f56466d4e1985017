// The outgoing gate: nothing leaves production that fails one of its checks. It runs on the very text that would be written,
// needs no database, and shows every fault of a pack in one run. `sample` and `calibrate` run it too.
import { PACK_FORMAT, type Pack } from '../../spec/pack.ts';
import { parseJsonText } from '../../spec/parse-document.ts';
import type { Finding } from './check.ts';
import { strictSchema } from './checks/strict-schema.ts';
import { checks } from './checks.ts';
import { isTooDeep, MAX_DEPTH, scanDocument } from './document.ts';

export interface ScanReport {
  /** In the order of checks.ts; only the first one when the text is no JSON at all. A check without findings has passed. */
  readonly checks: readonly { readonly name: string; readonly findings: readonly Finding[] }[];
  /** The pack when its schema holds, even if another check failed: ask isClean before using it. */
  readonly pack: Pack | null;
}

/**
 * Runs every check over the text of a pack. `reviewedStrings` are names and labels that a person has allowed; they pass the
 * detectors, not the schema. Never throws on account of the text. Pure.
 */
export function scanPackText(text: string, file: string, reviewedStrings: readonly string[] = []): ScanReport {
  const parsed = parseText(text, file);
  if (parsed.fault !== null) {
    return { checks: [{ name: strictSchema.name, findings: [{ path: '(document)', reason: parsed.fault }] }], pack: null };
  }
  const document = scanDocument(text, parsed.value, file, new Set(reviewedStrings));
  const results = checks.map((check) => ({ name: check.name, findings: check.run(document) }));
  const hasSchemaFault = results.some(({ name, findings }) => name === strictSchema.name && findings.length > 0);
  return { checks: results, pack: hasSchemaFault ? null : (document.parsed.data ?? null) };
}

/** Whether every check passed. */
export function isClean(report: ScanReport): boolean {
  return report.pack !== null && report.checks.every((check) => check.findings.length === 0);
}

const MAX_PRINTED = 20;

/** One line per check, ✓ or ✗, with the places and reasons of its findings below; never a value of the pack. */
export function formatScanReport(report: ScanReport): string {
  return report.checks
    .flatMap(({ name, findings }) => [`${findings.length === 0 ? '✓' : '✗'} ${name}`, ...listFindings(findings)])
    .join('\n');
}

function listFindings(findings: readonly Finding[]): string[] {
  const lines = findings.slice(0, MAX_PRINTED).map(({ path, reason }) => `    ${path}: ${reason}`);
  return findings.length > MAX_PRINTED ? [...lines, `    ... and ${findings.length - MAX_PRINTED} more`] : lines;
}

function parseText(text: string, file: string): { value: unknown; fault: string | null } {
  try {
    const value = parseJsonText(text, PACK_FORMAT, file);
    return { value, fault: isTooDeep(value) ? `it is nested deeper than ${MAX_DEPTH} levels` : null };
  } catch {
    return { value: null, fault: 'it is not JSON' };
  }
}
