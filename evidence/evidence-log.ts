// A door: appending to the evidence log. Under the folder's lock: find the last record, chain and sign the next one, write it in
// one go, flush, then move the head. So the head is never ahead of the log, whatever breaks off in between.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { withFileLock } from '../core/file-lock.ts';
import { flushFolder, unwritable } from '../core/files.ts';
import { type EvidenceRecord, evidenceRecordSchema, NO_PREVIOUS } from '../spec/evidence.ts';
import { type EvidenceFiles, evidenceFiles, makeEvidenceFolder } from './evidence-folder.ts';
import { type Head, readHead, writeHead } from './head.ts';
import { instateKey } from './key-set.ts';
import { formatLine, readLine, signedText } from './log-lines.ts';
import { readTail } from './read-tail.ts';
import { makeSigningKey, readSigningKey, type SigningKey } from './signing-key.ts';

/** What the log itself adds to a record. */
type Chained = 'format' | 'version' | 'sequence' | 'previous' | 'torn';
export type NewRecord = Omit<EvidenceRecord, Chained>;

export interface EvidencePlace {
  readonly folder: string;
  /** A private key (JWK) of the user's; null: the folder's own, made at first use. */
  readonly keyFile: string | null;
}

/**
 * Appends one record and returns its place; on disk when it returns. Throws FILE_UNWRITABLE, LOCK_HELD, EVIDENCE_BROKEN,
 * EVIDENCE_KEY_INVALID, FILE_UNREADABLE; then the log is as it was, or ends in a torn line that the next record accounts for.
 */
export async function appendRecord(place: EvidencePlace, record: NewRecord): Promise<Head> {
  const files = evidenceFiles(place.folder);
  makeEvidenceFolder(files);
  return withFileLock(files.lock, async () => {
    const key = await openKey(files, place.keyFile);
    return appendUnderLock(files, key, record);
  });
}

/** Signs the record with the key that was in use, and makes another one for all that come after. Only for a key of the folder's own. */
export async function rotateKey(folder: string, record: (newKeyId: string) => NewRecord): Promise<Head> {
  const files = evidenceFiles(folder);
  makeEvidenceFolder(files);
  return withFileLock(files.lock, async () => {
    const old = await openKey(files, null);
    const draft = `${files.signingKey}.next`;
    await makeSigningKey(draft);
    const next = await readSigningKey(draft);
    const head = await appendUnderLock(files, old, record(next.publicKey.kid));
    fs.renameSync(draft, files.signingKey);
    instateKey(files.keys, next.publicKey, head.sequence);
    return head;
  });
}

async function openKey(files: EvidenceFiles, keyFile: string | null): Promise<SigningKey> {
  if (keyFile !== null) return readSigningKey(keyFile);
  if (!fs.existsSync(files.signingKey)) await makeSigningKey(files.signingKey);
  return readSigningKey(files.signingKey);
}

async function appendUnderLock(files: EvidenceFiles, key: SigningKey, record: NewRecord): Promise<Head> {
  const { last, torn, isOpen } = readTail(files.log);
  refuseBroken(files, last === null ? null : { sequence: last.record.sequence, hash: last.hash });
  const lastSequence = last?.record.sequence ?? 0;
  instateKey(files.keys, key.publicKey, lastSequence);
  const whole = evidenceRecordSchema.parse({
    ...record,
    format: 'shapecast-evidence',
    version: 1,
    sequence: lastSequence + 1,
    previous: last?.hash ?? NO_PREVIOUS,
    ...(torn === null ? {} : { torn }),
  });
  const line = formatLine(whole, await key.sign(signedText(whole)));
  const written = readLine(Buffer.from(line));
  if (written === null) throw new ShapecastError('BUG', { what: 'an evidence record that cannot be read again' });
  appendFlushed(files.log, `${isOpen ? '\n' : ''}${line}\n`);
  const head = { sequence: whole.sequence, hash: written.hash };
  await writeHead(files.head, head, key);
  return head;
}

/** A log that ends before its head was cut or rewritten: to go on would cover that up. */
function refuseBroken({ head: file, log }: EvidenceFiles, last: Head | null): void {
  const head = readHead(file)?.head;
  if (head === undefined || (last?.sequence ?? 0) > head.sequence) return;
  if (last === null || last.sequence < head.sequence || last.hash !== head.hash)
    throw new ShapecastError('EVIDENCE_BROKEN', { file: log, sequence: head.sequence });
}

function appendFlushed(file: string, text: string): void {
  try {
    const isNew = !fs.existsSync(file);
    const handle = fs.openSync(file, 'a', 0o600);
    try {
      fs.writeFileSync(handle, text);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    if (isNew) flushFolder(path.dirname(file));
  } catch (cause) {
    throw unwritable(file, cause);
  }
}
