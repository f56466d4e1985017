// Where the rules of a sync come from, for its log, its result and the evidence: the commit that holds their very text, or why none does.
import { z } from 'zod';

export const rulesOriginSchema = z.strictObject({
  /** outside: in no git checkout. unchecked: in one that git did not read. The last two are refused unless somebody overrides it. */
  state: z.enum(['committed', 'outside', 'uncommitted', 'unchecked']),
  /** The checkout's HEAD, hex. */
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .nullable(),
  /** Inside of the checkout, with slashes. */
  path: z.string().max(4096).nullable(),
  /** Of the last two states. */
  reason: z.string().max(300).optional(),
});

export type RulesOrigin = z.output<typeof rulesOriginSchema>;
