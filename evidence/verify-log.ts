// A door: is the log what was written? Every record is named that was altered, removed or moved, with the reason; what follows
// from one such fault is not reported again.
import type { EvidenceKey } from '../spec/evidence.ts';
import { checkChain, type Fault } from './check-chain.ts';
import { evidenceFiles } from './evidence-folder.ts';
import { type Head, headText, readHead } from './head.ts';
import { readKeySet } from './key-set.ts';
import { signedText } from './log-lines.ts';
import { listUnfinished, type PlacedRecord, readLog } from './read-log.ts';
import { isSignedBy, keyIdOf } from './signature.ts';

export interface Verification {
  readonly log: string;
  readonly records: number;
  /** Of the last record; to be kept elsewhere. */
  readonly head: Head | null;
  readonly faults: readonly Fault[];
  /** What is no fault and worth a look. */
  readonly notes: readonly string[];
  readonly keys: readonly { readonly kid: string; readonly records: number; readonly isRetired: boolean }[];
}

export interface VerifyOptions {
  readonly folder: string;
  /** A key set kept elsewhere; null: the one beside the log, which whoever can write the log can change too. */
  readonly keysFile: string | null;
  /** A hash that an earlier verification printed; null: none is expected. */
  readonly expectedHead: string | null;
}

/** Reads everything, changes nothing. Throws EVIDENCE_NONE, FILE_UNREADABLE, DOCUMENT_INVALID, DOCUMENT_UNPARSABLE. */
export async function verifyLog({ folder, keysFile, expectedHead }: VerifyOptions): Promise<Verification> {
  const files = evidenceFiles(folder);
  // Before the log: a record that is being appended meanwhile is then in the log and not yet in the head.
  const head = readHead(files.head);
  const { records, end } = readLog(files.log);
  const { keys } = readKeySet(keysFile ?? files.keys);
  const unsound = await checkSignatures(records, keys);
  const last = records.at(-1);
  const faults = [
    ...checkChain(records, new Set(unsound.map(({ sequence }) => sequence))),
    ...unsound,
    ...(await checkHead(records, head, keys)),
    ...checkExpectedHead(records, expectedHead),
  ].sort((left, right) => (left.sequence ?? Infinity) - (right.sequence ?? Infinity));
  return {
    log: files.log,
    records: records.length,
    head: last === undefined ? null : { sequence: last.record.sequence, hash: last.hash },
    faults,
    notes: [
      ...records.flatMap(({ record, stretch }) =>
        stretch !== null && record.torn !== undefined ? [`before record ${record.sequence}: ${describeTorn(stretch.bytes)}`] : [],
      ),
      ...(end === null ? [] : [`at the end: ${describeTorn(end.bytes)}`]),
      ...listUnfinished(records).map(
        ({ sequence, command, runId }) => `record ${sequence}: ${command} (${runId}) has no end: it is at work, or was killed`,
      ),
    ],
    keys: countKeys(records, keys),
  };
}

function describeTorn(bytes: number): string {
  return `a write was cut off (${bytes} bytes)`;
}

async function checkSignatures(records: readonly PlacedRecord[], keys: readonly EvidenceKey[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { record, signature } of records) {
    const reason = await judgeSignature(signature, signedText(record), record.sequence, keys);
    if (reason !== null) faults.push({ sequence: record.sequence, reason });
  }
  return faults;
}

async function judgeSignature(
  signature: string,
  text: string,
  sequence: number,
  keys: readonly EvidenceKey[],
): Promise<string | null> {
  const kid = keyIdOf(signature);
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) return 'signed by a key that is not in the key set';
  if (!(await isSignedBy(key, signature, text))) return 'altered: its signature is of another text';
  if (key.retiredAfter !== undefined && sequence > key.retiredAfter)
    return `signed by a key that was retired after record ${key.retiredAfter}`;
  return null;
}

async function checkHead(
  records: readonly PlacedRecord[],
  stored: ReturnType<typeof readHead>,
  keys: readonly EvidenceKey[],
): Promise<Fault[]> {
  const last = records.at(-1)?.record.sequence ?? 0;
  if (stored === null) {
    return records.length > 1 ? [{ sequence: null, reason: 'the head is missing: records may be gone from the end' }] : [];
  }
  const { head, signature } = stored;
  const reason = await judgeSignature(signature, headText(head), head.sequence, keys);
  if (reason !== null) return [{ sequence: null, reason: `the head: ${reason}` }];
  if (head.sequence > last) {
    const gone = head.sequence === last + 1 ? 'it was' : `records ${last + 1} to ${head.sequence} were`;
    return [{ sequence: last + 1, reason: `removed: ${gone} written, and the log ends before` }];
  }
  const named = records.find(({ record }) => record.sequence === head.sequence);
  if (named === undefined || named.hash === head.hash) return [];
  return [{ sequence: head.sequence, reason: 'altered: it is not the record that the head names' }];
}

function checkExpectedHead(records: readonly PlacedRecord[], expected: string | null): Fault[] {
  if (expected === null || records.some(({ hash }) => hash === expected)) return [];
  return [{ sequence: null, reason: 'the expected head is not in the log: its end was removed, or it was written again' }];
}

function countKeys(records: readonly PlacedRecord[], keys: readonly EvidenceKey[]): Verification['keys'] {
  return keys.map(({ kid, retiredAfter }) => ({
    kid,
    records: records.filter(({ signature }) => keyIdOf(signature) === kid).length,
    isRetired: retiredAfter !== undefined,
  }));
}
