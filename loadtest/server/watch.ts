// The database and the gateway during the stages of a load test: counts before and after, samples every second. What fails before the load
// is told; a sample that fails during it is counted as missed, because the load must not depend on it.
import type pg from 'pg';
import { connect } from '../../postgres/connect.ts';
import { runQuery } from '../../postgres/query.ts';
import type { ServerFigures } from '../../spec/server-figures.ts';
import { readPoolState } from './gateway-metrics.ts';
import { readDatabaseCounts, readWaits, subtractDatabaseCounts } from './read-database.ts';
import { findStatementView, readStatements, type StatementNames, subtractStatements } from './read-statements.ts';
import { sampleEverySecond } from './sample.ts';

export interface WatchOptions {
  /** null: no database is watched. */
  readonly serverUrl: string | null;
  /** null: no gateway is watched. */
  readonly metricsUrl: string | null;
  readonly metricsBearer: string | null;
  readonly names: StatementNames;
}

export interface Watch {
  /** Begins with a stage. Never throws: what went away has no figures. */
  begin(): Promise<StageWatch>;
  close(): Promise<void>;
}

export interface StageWatch {
  /** Takes no more samples; needed however the stage ends. */
  stop(): Promise<void>;
  /** After stop; null: nothing is watched. */
  figures(): Promise<ServerFigures | null>;
}

const STATEMENT_TIMEOUT_MS = 5000;

/** Throws CONNECT_FAILED, QUERY_FAILED, LOADTEST_METRICS_UNREADABLE. Close it. */
export async function openWatch(options: WatchOptions): Promise<Watch> {
  const { metricsBearer, metricsUrl, names, serverUrl } = options;
  if (metricsUrl !== null) await readPoolState(metricsUrl, metricsBearer);
  const client = serverUrl === null ? null : await openReader(serverUrl);
  return {
    async begin() {
      const database = client === null ? null : await watchDatabase(client, names).catch(() => null);
      const gateway = metricsUrl === null ? null : await watchGateway(metricsUrl, metricsBearer).catch(() => null);
      return {
        stop: async () => void (await Promise.all([database?.stop(), gateway?.stop()])),
        async figures() {
          if (database === null && gateway === null) return null;
          // A server that went away has no figures; those of the load are there all the same.
          return { database: (await database?.figures().catch(() => null)) ?? null, gateway: (await gateway?.figures()) ?? null };
        },
      };
    },
    close: async () => void (await client?.end()),
  };
}

// No transaction stays open: it would keep rows from being vacuumed, and would see the figures of its beginning for ever.
async function openReader(url: string): Promise<pg.Client> {
  const client = await connect(url, {
    applicationName: 'shapecast loadtest',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    await runQuery(client, 'the session', 'set default_transaction_read_only = on');
    // What cannot be read now is told; later it is only missing.
    await readDatabaseCounts(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function watchDatabase(client: pg.Client, names: StatementNames) {
  const view = await findStatementView(client);
  const statementsBefore = view === null ? null : await readStatements(client, view);
  const before = await readDatabaseCounts(client);
  const sampler = sampleEverySecond(() => readWaits(client));
  return {
    stop: sampler.stop,
    async figures(): Promise<ServerFigures['database']> {
      const statementsAfter = view === null ? null : await readStatements(client, view);
      const figures = subtractDatabaseCounts(before, await readDatabaseCounts(client));
      const isRead = statementsBefore !== null && statementsAfter !== null;
      const { missed, samples } = sampler.taken();
      return {
        figures,
        statements: isRead ? subtractStatements(statementsBefore, statementsAfter, names) : null,
        waits: samples.map(({ second, value }) => ({ second, sessions: value })),
        missedSamples: missed,
      };
    },
  };
}

async function watchGateway(url: string, bearer: string | null) {
  const before = await readPoolState(url, bearer);
  const sampler = sampleEverySecond(() => readPoolState(url, bearer));
  return {
    stop: sampler.stop,
    async figures(): Promise<ServerFigures['gateway']> {
      const { missed, samples } = sampler.taken();
      // A gateway that broke down under the load has said what it could.
      const after = await readPoolState(url, bearer).catch(() => samples.at(-1)?.value ?? before);
      const statements = Math.max(0, after.statements - before.statements);
      const waitedMs = 1000 * (after.waitedSeconds - before.waitedSeconds);
      return {
        samples: samples.map(({ second, value: { idle, open, queue } }) => ({ second, open, idle, queue })),
        statements,
        meanWaitMs: statements === 0 ? null : Math.round((waitedMs / statements) * 1000) / 1000,
        missedSamples: missed,
      };
    },
  };
}
