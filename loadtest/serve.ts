// The door of `serve`: a workload's queries as HTTP endpoints over a pool of sessions that can only read. What can be asked is decided
// before it listens: the statements are those of the workload, and each is planned once to see that the target knows it.
import type { FastifyInstance } from 'fastify';
import { ShapecastError } from '../core/errors.ts';
import { systemCodeOf } from '../core/system-code.ts';
import { openReadPool, type ReadPool } from '../postgres/read-pool.ts';
import { readRows, withSide } from '../postgres/read-side.ts';
import type { Workload } from '../spec/workload.ts';
import { type Endpoint, listSlugs, resolveEndpoints } from './gateway/endpoints.ts';
import { createHttpServer } from './gateway/http-server.ts';
import { createMetrics } from './gateway/metrics.ts';
import { createMetricsServer } from './gateway/metrics-server.ts';

export interface ServeOptions {
  readonly url: string;
  readonly workload: Workload;
  /** The workload's file, for messages. */
  readonly file: string;
  readonly host: string;
  /** 0: any free one; so is metricsPort. */
  readonly port: number;
  readonly metricsPort: number;
  /** null: the metrics are on loopback, for everybody there. */
  readonly metricsBearer: string | null;
  /** Sessions of the pool, at least 1. */
  readonly connections: number;
  /** Above 0; of a query, and again of its wait for a session. */
  readonly statementTimeoutMs: number;
  /** Ends the start; a gateway that runs is ended by stop(). */
  readonly signal?: AbortSignal;
}

export interface RunningGateway {
  /** `http://127.0.0.1:8080`. */
  readonly address: string;
  readonly metricsAddress: string;
  /** `/queries/message-history`, in the workload's order. */
  readonly paths: readonly string[];
  /** Takes no new request, answers those under way, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

const APPLICATION_NAME = 'shapecast serve';
/** The values of the ranks need a scan of their columns. */
const LOOK_UP_TIMEOUT_MS = 600_000;
const LOOPBACK = '127.0.0.1';

/** Starts the gateway. Throws DOCUMENT_INVALID, QUERY_FAILED, RANK_WITHOUT_VALUE, CONNECT_FAILED, LISTEN_FAILED, INTERRUPTED; leaves nothing open then. */
export async function serveWorkload(options: ServeOptions): Promise<RunningGateway> {
  const slugs = listSlugs(options.workload, options.file);
  const endpoints = await prepareEndpoints(options);
  const pool = await openReadPool(options.url, {
    applicationName: APPLICATION_NAME,
    connections: options.connections,
    statementTimeoutMs: options.statementTimeoutMs,
    queueTimeoutMs: options.statementTimeoutMs,
  });
  const metricsHost = options.metricsBearer === null ? LOOPBACK : options.host;
  const { metricsServer, server } = createServers({ ...options, endpoints, pool, metricsHost });
  const close = async () => {
    await server.close();
    await metricsServer.close();
    await pool.close();
  };
  let closing: Promise<void> | null = null;
  const stop = () => {
    closing ??= close();
    return closing;
  };
  try {
    const metricsAddress = await listen(metricsServer, metricsHost, options.metricsPort);
    const address = await listen(server, options.host, options.port);
    return { address, metricsAddress, paths: slugs.map((slug) => `/queries/${encodeURIComponent(slug)}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareEndpoints({ signal, url, workload }: ServeOptions): Promise<Endpoint[]> {
  const options = { statementTimeoutMs: LOOK_UP_TIMEOUT_MS, applicationName: APPLICATION_NAME };
  return withSide(url, signal === undefined ? options : { ...options, signal }, async (side) => {
    const endpoints = await resolveEndpoints(side, workload);
    for (const { parameters, query } of endpoints) {
      const values = parameters.map(({ values: ranks }) => [...ranks.values()][0]);
      await readRows(side, `the query "${query.name}"`, `explain ${query.sql}`, values);
    }
    return endpoints;
  });
}

type Parts = Pick<ServeOptions, 'host' | 'metricsBearer'> & {
  readonly endpoints: readonly Endpoint[];
  readonly pool: ReadPool;
  readonly metricsHost: string;
};

function createServers(parts: Parts): { readonly server: FastifyInstance; readonly metricsServer: FastifyInstance } {
  const metrics = createMetrics(parts.pool);
  return {
    server: createHttpServer({ ...parts, metrics }),
    metricsServer: createMetricsServer(parts.metricsHost, metrics, parts.metricsBearer),
  };
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    throw new ShapecastError('LISTEN_FAILED', { host, port, reason: String(systemCodeOf(cause) ?? 'unknown reason') }, { cause });
  }
}
