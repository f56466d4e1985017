// The evidence log's documents: one record per line, each with the hash of the line before and a signature, so that what
// was done with data can be shown later. A record names things and counts them; it never holds a login, a secret or a row's value.
import { z } from 'zod';
import { rulesOriginSchema } from './rules-origin.ts';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
/** No control character: a record is printed on terminals. */
const plainText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u);
const word = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,59}$/);

/** `previous` of the first record. */
export const NO_PREVIOUS = '0'.repeat(64);

/** Names kept of a list; `Total` members beside a list say how many there were. */
export const MOST_NAMES = 200;

/** started: the run began. completed: exit 0. finding: 1. refused: a mistake of the user, 2. failed: a server, file or bug. */
export const RUN_STATUSES = ['started', 'completed', 'finding', 'refused', 'failed', 'interrupted'] as const;

/** checkout, return: of a credential. incident: something went wrong with data. review: somebody went through the entries before. */
export const ENTRY_KINDS = ['checkout', 'return', 'incident', 'review'] as const;

const nameList = z.array(plainText(300)).max(MOST_NAMES);

/** What a removal left: which objects went, and whether the server was asked afterwards and said so. */
const receiptSchema = z.strictObject({
  dropped: nameList,
  emptied: nameList,
  kept: nameList,
  files: nameList,
  /** null: the server went away, or the run was interrupted, before it was asked. */
  isProven: z.boolean().nullable(),
});

/** What a command knows of its run beyond what every command line shows. */
export const evidenceFactsSchema = z.strictObject({
  /** host:port/database. */
  source: plainText(300).optional(),
  target: plainText(300).optional(),
  /** SHA-256 digests that name what was made or used: planId, fingerprint, pack, spec, ... */
  hashes: z.record(word, hex64).optional(),
  counts: z.record(word, count).optional(),
  verdict: plainText(200).optional(),
  /** Runs whose rows or documents this one is about. */
  runs: nameList.optional(),
  receipt: receiptSchema.optional(),
  /** What a person put on record by `audit --record`; the note went through the detectors. */
  entry: z.strictObject({ kind: z.enum(ENTRY_KINDS), note: plainText(300) }).optional(),
  /** Of a sync: the commit of its rules, or why there is none. */
  rules: rulesOriginSchema.extend({ path: plainText(300).nullable() }).optional(),
});

/** A file that an option (or an operand) named, hashed as the run began. */
const inputSchema = z.strictObject({ option: word, file: plainText(300), sha256: hex64 });

export const evidenceRecordSchema = z.strictObject({
  format: z.literal('shapecast-evidence'),
  version: z.literal(1),
  /** 1, 2, 3, ... without a gap. */
  sequence: z.int().min(1),
  /** SHA-256 of the line of the record before, without its line feed. */
  previous: hex64,
  runId: plainText(80),
  command: word,
  /** Names of the options that were given, never their values. */
  options: z.array(plainText(60)),
  tool: plainText(80),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,40}$/)
    .nullable(),
  operator: plainText(200),
  startedAt: z.iso.datetime(),
  /** null in the record of the start. */
  completedAt: z.iso.datetime().nullable(),
  status: z.enum(RUN_STATUSES),
  /** The code of the error that ended the run. */
  error: z
    .string()
    .regex(/^[A-Z_]{1,60}$/)
    .nullable(),
  inputs: z.array(inputSchema).max(MOST_NAMES),
  facts: evidenceFactsSchema,
  /** What a write that was cut off left before this line. */
  torn: z.strictObject({ bytes: z.int().min(1), sha256: hex64 }).optional(),
});

/** A line of the log: the record, and a detached JWS over its canonical JSON. */
export const evidenceLineSchema = z.strictObject({
  record: evidenceRecordSchema,
  signature: z.string().regex(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$/),
});

/** The last record as its writer saw it, kept beside the log: a log whose end was cut off is shorter than its head says. */
export const evidenceHeadSchema = z.strictObject({
  head: z.strictObject({ sequence: z.int().min(1), hash: hex64 }),
  signature: evidenceLineSchema.shape.signature,
});

/** Public keys, current and retired, as a JWK set. */
export const evidenceKeySetSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      /** RFC 7638 thumbprint. */
      kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      use: z.literal('sig'),
      alg: z.literal('EdDSA'),
      /** The last record that the key may have signed; absent: it signs still. */
      retiredAfter: count.optional(),
    }),
  ),
});

export type EvidenceFacts = z.output<typeof evidenceFactsSchema>;
export type EvidenceReceipt = z.output<typeof receiptSchema>;
export type EvidenceRecord = z.output<typeof evidenceRecordSchema>;
export type EvidenceKeySet = z.output<typeof evidenceKeySetSchema>;
export type EvidenceKey = EvidenceKeySet['keys'][number];
export type RunStatus = EvidenceRecord['status'];
