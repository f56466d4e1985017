// The log's bytes as lines and back. A line feed ends a record: what follows the last one is a write that was cut off, or
// one that lost no more than its line feed.
import { canonicalJson, sha256Hex } from '../core/canonical-json.ts';
import { type EvidenceRecord, evidenceLineSchema } from '../spec/evidence.ts';

export interface ReadRecord {
  readonly record: EvidenceRecord;
  readonly signature: string;
  /** SHA-256 of the line. */
  readonly hash: string;
}

/** The line of a record, without a line feed. */
export function formatLine(record: EvidenceRecord, signature: string): string {
  return canonicalJson({ record, signature });
}

/** The record of a line, or null for anything that we did not write so, byte by byte. */
export function readLine(line: Uint8Array): ReadRecord | null {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = evidenceLineSchema.safeParse(value);
  if (!parsed.success || canonicalJson(parsed.data) !== text) return null;
  return { ...parsed.data, hash: sha256Hex(line) };
}

/** What is signed. */
export function signedText(record: EvidenceRecord): string {
  return canonicalJson(record);
}
