// The gateway's HTTP side: a path for each query of the workload and nothing else. Answers say in a word what went wrong, never which
// value it was or what the server of the database said.
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { PoolFailure, ReadPool } from '../../postgres/read-pool.ts';
import { isLoopback } from '../../postgres/server-address.ts';
import { nameRank } from '../../spec/workload.ts';
import { createRequestBinder } from './bind-request.ts';
import type { Endpoint } from './endpoints.ts';
import type { GatewayMetrics } from './metrics.ts';

export interface HttpParts {
  readonly endpoints: readonly Endpoint[];
  readonly pool: ReadPool;
  readonly metrics: GatewayMetrics;
  /** Where it will listen. */
  readonly host: string;
}

const STATUS_OF: Readonly<Record<PoolFailure, number>> = {
  'bad value': 400,
  'read only': 403,
  failed: 500,
  unreachable: 502,
  'queue full': 503,
  timeout: 504,
};

/** The server, not listening yet. */
export function createHttpServer({ endpoints, host, metrics, pool }: HttpParts): FastifyInstance {
  const server = createPlainServer(host);
  server.get('/health', async (_request, reply) => {
    const result = await pool.run({ name: 'shapecast_health', sql: 'select 1' }, []);
    return result.state === 'done' ? { status: 'ok' } : refuse(reply, 503, result.reason);
  });
  const listed = endpoints.map(({ query, slug }) => ({
    path: `/queries/${encodeURIComponent(slug)}`,
    name: query.name,
    weight: query.weight,
    parameters: query.parameters.map(({ name, ranks }) => ({ name, ranks: ranks.map(nameRank) })),
  }));
  server.get('/queries', async () => ({ queries: listed }));
  const handlers = new Map(endpoints.map((endpoint) => [endpoint.slug, createHandler(endpoint, pool, metrics)]));
  server.get<{ Params: { slug: string } }>('/queries/:slug', async ({ params, query }, reply) => {
    const handle = handlers.get(params.slug);
    return handle === undefined ? refuse(reply, 404, 'unknown') : handle(query, reply);
  });
  return server;
}

/** A server that answers no path but those that it is given, and listens to no other site's page. */
export function createPlainServer(host: string): FastifyInstance {
  const server = fastify({
    logger: false,
    // Nobody sends us a body.
    bodyLimit: 1,
    // A connection without a request does not hold up the end.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    // A URL that is none. The reply is typed by the routes, and here there is none.
    frameworkErrors: (_error, _request, reply) => void refuse(reply as unknown as FastifyReply, 400, 'bad request'),
  });
  server.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'unknown'));
  server.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    return status >= 400 && status < 500 ? refuse(reply, status, 'bad request') : refuse(reply, 500, 'failed');
  });
  // A page of the web whose name was led to this machine's loopback (DNS rebinding) comes with that name.
  if (isLoopback(host)) {
    server.addHook('onRequest', async ({ hostname }, reply) => {
      const name = hostname.replace(/^\[(.*)\]$/, '$1');
      if (!isLoopback(name)) await refuse(reply, 421, 'wrong host');
    });
  }
  return server;
}

type Handler = (queryString: unknown, reply: FastifyReply) => Promise<unknown>;

function createHandler(endpoint: Endpoint, pool: ReadPool, metrics: GatewayMetrics): Handler {
  const bind = createRequestBinder(endpoint);
  return async (queryString, reply) => {
    const start = performance.now();
    const observe = (outcome: string) =>
      metrics.observe({ query: endpoint.query.name, outcome, seconds: (performance.now() - start) / 1000 });
    const request = bind(queryString);
    if (request.state === 'refused') {
      observe('bad parameters');
      return reply.code(400).send({ error: 'bad parameters', parameters: request.parameters });
    }
    const result = await pool.run(endpoint.statement, request.values);
    metrics.observeWait(result.waitedMs / 1000);
    observe(result.state === 'done' ? 'ok' : result.reason);
    return result.state === 'done' ? { rows: result.rows } : refuse(reply, STATUS_OF[result.reason], result.reason);
  };
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}
