// loadtest with flows against a small application of the test: values go from answer to request, nothing is changed without a yes, and
// neither a redirect nor a hostile answer leads elsewhere.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { loadResultSchema } from '../../spec/load-result.ts';
import { createBench, type TestBench } from './test-context.ts';

const BEARER = 'hunter2-hunter2';

let bench: TestBench;
let closing: (() => Promise<unknown>)[];
beforeEach(() => {
  bench = createBench();
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  bench.remove();
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}
type Answer = (request: Seen) => { readonly status?: number; readonly headers?: http.OutgoingHttpHeaders; readonly body: string };

async function startServer(answer: Answer): Promise<{ readonly address: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const each = { method: request.method ?? '', url: request.url ?? '', body: Buffer.concat(parts).toString() };
      seen.push(each);
      const { body, headers, status } = answer(each);
      response.writeHead(status ?? 200, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on a port has an address of this kind.
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const send = { name: 'send', method: 'POST', path: '/messages', bodyFile: 'message.json', capture: { id: '/data/id' } };
const remove = { name: 'delete', method: 'DELETE', path: '/messages/{{id}}?by={{uuid}}' };

async function run(scenario: object, flags: readonly string[] = ['--allow-mutations']) {
  fs.writeFileSync(path.join(bench.folder, 'message.json'), '{"client": "{{uuid}}", "number": {{sequence}}}');
  fs.writeFileSync(path.join(bench.folder, 's.json'), JSON.stringify({ name: 'flows', mutates: true, ...scenario }));
  const ended = await bench.run(['loadtest', '--scenario', 's.json', ...flags], { LOADTEST_BEARER: BEARER });
  const file = path.join(bench.folder, 'loadtest/results/autocannon-20260131T120000Z.json');
  const result = fs.existsSync(file) ? loadResultSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))) : null;
  return { ...ended, result, stage: result?.stages[0] };
}

test('each step has the values of the answers before it, of its own connection', async () => {
  let made = 0;
  const alive = new Map<string, string>();
  const lost: Seen[] = [];
  const { address, seen } = await startServer((request) => {
    const { body, method, url } = request;
    if (method === 'POST') {
      made += 1;
      const id = `${made}/é`;
      alive.set(encodeURIComponent(id), JSON.parse(body).client);
      return { body: JSON.stringify({ data: { id } }) };
    }
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const id = pathname.replace('/messages/', '');
    // The uuid is one for the whole pass.
    if (method === 'DELETE' && alive.get(id) !== searchParams.get('by')) lost.push(request);
    alive.delete(id);
    return { body: '{}' };
  });
  const { stage, status, stdout } = await run({
    targets: [address],
    requests: [{ name: 'list', path: '/messages', weight: 1 }],
    flows: [{ name: 'send and delete', weight: 1, steps: [send, remove] }],
    stages: [{ connections: 3, amount: 90 }],
  });

  expect(status).toBe(0);
  expect(lost).toEqual([]);
  const posted = seen.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
  expect(new Set(posted.map(({ client }) => client)).size).toBe(posted.length);
  expect(new Set(posted.map(({ number }) => number)).size).toBe(posted.length);
  expect(stage?.requests.map(({ answered, name }) => [name, answered])).toEqual([
    ['list', 30],
    ['send and delete / send', 30],
    ['send and delete / delete', 30],
  ]);
  expect(stage?.flows).toEqual([{ name: 'send and delete', completed: 30, broken: 0, unfinished: 0 }]);
  expect(alive.size).toBe(0);
  expect(stdout).toContain('✓ no broken flows: 0');
});

test('a step that is refused, or whose answer lacks the value, ends its pass and fails the assertion', async () => {
  let made = 0;
  const { address, seen } = await startServer(({ method }) => {
    if (method !== 'POST') return { body: '{}' };
    made += 1;
    if (made % 3 === 1) return { status: 409, body: '{"data":{"id":1}}' };
    return { body: made % 3 === 2 ? '{"data":{"id":".."}}' : '{"data":{"id":7}}' };
  });
  const { stage, status, stdout } = await run({
    targets: [address],
    flows: [{ name: 'f', steps: [send, remove] }],
    stages: [{ connections: 1, amount: 40 }],
  });

  expect(status).toBe(1);
  expect(stage?.flows).toEqual([{ name: 'f', completed: 10, broken: 20, unfinished: 0 }]);
  expect(seen.filter(({ method }) => method === 'DELETE').every(({ url }) => url.startsWith('/messages/7?by='))).toBe(true);
  expect(stdout).toContain('✗ no broken flows: 20');
});

test('a step without an answer ends its pass, and its time-out is counted for it', async () => {
  // Nobody answers a DELETE.
  const silent = http.createServer((request, response) => {
    if (request.method === 'POST') response.end('{"data":{"id":1}}');
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    silent.closeAllConnections();
    silent.close();
  });
  const { stage, status } = await run({
    targets: [`http://127.0.0.1:${(silent.address() as AddressInfo).port}`],
    timeoutSeconds: 1,
    flows: [{ name: 'f', steps: [send, remove] }],
    stages: [{ connections: 1, durationSeconds: 3 }],
  });

  expect(status).toBe(1);
  expect(stage?.requests.find(({ name }) => name === 'f / delete')).toMatchObject({ answered: 0, errorFraction: 1 });
  expect(stage?.requests.find(({ name }) => name === 'f / send')).toMatchObject({ timeouts: 0, errorFraction: 0 });
  expect(stage?.flows[0]?.broken).toBeGreaterThanOrEqual(1);
});

test('a server that closes after each answer breaks no flow, and no latency is counted twice', async () => {
  const { address, seen } = await startServer(() => ({ headers: { connection: 'close' }, body: '{"data":{"id":1}}' }));
  const { stage, status } = await run({
    targets: [address],
    flows: [{ name: 'f', steps: [send, remove] }],
    stages: [{ connections: 1, durationSeconds: 2 }],
  });

  expect(status).toBe(0);
  const methods = seen.map(({ method }) => method);
  expect(methods).toEqual(methods.map((_, index) => (index % 2 === 0 ? 'POST' : 'DELETE')));
  expect(methods.length).toBeGreaterThan(2);
  // One connection has one request under way, so all together they take no longer than the stage.
  expect(((stage?.latencyMs?.p50 ?? 0) * (stage?.answered ?? 0)) / 2).toBeLessThan(1000 * (stage?.seconds ?? 0));
});

test('redirects are not followed, and the bearer stays with the target', async () => {
  const elsewhere = await startServer(() => ({ body: '{}' }));
  const { address } = await startServer(() => ({
    status: 302,
    headers: { location: `${elsewhere.address}/stolen` },
    body: '{"data":{"id":1}}',
  }));
  const { stage, status } = await run({
    targets: [address],
    flows: [{ name: 'f', steps: [send, remove] }],
    stages: [{ connections: 1, amount: 10 }],
  });

  expect(status).toBe(0);
  expect(stage?.statusCodes).toEqual({ 302: 10 });
  expect(elsewhere.seen).toEqual([]);
});

test('nothing is changed without a yes: neither in the scenario nor on the command line', async () => {
  const { address, seen } = await startServer(() => ({ body: '{}' }));
  const scenario = { targets: [address], flows: [{ name: 'f', steps: [send] }], stages: [{ connections: 1, amount: 1 }] };

  const unsaid = await run({ ...scenario, mutates: false });
  const unallowed = await run(scenario, []);

  expect([unsaid.status, unallowed.status]).toEqual([2, 2]);
  expect(unsaid.stderr).toContain('flows.0.steps.0.method: POST may change data');
  expect(unallowed.stderr).toContain('error LOADTEST_MUTATIONS_REFUSED');
  expect([seen, unsaid.result, unallowed.result]).toEqual([[], null, null]);
});

test('a dry run says what would be sent, asks every guard, and neither sends nor writes', async () => {
  const { address, seen } = await startServer(() => ({ body: '{}' }));
  const scenario = {
    targets: [address],
    warmUpSeconds: 2,
    requests: [{ name: 'list', path: '/messages', weight: 3 }],
    flows: [{ name: 'f', steps: [send, remove] }],
    stages: [
      { name: 'calm', connections: 2, durationSeconds: 10, ratePerSecond: 20 },
      { connections: 2, amount: 50 },
    ],
  };

  const told = await run(scenario, ['--dry-run']);
  const json = await run(scenario, ['--dry-run', '--json']);
  const refused = await run({ ...scenario, targets: ['http://app.example'] }, ['--dry-run']);
  const unreadable = await run({ ...scenario, flows: [{ name: 'f', steps: [{ ...send, bodyFile: 'no.json' }] }] }, ['--dry-run']);

  expect(told.status).toBe(0);
  expect(told.stdout).toContain(`would be sent to ${address}`);
  expect(told.stdout).toContain('75 %  list: GET /messages');
  expect(told.stdout).toContain('25 %  f: POST /messages, then DELETE /messages/{{id}}?by={{uuid}}');
  expect(told.stdout).toContain('in all: 12 s and 250 requests');
  expect(JSON.parse(json.stdout).totals).toEqual({ seconds: 12, requests: 250, mutatingRequests: 2 });
  expect([refused.status, unreadable.status]).toEqual([2, 2]);
  expect([seen, told.result]).toEqual([[], null]);
});
