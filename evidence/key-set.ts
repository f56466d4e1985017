// The public keys beside the log, current and retired: what a signature is checked with when its key signs no longer.
import fs from 'node:fs';
import { readTextFile, writeFileAtomically } from '../core/files.ts';
import { type EvidenceKey, type EvidenceKeySet, evidenceKeySetSchema } from '../spec/evidence.ts';
import { checkDocument, parseJsonText } from '../spec/parse-document.ts';

/** The key set of a file. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function readKeySet(file: string): EvidenceKeySet {
  return checkDocument(evidenceKeySetSchema, parseJsonText(readTextFile(file), 'key set', file), 'key set', file);
}

/**
 * Makes `key` the one that signs from here on: it is in the set, and every other key is retired after record `last`. Writes
 * nothing where that is so already. A key that comes back signs again.
 */
export function instateKey(file: string, key: EvidenceKey, last: number): void {
  const before: readonly EvidenceKey[] = fs.existsSync(file) ? readKeySet(file).keys : [];
  const others = before.filter(({ kid }) => kid !== key.kid);
  const isInstated = before.some((each) => each.kid === key.kid && each.retiredAfter === undefined);
  if (isInstated && others.every(({ retiredAfter }) => retiredAfter !== undefined)) return;
  const keys = [...others.map((each) => ({ ...each, retiredAfter: each.retiredAfter ?? last })), key];
  writeFileAtomically(file, `${JSON.stringify({ keys }, null, 2)}\n`);
}
