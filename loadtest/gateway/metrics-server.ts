// The metrics on a port of their own: on loopback, or, for whoever knows the bearer, where the gateway listens.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createPlainServer } from './http-server.ts';
import type { GatewayMetrics } from './metrics.ts';

/** The server, not listening yet; with a bearer every request must carry it. */
export function createMetricsServer(host: string, metrics: GatewayMetrics, bearer: string | null): FastifyInstance {
  const server = createPlainServer(host);
  server.get('/metrics', async (request, reply) => {
    if (bearer !== null && !isSame(request.headers.authorization ?? '', `Bearer ${bearer}`))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'unauthorised' });
    return reply.header('content-type', metrics.contentType).send(await metrics.read());
  });
  return server;
}

// Digests have one length, which the comparison in constant time needs.
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
