// Extended statistics: what the planner is to know of columns that go together. No row depends on them, so the plan leaves them out; the
// report carries them to load, which makes them before it analyses.
import { z } from 'zod';

/** CREATE STATISTICS: different combinations; which column follows from which; the most frequent combinations. */
export const STATISTICS_KINDS = ['ndistinct', 'dependencies', 'mcv'] as const;

/** The server's limits: bytes of a name, columns of one object. */
const MOST_NAME_BYTES = 63;
const MOST_COLUMNS = 8;
const MOST_PER_TABLE = 100;

const identifier = z
  .string()
  .min(1)
  .refine((name) => Buffer.byteLength(name) <= MOST_NAME_BYTES, `expected at most ${MOST_NAME_BYTES} bytes`)
  .refine((name) => !name.includes('\0'), 'expected no zero byte');
const areDifferent = (values: readonly string[]) => new Set(values).size === values.length;

export const statisticsSchema = z.strictObject({
  /** In the table's schema. */
  name: identifier,
  columns: z.array(identifier).min(2).max(MOST_COLUMNS).refine(areDifferent, 'expected different columns'),
  kinds: z
    .array(z.enum(STATISTICS_KINDS))
    .min(1)
    .refine(areDifferent, 'expected different kinds')
    .default([...STATISTICS_KINDS]),
});

/** Of one table, in a spec: with the reason beside each. */
export const tableStatisticsSchema = z.array(statisticsSchema.extend({ because: z.string().optional() })).max(MOST_PER_TABLE);

export type Statistics = z.output<typeof statisticsSchema>;
