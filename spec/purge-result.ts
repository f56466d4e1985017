// What a purge did, or with --dry-run would do.
import { z } from 'zod';

const artefact = z.strictObject({
  file: z.string(),
  /** masked dump, unfinished dump, pack, mapping, digest set. */
  what: z.string(),
  expiresAt: z.iso.datetime(),
});
const told = z.strictObject({ file: z.string(), reason: z.string() });

export const purgeResultSchema = z.strictObject({
  dryRun: z.boolean(),
  /** Expired, and gone (of a dry run: would go). */
  removed: z.array(artefact),
  /** Ours, and still valid. */
  kept: z.array(artefact),
  /** Links, and what could not be read or looks like ours and is not. */
  left: z.array(told),
  /** Expired, and could not be removed. */
  failed: z.array(told),
  /** Entries of the folders that are nothing of ours; the evidence log's own files are not counted. */
  others: z.int().min(0),
});

export type PurgeResult = z.output<typeof purgeResultSchema>;
