// The manifest of a folder of generated files (`manifest.json`, of a shard `manifest_I_of_N.json`): which rows each file holds and
// by which digests they are known. It has no clock and no machine in it, so equal data have equal manifests.
import { z } from 'zod';
import { contentHashSchema } from './report.ts';
import { BANDS } from './spec.ts';

const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** binary and text are COPY's own formats; csv has a header line. */
export const FILE_FORMATS = ['binary', 'text', 'csv'] as const;

const fileSchema = z.strictObject({
  /** The name in the folder. */
  file: z.string().regex(/^[A-Za-z0-9_.-]+$/),
  table: z.string(),
  chunk: count,
  format: z.enum(FILE_FORMATS),
  rows: count,
  /** Of the file. */
  bytes: count,
  sha256: hex64,
  /** Of its rows as COPY data in the plan's format, whatever the format of the file; so are the digests. */
  copyBytes: count,
  contentHash: contentHashSchema,
  /** SHA-256 of each block of 4096 rows, one after the other. */
  blockDigests: z.string().regex(/^([0-9a-f]{64})*$/),
});

export const fileManifestSchema = z.strictObject({
  format: z.literal('shapecast-files'),
  version: z.literal(1),
  tool: z.string(),
  spec: z.string(),
  band: z.enum(BANDS),
  seed: z.string(),
  planId: hex64,
  /** Null in the manifest of the whole dataset. */
  shard: z.strictObject({ index: count, of: count }).nullable(),
  tables: z.array(z.strictObject({ name: z.string(), rows: count, columns: z.array(z.string()) })),
  files: z.array(fileSchema),
  /** Of the whole dataset, as every other sink gives it; null while files are missing. */
  fingerprint: hex64.nullable(),
});

export type FileManifest = z.output<typeof fileManifestSchema>;
export type ManifestFile = z.output<typeof fileSchema>;
