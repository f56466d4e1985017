// What the database and the gateway told of the minutes of a stage. Statements have the name that the workload gives them, or the hash of
// their id: the server's text of a statement may hold literals, so it never comes here.
import { z } from 'zod';

const statementSchema = z.strictObject({
  name: z.string(),
  calls: z.int(),
  meanMs: z.number(),
  totalMs: z.number(),
  rows: z.int(),
  /** Blocks of 8 kB. */
  sharedHit: z.int(),
  sharedRead: z.int(),
});

const databaseSchema = z.strictObject({
  commits: z.int(),
  rollbacks: z.int(),
  blocksHit: z.int(),
  blocksRead: z.int(),
  /** null: no block was asked for. */
  cacheHitFraction: z.number().nullable(),
  /** Rows that scans read, and those of them that index scans fetched. */
  rowsReturned: z.int(),
  rowsFetched: z.int(),
  temporaryFiles: z.int(),
  temporaryBytes: z.int(),
  deadlocks: z.int(),
});

const waitSampleSchema = z.strictObject({
  second: z.number(),
  /** Sessions that worked for a client, by what they waited for: `running`, `IO`, `Lock`, `LWLock`, ... */
  sessions: z.record(z.string(), z.int()),
});

const poolSampleSchema = z.strictObject({ second: z.number(), open: z.int(), idle: z.int(), queue: z.int() });

const gatewaySchema = z.strictObject({
  samples: z.array(poolSampleSchema),
  /** Statements of the time, and how long they waited for a session on average. */
  statements: z.int(),
  meanWaitMs: z.number().nullable(),
  missedSamples: z.int(),
});

export const serverFiguresSchema = z.strictObject({
  /** null: no server was named, or it went away during the stage. */
  database: z
    .strictObject({
      figures: databaseSchema,
      /** null: the server has no pg_stat_statements, or the role may not read it. By total time, the longest first. */
      statements: z.array(statementSchema).nullable(),
      waits: z.array(waitSampleSchema),
      missedSamples: z.int(),
    })
    .nullable(),
  /** null: no metrics were named. */
  gateway: gatewaySchema.nullable(),
});

export type ServerFigures = z.infer<typeof serverFiguresSchema>;
export type DatabaseFigures = z.infer<typeof databaseSchema>;
export type StatementFigures = z.infer<typeof statementSchema>;
export type GatewayFigures = z.infer<typeof gatewaySchema>;
