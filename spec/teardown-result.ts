// What teardown says with --json: what it would remove or has removed, and what the server answered afterwards. Names and counts only.
import { z } from 'zod';

const count = z.number().min(0);

const tableSchema = z.strictObject({
  name: z.string(),
  /** Counted before; null: not counted, because --force goes on whatever the number is. */
  rows: count.nullable(),
});

/** One question to the server after the removal. */
const proofSchema = z.strictObject({ subject: z.string(), found: z.string(), passed: z.boolean() });

export const teardownResultSchema = z.strictObject({
  format: z.literal('shapecast-teardown'),
  version: z.literal(1),
  /** host:port/database; never a login. */
  target: z.string(),
  /** young: --expired, and the rows may live on. incomplete: the removal was committed, and something is there again. */
  outcome: z.enum(['nothing', 'planned', 'declined', 'young', 'removed', 'incomplete']),
  /** When the first run began; null: the marker lists none. */
  madeAt: z.string().nullable(),
  /** From then on `--expired` removes. */
  expiresAt: z.string().nullable(),
  runs: z.array(z.string()),
  drop: z.array(tableSchema),
  empty: z.array(tableSchema),
  /** Types, views, functions, schemas, ... that a schema script of ours made. */
  objects: z.array(z.string()),
  putBack: z.array(z.string()),
  gone: z.array(z.string()),
  /** What is not ours, or is used by what is not ours, and so stays. */
  kept: z.array(z.string()),
  /** Of --files: reports and run records of these runs. */
  files: z.array(z.string()),
  /** Of --database; null: it was not asked for. */
  database: z.enum(['drop', 'dropped', 'kept']).nullable(),
  proof: z.array(proofSchema),
  /** n_live_tup of the emptied tables, after ANALYZE. */
  liveTuples: z.array(z.strictObject({ table: z.string(), rows: count })),
});

export type TeardownResult = z.output<typeof teardownResultSchema>;
export type TeardownProof = TeardownResult['proof'][number];
