// The scanned document: the text as it would leave, the JSON value in it, and every string of it (keys too) with the
// readings that detectors look at. It is made from any JSON, not only from a valid pack, so that one run shows every fault.
import path from 'node:path';
import type { z } from 'zod';
import { parseTableKey } from '../../core/identifiers.ts';
import { type Pack, packSchema } from '../../spec/pack.ts';
import type { Path } from './paths.ts';
import { isExempt, isReviewable } from './places.ts';

export interface ScannedString {
  readonly path: Path;
  readonly text: string;
  readonly isKey: boolean;
  /** What detectors look at: the normalised text; nothing where place and form, or a review, say what the string is. */
  readonly readings: readonly string[];
}

export interface ScannedDocument {
  readonly text: string;
  readonly value: unknown;
  /** The value against the pack's schema: the pack, or the faults. */
  readonly parsed: z.ZodSafeParseResult<Pack>;
  readonly strings: readonly ScannedString[];
}

/** A pack is 6 levels deep. Deeper documents are refused before anything recurses into them. */
export const MAX_DEPTH = 32;
/** Longer strings are refused as such; detectors see only their beginning, so that a hostile one cannot cost much time. */
const MAX_READING = 2_000;
/** No table has so many rows: a number from here on is also read as text, because card numbers hide as numbers. */
const MIN_SUSPICIOUS_NUMBER = 1e12;

/** Collects the strings of a parsed document that isTooDeep accepted. The file's own name is one of them. */
export function scanDocument(text: string, value: unknown, file: string, reviewed: ReadonlySet<string>): ScannedDocument {
  const keys = new Map<string, ScannedString>();
  const strings: ScannedString[] = [];
  const fileName = path.basename(file);
  strings.push({ path: [FILE_NAME], text: fileName, isKey: false, readings: [normalise(fileName)] });
  visit(value, [], {
    onKey: (at, key) => {
      if (!keys.has(key)) keys.set(key, { path: [...at], text: key, isKey: true, readings: [normalise(key)] });
    },
    onLeaf: (at, leaf) => {
      if (typeof leaf === 'string')
        strings.push({ path: [...at], text: leaf, isKey: false, readings: readingsOf(at, leaf, reviewed) });
      if (typeof leaf === 'number' && Math.abs(leaf) >= MIN_SUSPICIOUS_NUMBER) {
        const digits = String(Math.abs(leaf));
        const readings = isExempt(at, digits) ? [] : [digits];
        strings.push({ path: [...at], text: '', isKey: false, readings });
      }
    },
  });
  return { text, value, parsed: packSchema.safeParse(value), strings: [...strings, ...keys.values()] };
}

const FILE_NAME = 'file_name';

interface Visitor {
  /** A key of an object; the path ends with it. The path's array is reused: copy what is kept. */
  readonly onKey?: (path: Path, key: string) => void;
  /** A string, number, boolean or null. */
  readonly onLeaf: (path: Path, leaf: unknown) => void;
}

/** Walks a JSON value in document order. */
export function visit(value: unknown, at: (string | number)[], visitor: Visitor): void {
  if (value === null || typeof value !== 'object') {
    visitor.onLeaf(at, value);
    return;
  }
  const isArray = Array.isArray(value);
  for (const [key, member] of isArray ? value.entries() : Object.entries(value)) {
    at.push(key);
    if (typeof key === 'string') visitor.onKey?.(at, key);
    visit(member, at, visitor);
    at.pop();
  }
}

/** Whether arrays and objects are nested more than MAX_DEPTH deep. Does not recurse. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((node) => (node !== null && typeof node === 'object' ? Object.values(node) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** Compatibility forms are brought together (full-width letters), and invisible characters, which hide text, are dropped. */
export function normalise(text: string): string {
  return text
    .slice(0, MAX_READING)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '');
}

/** A reviewed string is a whole value, or one part of a table's name (`Full Name` in `public."Full Name"`). */
function readingsOf(at: Path, text: string, reviewed: ReadonlySet<string>): string[] {
  if (isExempt(at, text)) return [];
  if (!isReviewable(at) || reviewed.size === 0) return [normalise(text)];
  if (reviewed.has(text)) return [];
  const parts = splitTableKey(text);
  return (parts.some((part) => reviewed.has(part)) ? parts.filter((part) => !reviewed.has(part)) : [text]).map(normalise);
}

function splitTableKey(text: string): string[] {
  try {
    const { schema, name } = parseTableKey(text);
    return [schema, name];
  } catch {
    return [];
  }
}
