// The gateway on a real server: queries by rank and by value, what it refuses, what it never says, its metrics, and how it stops.
import http from 'node:http';
import { type RunningGateway, type ServeOptions, serveWorkload } from '../../loadtest/serve.ts';
import { parseWorkload } from '../../spec/workload.ts';
import { withDatabase } from '../support/database.ts';

const SCHEMA = `
  create table notes (id int primary key, room int not null, at timestamptz not null, body text not null, ok bool);
  insert into notes select i, case when i <= 600 then 7 else i end, timestamptz '2024-01-01' + i * interval '1 minute', 'canary-' || i, true
  from generate_series(1, 1000) i;
  create table empty (id int);
  create function spoil() returns int language plpgsql as $$ begin
    raise exception 'canary' using errcode = 'P0001', detail = 'canary', hint = 'canary'; end $$;`;
const WORKLOAD = `
  -- name: Room history
  -- weight: 3
  -- :room = hot | cold of notes.room
  select id, room, at, ok from notes where room = :room order by at limit 2;
  -- name: session
  select current_setting('default_transaction_read_only') as "readOnly", current_setting('statement_timeout') as "timeout",
    (select count(*)::int from pg_prepared_statements where name like 'shapecast_query_%') as prepared;
  -- name: writes
  with gone as (delete from notes returning 1) select count(*) from gone;
  -- name: spoils
  select spoil() from notes limit 1;
  -- name: sleeps
  -- :id = p50 of notes.id
  select pg_sleep(:id::float8)::text as slept;`;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Not fetch: a test sets the Host header, and keeps no connection of its own. */
function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { headers, method, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

async function withGateway(
  settings: Partial<ServeOptions>,
  action: (gateway: RunningGateway, count: () => Promise<number>) => Promise<void>,
): Promise<void> {
  await withDatabase(SCHEMA, async (url, client) => {
    const gateway = await serveWorkload({ ...defaults, url, ...settings });
    try {
      await action(gateway, async () => (await client.query('select from public.notes')).rowCount ?? 0);
    } finally {
      await gateway.stop();
    }
  });
}

const defaults = {
  workload: parseWorkload(WORKLOAD, 'w.sql'),
  file: 'w.sql',
  host: '127.0.0.1',
  port: 0,
  metricsPort: 0,
  metricsBearer: null,
  connections: 2,
  statementTimeoutMs: 1000,
};

test('answers each query by rank and by value, on sessions that read only, with prepared statements', async () => {
  await withGateway({ connections: 1 }, async ({ address, paths }) => {
    const hot = await get(`${address}/queries/room-history?room=hot`);
    const byValue = await get(`${address}/queries/room-history?room=1000`);
    const session = await get(`${address}/queries/session`);
    const list = await get(`${address}/queries`);

    expect(paths[0]).toBe('/queries/room-history');
    expect(JSON.parse(hot.text)).toEqual({
      rows: [
        { id: 1, room: 7, at: '2024-01-01 00:01:00+00', ok: true },
        { id: 2, room: 7, at: '2024-01-01 00:02:00+00', ok: true },
      ],
    });
    expect(JSON.parse(byValue.text).rows).toMatchObject([{ id: 1000, room: 1000 }]);
    expect(JSON.parse(session.text).rows).toEqual([{ readOnly: 'on', timeout: '1s', prepared: 2 }]);
    expect(JSON.parse(list.text).queries[0]).toEqual({
      path: '/queries/room-history',
      name: 'Room history',
      weight: 3,
      parameters: [{ name: 'room', ranks: ['hot', 'cold'] }],
    });
    expect(await get(`${address}/health`)).toEqual({ status: 200, text: '{"status":"ok"}' });
  });
});

test('refuses all else, and says of no failure what the value was or what the server said', async () => {
  await withGateway({}, async ({ address }, countRows) => {
    const answers = await Promise.all(
      [
        '/queries/nothing',
        '/',
        '/queries/room-history/x',
        '/queries/room-history',
        '/queries/room-history?room=hot&sql=select',
        '/queries/room-history?room=p50',
        '/queries/room-history?room=canary',
        '/queries/room-history?room=7;drop%20table%20notes',
        '/queries/%zz?canary',
        '/queries/writes',
        '/queries/spoils',
        '/queries/sleeps?id=30',
      ].map((path) => get(address + path)),
    );
    const posted = await get(`${address}/queries/session`, {}, 'POST');
    const rebound = await get(`${address}/queries/session`, { host: 'evil.example:80' });

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 400, 400, 400, 400, 400, 400, 403, 500, 504]);
    expect([posted.status, rebound.status]).toEqual([404, 421]);
    expect(JSON.parse(answers[5]?.text ?? '')).toEqual({ error: 'bad parameters', parameters: ['room'] });
    expect([...answers, posted].map(({ text }) => text).join()).not.toMatch(/canary|drop|integer|notes|delete|syntax/);
    expect(await countRows()).toBe(1000);
  });
});

test('metrics on a port of their own: latency by query and outcome, the pool and its queue', async () => {
  await withGateway({ connections: 1, statementTimeoutMs: 5000 }, async ({ address, metricsAddress }) => {
    const sleeping = [0.6, 0.6].map((id) => get(`${address}/queries/sleeps?id=${id}`));
    let busy = '';
    for (let attempt = 0; attempt < 100 && !busy.includes('shapecast_pool_queue 1'); attempt += 1)
      busy = (await get(`${metricsAddress}/metrics`)).text;
    await Promise.all(sleeping);
    await get(`${address}/queries/room-history?room=canary`);
    const { text } = await get(`${metricsAddress}/metrics`);

    expect(busy).toContain('shapecast_pool_queue 1');
    expect(busy).toContain('shapecast_pool_sessions{state="open"} 1');
    expect(text).toContain('shapecast_request_seconds_count{query="sleeps",outcome="ok"} 2');
    expect(text).toContain('shapecast_request_seconds_count{query="Room history",outcome="bad value"} 1');
    expect(text).toMatch(/shapecast_pool_wait_seconds_bucket\{le="0.25"\} 2\n/);
    expect(text).not.toContain('canary');
    expect((await get(`${address}/metrics`)).status).toBe(404);
    expect((await get(`${metricsAddress}/queries`)).status).toBe(404);
  });
});

test('with a bearer nobody reads the metrics without it', async () => {
  await withGateway({ metricsBearer: 'secret-secret-secret' }, async ({ metricsAddress }) => {
    const read = (headers?: Record<string, string>) => get(`${metricsAddress}/metrics`, headers);

    const answers = [
      await read(),
      await read({ authorization: 'Bearer no' }),
      await read({ authorization: 'Bearer secret-secret-secret' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
    expect(answers.map(({ text }) => text).join()).not.toContain('secret');
  });
});

test('metrics stay on loopback where the gateway does not, unless there is a bearer', async () => {
  // Another address of this machine that only a server on all of them answers to.
  const readElsewhere = (metricsAddress: string, headers = {}) =>
    get(`${metricsAddress.replace('127.0.0.1', '127.0.0.2')}/metrics`, headers);

  await withGateway({ host: '0.0.0.0' }, async ({ address, metricsAddress }) => {
    expect((await get(`${address.replace('127.0.0.1', '127.0.0.2')}/health`)).status).toBe(200);
    await expect(readElsewhere(metricsAddress)).rejects.toThrow('ECONNREFUSED');
  });
  await withGateway({ host: '0.0.0.0', metricsBearer: 'x'.repeat(16) }, async ({ metricsAddress }) => {
    expect((await readElsewhere(metricsAddress)).status).toBe(401);
    expect((await readElsewhere(metricsAddress, { authorization: `Bearer ${'x'.repeat(16)}` })).status).toBe(200);
  });
});

test('a queue that does not move is refused in time, and stopping answers what is under way', async () => {
  await withGateway({ connections: 1 }, async (gateway) => {
    const first = get(`${gateway.address}/queries/sleeps?id=0.9`);
    const others = [get(`${gateway.address}/queries/sleeps?id=0.9`), get(`${gateway.address}/queries/sleeps?id=0.9`)];
    expect((await first).status).toBe(200);
    expect((await Promise.all(others)).map(({ status }) => status).sort()).toEqual([200, 503]);

    const last = get(`${gateway.address}/queries/sleeps?id=0.5`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await gateway.stop();

    expect((await last).status).toBe(200);
    await expect(get(`${gateway.address}/health`)).rejects.toThrow('ECONNREFUSED');
  });
});

test.each([
  ['QUERY_FAILED', 'select nothing from notes;'],
  ['RANK_WITHOUT_VALUE', '-- :id = hot of empty.id\nselect :id::int;'],
  ['DOCUMENT_INVALID', '-- name: a b\nselect 1;\n-- name: a-b\nselect 2;'],
])('does not start with %s, and leaves no session', async (code, text) => {
  await withDatabase(SCHEMA, async (url) => {
    const workload = parseWorkload(text, 'w.sql');

    await expect(serveWorkload({ ...defaults, url, workload })).rejects.toMatchObject({ code });
  });
});

test('a port that is taken is told, and nothing is left open', async () => {
  await withGateway({}, async ({ address, metricsAddress }) => {
    await withDatabase(SCHEMA, async (url) => {
      const taken = [address, metricsAddress].map((each) => Number(new URL(each).port));

      for (const ports of [{ port: taken[0] ?? 0 }, { metricsPort: taken[1] ?? 0 }])
        await expect(serveWorkload({ ...defaults, url, ...ports })).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    });
  });
});

test('a server that closes the sessions is a 502, and the next request opens another', async () => {
  await withDatabase(SCHEMA, async (url, client) => {
    const gateway = await serveWorkload({ ...defaults, url, connections: 1, statementTimeoutMs: 5000 });
    const sleeping = get(`${gateway.address}/queries/sleeps?id=3`);
    for (let ended = 0; ended === 0; )
      ended =
        (
          await client.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'shapecast serve' and state = 'active' and query like '%sleep%'",
          )
        ).rowCount ?? 0;

    expect(await sleeping).toEqual({ status: 502, text: '{"error":"unreachable"}' });
    expect((await get(`${gateway.address}/health`)).status).toBe(200);
    await gateway.stop();
  });
});
