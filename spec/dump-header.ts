// The first line of a masked dump: a comment of SQL that says what the file is and how long it may live. It is what purge and
// audit --find-dumps know a dump of ours by; a name says nothing.
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';

/** A masked dump is removed so many days after its first row, at the latest. */
export const DUMP_LIFETIME_DAYS = 30;
/** Ends the name of a dump that is not whole yet. */
export const PARTIAL_SUFFIX = '.partial';

const MS_PER_DAY = 86_400_000;
const BEGIN = '-- shapecast masked dump ';
const MOST_BYTES = 4096;

const dumpHeaderSchema = z.strictObject({
  format: z.literal('shapecast-dump'),
  version: z.literal(1),
  runId: z.string().min(1).max(80),
  tool: z.string().max(80),
  /** SHA-256 of the rules file, hex. */
  rulesSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Of the process that writes it: as long as it runs, an unfinished file is left alone. */
  processId: z.int().min(1),
  /** The machine's name, or the container's: a process of another one cannot be asked for. */
  host: z.string().max(255),
});

export type DumpHeader = z.output<typeof dumpHeaderSchema>;

/** The line, with its line feed. */
export function formatDumpHeader(header: DumpHeader): string {
  return `${BEGIN}${canonicalJson(header)}\n`;
}

/** The header that a file begins with, decompressed; null for any other file. */
export function readDumpHeader(head: Buffer): DumpHeader | null {
  if (!head.subarray(0, BEGIN.length).equals(Buffer.from(BEGIN))) return null;
  const end = head.subarray(0, MOST_BYTES).indexOf('\n');
  if (end < 0) return null;
  try {
    return dumpHeaderSchema.parse(JSON.parse(head.toString('utf8', BEGIN.length, end)));
  } catch {
    return null;
  }
}

/** A dump cannot lengthen its own life: the earlier of what it says and 30 days from its making. */
export function dumpExpiry({ createdAt, expiresAt }: DumpHeader): Date {
  return new Date(Math.min(Date.parse(expiresAt), Date.parse(createdAt) + DUMP_LIFETIME_DAYS * MS_PER_DAY));
}
