// loadtest against a server of the test: the mix, the rate, the verdicts, the file, and where the bearer does not go.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type LoadResult, loadResultSchema } from '../../spec/load-result.ts';
import { createBench, type TestBench } from './test-context.ts';

const BEARER = 'hunter2-hunter2';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

async function withServer(
  answer: (request: Seen, response: http.ServerResponse) => void,
  action: (address: string, seen: readonly Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const each = { url: request.url ?? '', method: request.method ?? '', headers: request.headers, body };
      seen.push(each);
      answer(each, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // A server that listens on a port has an address of this kind.
    await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const quick = (_request: Seen, response: http.ServerResponse) => void response.end('{}');

async function run(scenario: object, environment: NodeJS.ProcessEnv = {}, flags: readonly string[] = []) {
  fs.writeFileSync(path.join(bench.folder, 's.json'), JSON.stringify({ name: 'test', ...scenario }));
  const ended = await bench.run(['loadtest', '--scenario', 's.json', ...flags], environment);
  const file = path.join(bench.folder, 'loadtest/results/autocannon-20260131T120000Z.json');
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
  const result: LoadResult | null = text === null ? null : loadResultSchema.parse(JSON.parse(text));
  const page = text === null ? '' : fs.readFileSync(file.replace(/json$/, 'html'), 'utf8');
  return { ...ended, text: text ?? '', page, result };
}

const requests = [{ name: 'a', path: '/a?x=1' }];

test('sends the mix with its headers and the bearer, which is nowhere else', async () => {
  await withServer(quick, async (address, seen) => {
    const { page, result, status, stderr, stdout, text } = await run(
      {
        headers: { 'x-team': 'perf' },
        mutates: true,
        requests: [
          { ...requests[0], weight: 3 },
          { name: 'b', path: '/b', method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } },
        ],
        stages: [{ connections: 2, amount: 80 }],
        assertions: { maxErrorFraction: 0, minRequestsPerSecond: 1 },
      },
      { LOADTEST_BASE_URL: `${address}/api/`, LOADTEST_BEARER: BEARER },
      ['--allow-mutations'],
    );

    expect(status).toBe(0);
    expect(result).toMatchObject({ status: 'passed', stages: [{ answered: 80, statusCodes: { 200: 80 }, ratePerSecond: null }] });
    expect(seen.filter(({ url }) => url === '/api/a?x=1')).toHaveLength(60);
    const posted = seen.filter(({ method, url }) => method === 'POST' && url === '/api/b');
    expect(posted).toHaveLength(20);
    expect(posted[0]).toMatchObject({ body: '{"n":1}', headers: { 'content-type': 'application/json', 'x-team': 'perf' } });
    expect(seen.every(({ headers }) => headers.authorization === `Bearer ${BEARER}`)).toBe(true);
    expect(stdout).toContain('✓ 5 of 5 assertions hold');
    expect(result?.stages[0]?.requests.map(({ answered, name }) => [name, answered])).toEqual([
      ['a', 60],
      ['b', 20],
    ]);
    expect(stdout + stderr + text + page).not.toContain(BEARER);
    expect(page).toContain('<h1>Load test: test</h1>');
  });
});

test('a rate that is held passes; several targets take turns, stages follow one another, the warm-up is not counted', async () => {
  await withServer(quick, async (one, seenByOne) => {
    await withServer(quick, async (two, seenByTwo) => {
      const { result, status } = await run({
        targets: [one, two],
        requests,
        warmUpSeconds: 1,
        stages: [
          { name: 'calm', connections: 2, durationSeconds: 2, ratePerSecond: 20 },
          { connections: 2, amount: 30 },
        ],
        assertions: { p99Ms: 60_000, maxErrorFraction: 0 },
      });

      expect(status).toBe(0);
      expect(result?.stages.map(({ name }) => name)).toEqual(['calm', 'stage 2']);
      expect(result?.stages[0]?.answered).toBeGreaterThanOrEqual(20);
      expect(result?.stages[0]?.answered).toBeLessThanOrEqual(80);
      const counted = result?.stages.reduce((sum, { answered }) => sum + answered, 0) ?? 0;
      expect(seenByOne.length + seenByTwo.length).toBeGreaterThan(counted);
      expect(seenByTwo.length).toBeGreaterThan(15);
    });
  });
});

test('a rate that the server cannot hold: latency since due shows it where latency since sent does not, exit 1', async () => {
  const slow = (_request: Seen, response: http.ServerResponse) => void setTimeout(() => response.end('{}'), 100);
  await withServer(slow, async (address) => {
    const { result, status, stdout } = await run({
      targets: [address],
      requests,
      stages: [{ connections: 1, durationSeconds: 2, ratePerSecond: 50 }],
      assertions: { p99Ms: 400, minRequestsPerSecond: 45 },
    });

    expect(status).toBe(1);
    const [stage] = result?.stages ?? [];
    // Five are due in the time of one answer, so the last have waited for far more than a second.
    expect(stage?.latencyMs?.p99).toBeGreaterThan(1000);
    expect(stage?.latencyMs?.p99).toBeGreaterThan(2 * (stage?.measuredMs?.p99 ?? 0));
    expect(stage?.assertions.filter(({ isMet }) => !isMet).map(({ text }) => text)).toEqual(['p99 <= 400 ms', '>= 45 answers/s']);
    expect(stdout).toContain('✗ p99 <= 400 ms');
  });
});

test('a server that stops answering half way: what was due since then counts, exit 1', async () => {
  let left = 50;
  const stall = (_request: Seen, response: http.ServerResponse) => {
    left -= 1;
    if (left >= 0) response.end('{}');
  };
  await withServer(stall, async (address) => {
    const { result, status, stdout } = await run({
      targets: [address],
      requests,
      stages: [{ connections: 1, durationSeconds: 4, ratePerSecond: 25 }],
      assertions: { p99Ms: 400, maxErrorFraction: 0 },
    });

    expect(status).toBe(1);
    const [stage] = result?.stages ?? [];
    expect(stage).toMatchObject({ answered: 50, timeouts: 0, connectionErrors: 0 });
    // Those of the last two seconds, whose time-out is further away than the end.
    expect(stage?.unanswered).toBeGreaterThan(40);
    expect(stage?.latencyMs?.p99).toBeGreaterThan(1500);
    expect(stdout).toContain('due and not answered');
  });
});

test.each([
  ['--server', 'postgresql://ann:canary@db.example/app'],
  ['--workload', 'missing.sql'],
])('a dry run asks the guards of %s too', async (flag, value) => {
  const given = { requests, stages: [{ connections: 1, amount: 1 }] };
  const { status, stderr } = await run(given, {}, ['--dry-run', flag, value]);
  const bearer = await run(given, { LOADTEST_BEARER: 'two words' }, ['--dry-run']);

  expect([status, bearer.status]).toEqual([2, 2]);
  expect(stderr).not.toContain('canary');
});

test('5xx, other errors and time-outs are findings', async () => {
  let count = 0;
  const odd = ({ url }: Seen, response: http.ServerResponse) => {
    count += 1;
    if (url === '/never') return;
    response.statusCode = count % 2 === 0 ? 503 : 404;
    response.end();
  };
  await withServer(odd, async (address) => {
    const failing = await run({
      targets: [address],
      requests,
      stages: [{ connections: 1, amount: 10 }],
      assertions: { maxErrorFraction: 0.9 },
    });
    const never = await run({
      targets: [address],
      requests: [{ name: 'never', path: '/never' }],
      timeoutSeconds: 1,
      stages: [{ connections: 1, durationSeconds: 2 }],
    });

    expect([failing.status, never.status]).toEqual([1, 1]);
    expect(failing.result?.stages[0]).toMatchObject({ answered: 10, statusCodes: { 404: 5, 503: 5 }, errorFraction: 1 });
    expect(failing.stdout).toContain('✗ no 5xx: 5');
    expect(failing.stdout).toContain('✗ errors <= 90 %: 100 %');
    expect(never.stdout).toContain('✗ an answer: 0');
    expect(never.stdout).toMatch(/✗ no time-outs: [12]/);
    expect(never.result?.stages[0]?.latencyMs?.max).toBeGreaterThanOrEqual(1000);
  });
});

test.each([
  ['production', { NODE_ENV: 'production' }, 2, 'error LOADTEST_PRODUCTION_REFUSED'],
  ['a host off the list', { LOADTEST_BASE_URL: 'http://app.example' }, 2, 'error LOADTEST_HOST_REFUSED: The host app.example'],
  ['loopback off a list', { LOADTEST_ALLOWED_HOSTS: 'app.example' }, 2, 'error LOADTEST_HOST_REFUSED: The host 127.0.0.1'],
  ['a server that is not there', { LOADTEST_BASE_URL: 'http://127.0.0.1:1' }, 3, 'error LOADTEST_UNREACHABLE'],
])('refuses %s before it sends anything', async (_what, environment, expected, text) => {
  await withServer(quick, async (address, seen) => {
    const scenario = { targets: [address], requests, stages: [{ connections: 1, amount: 1 }] };

    const { result, status, stderr } = await run(scenario, { LOADTEST_BEARER: BEARER, ...environment });

    expect([status, stderr.startsWith(text)]).toEqual([expected, true]);
    expect([seen.length, result]).toEqual([0, null]);
    expect(stderr).not.toContain(BEARER);
  });
});

test('requests that the server drops with their connection are errors; connections that it closes as it said are not', async () => {
  let count = 0;
  const stages = [{ connections: 2, durationSeconds: 1 }];
  const assertions = { maxErrorFraction: 0 };
  const drops = (_request: Seen, response: http.ServerResponse) => {
    count += 1;
    // A plain end, not a reset: that would be an error of the connection.
    if (count % 2 === 0) response.socket?.end();
    else response.end('{}');
  };
  await withServer(drops, async (address) => {
    const { result, status } = await run({ targets: [address], requests, stages, assertions });

    expect(status).toBe(1);
    expect(result?.stages[0]?.connectionErrors).toBeGreaterThan(0);
  });
  const closes = (_request: Seen, response: http.ServerResponse) => void response.setHeader('connection', 'close').end('{}');
  await withServer(closes, async (address) => {
    const { result, status } = await run({ targets: [address], requests, stages, assertions }, {}, []);

    expect(result?.stages[0]).toMatchObject({ connectionErrors: 0, timeouts: 0 });
    expect(status).toBe(0);
  });
});
