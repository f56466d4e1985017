// A gateway's metrics are read from where they were said to be, with the bearer going nowhere else.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMetrics } from '../../loadtest/gateway/metrics.ts';
import { readPoolState } from '../../loadtest/server/gateway-metrics.ts';

let servers: http.Server[];
beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

test("reads what the gateway's own metrics say, with the bearer", async () => {
  const metrics = createMetrics({ counts: () => ({ open: 5, idle: 2, waiting: 7 }) });
  metrics.observeWait(0.25);
  metrics.observeWait(0.5);
  const bearers: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    bearers.push(request.headers.authorization);
    void metrics.read().then((text) => response.end(text));
  });

  const state = await readPoolState(url, 'hunter2');

  expect(state).toEqual({ open: 5, idle: 2, queue: 7, statements: 2, waitedSeconds: 0.75 });
  expect(bearers).toEqual(['Bearer hunter2']);
});

test('a redirect is not followed, and what is no metrics is told without being repeated', async () => {
  let reached = 0;
  const elsewhere = await serve((_request, response) => {
    reached += 1;
    response.end();
  });
  const answers: http.RequestListener[] = [
    (_request, response) => void response.writeHead(302, { location: elsewhere }).end(),
    (_request, response) => void response.writeHead(401).end('hunter2'),
    (_request, response) => void response.end('hunter2 1\nshapecast_pool_queue hunter2\n'),
    (_request, response) => void response.end('#'.repeat(4_000_001)),
  ];
  const reasons: string[] = [];
  for (const answer of answers)
    await readPoolState(await serve(answer), 'hunter2').catch((error: Error) => reasons.push(error.message));

  expect(reached).toBe(0);
  expect(reasons).toHaveLength(4);
  expect(reasons[1]).toContain('status 401');
  expect(reasons[2]).toContain('no shapecast_pool_sessions');
  expect(reasons[3]).toContain('too long');
  expect(reasons.join()).not.toContain('hunter2');
});
