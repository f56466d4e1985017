// The mapping: how the pack's tokens were made, for the privacy officer. No plaintext, no salt and no digest of it.
import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const mappingSchema = z.strictObject({
  format: z.literal('shapecast-mapping'),
  version: z.literal(1),
  runId: z.string().max(100),
  algorithm: z.literal('HMAC-SHA256 truncated to 64 bits, key per column by HKDF-SHA256'),
  /** Random, never derived from the salt. */
  keyId: z.string().max(100),
  domains: z.array(z.strictObject({ table: z.string().max(100), column: z.string().max(100), tokens: z.int().min(0) })),
  compliance: z.strictObject({
    containsPlaintext: z.literal(false),
    containsSalt: z.literal(false),
    isReversible: z.literal(false),
  }),
  retention: z.strictObject({ days: z.int(), expires: day }),
});

export type Mapping = z.output<typeof mappingSchema>;
