// The head: which record is the last, signed, in a file of its own. A chain cannot tell that its end was cut off; its head can,
// unless an old copy of it is put back too. Whoever keeps the printed hash elsewhere sees that as well.
import fs from 'node:fs';
import { canonicalJson } from '../core/canonical-json.ts';
import { readTextFile, writeFileAtomically } from '../core/files.ts';
import { evidenceHeadSchema } from '../spec/evidence.ts';
import { checkDocument, parseJsonText } from '../spec/parse-document.ts';
import type { SigningKey } from './signing-key.ts';

export interface Head {
  readonly sequence: number;
  /** Of the record's line. */
  readonly hash: string;
}

/** The head with its signature, or null where there is none. Throws DOCUMENT_INVALID, DOCUMENT_UNPARSABLE. */
export function readHead(file: string): { readonly head: Head; readonly signature: string } | null {
  if (!fs.existsSync(file)) return null;
  return checkDocument(evidenceHeadSchema, parseJsonText(readTextFile(file), 'head', file), 'head', file);
}

/** What is signed. */
export function headText(head: Head): string {
  return canonicalJson(head);
}

/** Replaces the head, whole or not at all. Throws FILE_UNWRITABLE. */
export async function writeHead(file: string, head: Head, key: SigningKey): Promise<void> {
  writeFileAtomically(file, `${canonicalJson({ head, signature: await key.sign(headText(head)) })}\n`);
}
