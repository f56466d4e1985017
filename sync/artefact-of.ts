// Which files purge knows as ours, and until when they may be kept. A file is known by its form, checked as strictly as by who uses it; its name
// says nothing. One entry of KINDS is one kind of artefact.
import fs from 'node:fs';
import os from 'node:os';
import { ShapecastError } from '../core/errors.ts';
import { type DumpHeader, dumpExpiry, PARTIAL_SUFFIX, readDumpHeader } from '../spec/dump-header.ts';
import { mappingSchema } from '../spec/mapping.ts';
import { checkDocument, parseJsonText } from '../spec/parse-document.ts';
import { expiryOfPack, parsePack } from '../spec/read-pack.ts';
import { DIGESTS_LIFETIME_DAYS, shadowDigestsSchema } from '../spec/shadow-digests.ts';
import type { PeekedFile } from './peek-file.ts';

export interface Artefact {
  /** As a noun: `masked dump`. */
  readonly what: string;
  /** From this moment on it may not be kept. */
  readonly expiresAt: Date;
  /** An unfinished dump whose process has ended: it may go at once. */
  readonly isAbandoned: boolean;
}

/** A verdict on a file: ours; `damaged`, ours by its beginning but not to be read as such; or somebody else's. */
export type Recognised =
  | { readonly kind: 'ours'; readonly artefact: Artefact }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'foreign' };

interface DocumentKind {
  readonly what: string;
  readonly sign: RegExp;
  /** Throws what parsing throws. */
  readonly expiryOf: (text: string, file: string) => string;
}

const MOST_DOCUMENT_BYTES = 512 * 1024 * 1024;
/** After a killed run: an empty partial file has no header yet. */
const EMPTY_LIFE_MS = 86_400_000;
const MS_PER_DAY = 86_400_000;
const OWN_PARTIAL = /\.sql(?:\.gz)?\.[0-9a-f]{8}\.partial$/;

const KINDS: readonly DocumentKind[] = [
  {
    what: 'pack',
    sign: /"format"\s*:\s*"shapecast-pack"/,
    expiryOf: (text, file) => expiryOfPack(parsePack(text, file), file),
  },
  {
    what: 'mapping',
    sign: /"format"\s*:\s*"shapecast-mapping"|^\s*\{\s*"algorithm"\s*:\s*"HMAC-SHA256 truncated to 64 bits/,
    expiryOf: (text, file) =>
      checkDocument(mappingSchema, parseJsonText(text, 'mapping', file), 'mapping', file).retention.expires,
  },
  {
    what: 'digest set',
    sign: /"format"\s*:\s*"shapecast-shadow-digests"/,
    expiryOf: (text, file) => {
      const { createdAt } = checkDocument(shadowDigestsSchema, parseJsonText(text, 'digest set', file), 'digest set', file);
      return new Date(Date.parse(createdAt) + DIGESTS_LIFETIME_DAYS * MS_PER_DAY).toISOString().slice(0, 10);
    },
  },
];

/** What the file is. Reads documents whole; a dump by its first line alone. */
export function recognise(file: string, peeked: PeekedFile): Recognised {
  const header = readDumpHeader(peeked.head);
  const isPartial = file.endsWith(PARTIAL_SUFFIX);
  if (header !== null) {
    const isAbandoned = isPartial && !isBeingWritten(header, peeked.modifiedAt);
    return ours({ what: isPartial ? 'unfinished dump' : 'masked dump', expiresAt: dumpExpiry(header), isAbandoned });
  }
  if (OWN_PARTIAL.test(file)) {
    if (peeked.bytes > 0) return { kind: 'damaged', reason: 'its first line is none of ours' };
    return ours({
      what: 'unfinished dump',
      expiresAt: new Date(peeked.modifiedAt.getTime() + EMPTY_LIFE_MS),
      isAbandoned: false,
    });
  }
  const beginning = peeked.head.toString('utf8');
  const kind = peeked.packing === 'none' ? KINDS.find(({ sign }) => sign.test(beginning)) : undefined;
  return kind === undefined ? { kind: 'foreign' } : readDocument(file, peeked, kind);
}

function ours(artefact: Artefact): Recognised {
  return { kind: 'ours', artefact };
}

function readDocument(file: string, { bytes }: PeekedFile, { what, expiryOf }: DocumentKind): Recognised {
  if (bytes > MOST_DOCUMENT_BYTES) return { kind: 'damaged', reason: `too large for a ${what}` };
  try {
    const expiresAt = new Date(`${expiryOf(fs.readFileSync(file, 'utf8'), file)}T00:00:00Z`);
    if (Number.isNaN(expiresAt.getTime())) return { kind: 'damaged', reason: 'its expiry is no day' };
    return ours({ what, expiresAt, isAbandoned: false });
  } catch (error) {
    return {
      kind: 'damaged',
      reason: `not readable as a ${what} (${error instanceof ShapecastError ? error.code : 'unknown reason'})`,
    };
  }
}

/** Of a writer on another machine, or in another container, only the file tells: it has not grown for a day. */
function isBeingWritten({ host, processId }: DumpHeader, modifiedAt: Date): boolean {
  if (host === os.hostname()) return isRunning(processId);
  return Date.now() - modifiedAt.getTime() < MS_PER_DAY;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Somebody else's process has that number; our own would answer.
    return error !== null && typeof error === 'object' && 'code' in error && error.code === 'EPERM';
  }
}
