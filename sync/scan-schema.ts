// The schema is copied as it is, and people write data into it: defaults, CHECK lists, views and functions may name a customer. So every
// literal and comment of the dump is looked at by the detectors before any of it reaches the shadow.
import { credentialDetectors } from '../core/detectors/credentials.ts';
import { type Detector, detect } from '../core/detectors/detector.ts';
import { ibanDetector } from '../core/detectors/ibans.ts';
import { mailAddressDetector } from '../core/detectors/mail-addresses.ts';
import { paymentCardDetector } from '../core/detectors/payment-cards.ts';
import { phoneNumberDetector } from '../core/detectors/phone-numbers.ts';
import type { Problem } from '../core/errors.ts';

/** What a person, an account or a secret looks like in a text. */
export const PERSONAL: readonly Detector[] = [
  mailAddressDetector,
  phoneNumberDetector,
  paymentCardDetector,
  ibanDetector,
  ...credentialDetectors,
];

// Strings, dollar-quoted bodies and comments, in the order in which PostgreSQL reads them; quoted names are passed over.
const PIECE =
  /"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1/g;

const TIME = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::?\d\d)?)?)?$/;

/** Bodies are read line by line, so that a long function says where. */
const MAX_READING = 2000;

/** The lines of the dump that hold something personal, each with what, never the text. Pure. */
export function scanSchema(sql: string, reviewed: readonly string[]): Problem[] {
  const allowed = new Set(reviewed);
  const problems: Problem[] = [];
  for (const found of sql.matchAll(PIECE)) {
    const [piece] = found;
    // pg_dump's own comments name objects and versions.
    if (piece.startsWith('"') || piece.startsWith('--')) continue;
    const text = unquote(piece);
    // Bounds of partitions and defaults are times; their digits look like those of a phone.
    if (allowed.has(text) || TIME.test(text)) continue;
    const line = lineOf(sql, found.index);
    text.split('\n').forEach((part, at) => {
      if (allowed.has(part.trim())) return;
      for (const what of detect(part.slice(0, MAX_READING), PERSONAL))
        problems.push({ path: `schema line ${line + at}`, message: `a literal holds ${what}` });
    });
  }
  if (/^CREATE USER MAPPING /m.test(sql)) problems.push({ path: 'schema', message: 'a user mapping may hold a password' });
  return problems;
}

function unquote(piece: string): string {
  const tag = /^\$[^$]*\$/.exec(piece)?.[0];
  if (tag !== undefined) return piece.slice(tag.length, -tag.length);
  return piece.replace(/^[eE]?'|'$/g, '').replaceAll("''", "'");
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
