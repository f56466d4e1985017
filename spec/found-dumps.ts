// What a search for dumps found: each with its place, form, size and age, and whether it holds unmasked rows.
import { z } from 'zod';

const foundDump = z.strictObject({
  file: z.string(),
  /** `pg_dump, custom format`. */
  format: z.string(),
  /** raw: rows of somebody's database, or nobody can tell. masked: its first line says that sync wrote it. schema: no rows in it. */
  state: z.enum(['raw', 'masked', 'schema']),
  bytes: z.int().min(0),
  modifiedAt: z.iso.datetime(),
  /** Of a masked one. */
  expiresAt: z.iso.datetime().nullable(),
});

export const foundDumpsSchema = z.strictObject({
  found: z.array(foundDump),
  /** Files that were looked into. */
  files: z.int().min(0),
  /** Links, none of which was followed. */
  links: z.int().min(0),
  unreadable: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
});

export type FoundDumps = z.output<typeof foundDumpsSchema>;
export type FoundDump = FoundDumps['found'][number];
