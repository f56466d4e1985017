// Where the evidence lies: one folder, made with mode 0700, that keeps itself out of git. Everything in it has mode 0600.
import fs from 'node:fs';
import path from 'node:path';
import { unwritable } from '../core/files.ts';

export interface EvidenceFiles {
  readonly folder: string;
  /** The records, one a line. */
  readonly log: string;
  /** The last record's place and hash, signed. */
  readonly head: string;
  /** Public keys. */
  readonly keys: string;
  /** The private key, where none is given by a file of the user's. */
  readonly signingKey: string;
  readonly lock: string;
  /** Keeps the folder out of git. */
  readonly ignore: string;
}

/** The files of an evidence folder; touches no disk. */
export function evidenceFiles(folder: string): EvidenceFiles {
  const file = (name: string) => path.join(folder, name);
  return {
    folder,
    log: file('evidence.jsonl'),
    head: file('head.json'),
    keys: file('keys.json'),
    signingKey: file('signing-key.json'),
    lock: file('lock'),
    ignore: file('.gitignore'),
  };
}

/** Makes the folder where it is missing. Throws FILE_UNWRITABLE. */
export function makeEvidenceFolder({ folder, ignore }: EvidenceFiles): void {
  try {
    // The folders above keep their usual mode: under root the embedded server's user passes through .shapecast.
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '*\n', { mode: 0o600 });
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}
