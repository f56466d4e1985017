// The network is cut in the middle of a run: the error says what to do next, and the same command goes on where it stopped.
import net from 'node:net';
import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { resolveServerAddress } from '../../postgres/server-address.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const setup = `
  create table public.first (id int primary key, name text not null);
  create table public.second (id int primary key, name text not null);
  create index second_name on public.second (name);`;

const table = (rows: number) => `
    rows: { count: ${rows} }
    columns:
      id: { kind: sequence }
      name: { kind: text, length: { family: uniform, min: 4, max: 40 } }`;

const spec = parseSpec(
  `
format: shapecast-spec
version: 1
name: cut
bands: { dev: { scale: 1 } }
tables:
  public.first:${table(60_000)}
  public.second:${table(50_000)}
`,
  'test',
);

interface Cable {
  readonly url: string;
  /** Ends all connections at once and takes no new ones. */
  cut(): Promise<void>;
}

/** A way to the server that can be cut: loopback TCP to its socket. */
async function layCable(url: string): Promise<Cable> {
  const { host, port, user, database } = resolveServerAddress(url, {});
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(`${host}/.s.PGSQL.${port}`);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const local = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `postgresql://${user}@127.0.0.1:${local}/${database}`,
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  const target = { kind: 'postgres', url } as const;
  return { spec, band: 'dev', seed: 'a', target, workers: 1, operator: 'test', environment: {}, ...change };
}

test('a cut network is told as a lost connection, and the same run goes on', async () => {
  const undisturbed = await withDatabase(setup, async (url) => (await generate(optionsFor(url))).fingerprint);
  await withDatabase(setup, async (url, client) => {
    const cable = await layCable(url);
    let made = 0;
    // The first table is in by then, and the second under way.
    const advance = (rows: number) => {
      made += rows;
      if (made > 70_000) void cable.cut();
    };
    const startProgress = () => ({ advance, finish: () => undefined });

    const failure: unknown = await generate(optionsFor(cable.url, { startProgress })).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(Reflect.get(Object(failure), 'hint')).toContain('Run the same command again');
    const before = await client.query('select table_key, chunk, xmin from shapecast.chunks');
    expect(before.rowCount).toBe(1);

    const report = await generate(optionsFor(url));

    expect(report.fingerprint).toBe(undisturbed);
    const after = await client.query('select table_key, chunk, xmin from shapecast.chunks');
    expect(after.rows).toEqual(expect.arrayContaining(before.rows));
    const { rows } = await client.query(
      `select indisvalid from pg_index where indrelid in ('public.first'::regclass, 'public.second'::regclass)`,
    );
    expect(rows).toEqual([{ indisvalid: true }, { indisvalid: true }, { indisvalid: true }]);
  });
});
