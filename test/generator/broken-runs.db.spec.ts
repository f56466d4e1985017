// A run that breaks off half way leaves nothing half-written, says so, and the next one completes it.
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import { exitStatusOf, ShapecastError } from '../../core/errors.ts';
import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { ensureMarker, readMarker } from '../../postgres/marker.ts';
import { parseSpec } from '../../spec/spec.ts';
import { teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';

const setup = `
  create table public.parents (id int primary key);
  create table public.children (
    id int primary key,
    parent int not null references public.parents (id),
    amount int not null
  );
  create index children_amount on public.children (amount);`;

const spec = parseSpec(
  `
format: shapecast-spec
version: 1
name: broken
bands: { dev: { scale: 1 } }
tables:
  public.parents:
    rows: { count: 1000 }
    columns: { id: { kind: sequence } }
  public.children:
    rows: { count: 300000 }
    references:
      parent: { columns: [parent], table: public.parents, to: [id], fanOut: { family: geometric, p: 0.01, start: 1 } }
    columns:
      id: { kind: sequence }
      amount: { kind: number, distribution: { family: uniform, min: 1, max: 9 } }
`,
  'test',
);

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  const target = { kind: 'postgres', url } as const;
  return { spec, band: 'dev', seed: 'a', target, workers: 1, operator: 'test', environment: {}, ...change };
}

/** What a run that nothing disturbs gives. */
async function undisturbedFingerprint(): Promise<string> {
  return withDatabase(setup, async (url) => (await generate(optionsFor(url))).fingerprint);
}

async function readCounts(client: pg.Client): Promise<{ parents: number; children: number; chunks: number }> {
  const { rows } = await client.query<{ parents: number; children: number; chunks: number }>(`
    select (select count(*)::int from public.parents) as parents, (select count(*)::int from public.children) as children,
           (select coalesce(sum(rows), 0)::int from shapecast.chunks) as chunks`);
  return rows[0] ?? { parents: -1, children: -1, chunks: -1 };
}

async function readStatuses(client: pg.Client): Promise<string[]> {
  return ((await readMarker(client))?.runs ?? []).map(({ status }) => status);
}

/** Keys and indexes that are there, of those that a run sets aside. */
async function readKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select conname::text as name from pg_constraint where conname = 'children_parent_fkey'
    and convalidated
    union all select relname from pg_class where relname = 'children_amount' and relkind = 'i' order by 1`);
  return rows.map(({ name }) => name);
}

/** Runs the SQL in the transaction that finishes the chunk of parents. */
async function disturb(client: pg.Client, sql: string): Promise<void> {
  await ensureMarker(client);
  await client.query(`
    create function public.disturb() returns trigger language plpgsql as $$
    begin
      if new.table_key = 'public.parents' then ${sql}; end if;
      return null;
    end $$;
    create trigger disturb after insert on shapecast.chunks for each row execute function public.disturb()`);
}

const { postMessage, on } = Worker.prototype;
function restoreWorkers(): void {
  Object.assign(Worker.prototype, { postMessage, on });
}
afterEach(restoreWorkers);

describe('a worker thread that ends', () => {
  /** The workers of the run, as they get their first message. */
  function captureWorkers(): Set<Worker> {
    const workers = new Set<Worker>();
    Worker.prototype.postMessage = function (message: unknown) {
      workers.add(this);
      postMessage.call(this, message);
    };
    return workers;
  }

  test('in the middle of a chunk fails the run, leaves whole chunks only, and the next run completes it', async () => {
    await withDatabase(setup, async (url, client) => {
      const workers = captureWorkers();
      let made = 0;
      const advance = (rows: number) => {
        made += rows;
        if (made > 50_000) for (const worker of workers) void worker.terminate();
      };
      const startProgress = () => ({ advance, finish: () => undefined });

      const failure = generate(optionsFor(url, { workers: 2, startProgress }));

      await expect(failure).rejects.toMatchObject({
        code: 'WORKER_ENDED',
        data: { when: 'in the middle of a chunk', reason: 'it was ended' },
      });
      expect(await readStatuses(client)).toEqual(['failed']);
      const left = await readCounts(client);
      expect(left.children).toBeLessThan(300_000);
      expect(left.parents + left.children).toBe(left.chunks);
      expect(await readKeys(client)).toEqual([]);
      restoreWorkers();

      const report = await generate(optionsFor(url));

      expect(report.fingerprint).toBe(await undisturbedFingerprint());
      expect(await readCounts(client)).toEqual({ parents: 1000, children: 300_000, chunks: 301_000 });
      expect(await readStatuses(client)).toEqual(['failed', 'completed']);
      expect(await readKeys(client)).toEqual(['children_amount', 'children_parent_fkey']);
    });
  });

  test.each([
    {
      by: 'a full heap',
      code: 'ERR_WORKER_OUT_OF_MEMORY',
      told: { code: 'WORKER_ENDED', data: { when: 'in the middle of a chunk', reason: 'out of memory' } },
      status: 3,
      hint: /again with fewer --workers/,
    },
    {
      by: 'a mistake of ours',
      code: undefined,
      told: { code: 'BUG', data: { what: 'an error that nobody caught in a worker thread in the middle of a chunk' } },
      status: 70,
      hint: /please report it.*the same command goes on/,
    },
  ])('by $by says so, and how to go on', async ({ code, told, status, hint }) => {
    await withDatabase(setup, async (url, client) => {
      const workers = captureWorkers();
      const advance = () => {
        for (const worker of workers) worker.emit('error', Object.assign(new Error('a row of somebody'), { code }));
        workers.clear();
      };

      const failure = generate(optionsFor(url, { startProgress: () => ({ advance, finish: () => undefined }) }));

      const error = await failure.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(told);
      expect(exitStatusOf(error)).toBe(status);
      expect(error instanceof ShapecastError && error.hint).toMatch(hint);
      expect(String(error)).not.toContain('somebody');
      expect(await readStatuses(client)).toEqual(['failed']);
    });
  });

  test('before its first chunk fails the run, instead of leaving rows out in silence', async () => {
    await withDatabase(setup, async (url, client) => {
      const ended = new Set<Worker>();
      Worker.prototype.on = function (this: Worker, ...listener: Parameters<typeof on>) {
        // The last listener of a thread that runs; terminate() listens too.
        if (listener[0] === 'exit' && !ended.has(this)) {
          ended.add(this);
          void this.terminate();
        }
        return on.apply(this, listener);
      } as typeof on;

      await expect(generate(optionsFor(url))).rejects.toMatchObject({
        code: 'WORKER_ENDED',
        data: { when: 'before its first chunk', reason: 'it was ended' },
      });

      expect(await readStatuses(client)).toEqual(['failed']);
      expect(await readCounts(client)).toEqual({ parents: 0, children: 0, chunks: 0 });
    });
  });
});

describe('a run whose keys cannot be put back', () => {
  const broken = [
    {
      name: 'because a parent was deleted',
      sql: 'delete from public.parents where id = 1',
      repair: 'insert into public.parents values (1)',
      sqlState: '23503',
      back: ['children_amount'],
      left: ['children_parent_fkey'],
    },
    {
      name: 'because the name of an index is taken',
      sql: 'create sequence if not exists public.children_amount',
      repair: 'drop sequence public.children_amount',
      sqlState: '42P07',
      back: [],
      left: ['children_amount', 'children_parent_fkey'],
    },
  ];

  test.each(broken)('$name ends as failed and keeps the records; the next run goes on', async (each) => {
    await withDatabase(setup, async (url, client) => {
      await disturb(client, each.sql);

      await expect(generate(optionsFor(url))).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: each.sqlState } });
      // And again, as long as nobody repairs it.
      await expect(generate(optionsFor(url))).rejects.toMatchObject({ code: 'QUERY_FAILED' });

      expect(await readStatuses(client)).toEqual(['failed', 'failed']);
      expect(await readKeys(client)).toEqual(each.back);
      expect((await readMarker(client))?.definitions.map(({ name }) => name)).toEqual(each.left);

      await client.query(each.repair);
      const report = await generate(optionsFor(url));

      expect(report.fingerprint).toBe(await undisturbedFingerprint());
      expect(await readStatuses(client)).toEqual(['failed', 'failed', 'completed']);
      expect(await readKeys(client)).toEqual(['children_amount', 'children_parent_fkey']);
      expect((await readMarker(client))?.definitions).toEqual([]);
    });
  });

  test('is cleaned up by teardown, keys and all', async () => {
    await withDatabase(setup, async (url, client) => {
      await disturb(client, 'delete from public.parents where id = 1');
      await expect(generate(optionsFor(url))).rejects.toMatchObject({ code: 'QUERY_FAILED' });
      const confirm = async () => true;

      const outcome = await teardown({ url, dryRun: false, force: false, confirm, print: () => undefined, environment: {} });

      expect(outcome).toBe('removed');
      expect(await readKeys(client)).toEqual(['children_amount', 'children_parent_fkey']);
    });
  });
});

test('a full disk ends the run with what to do next, and the next run keeps the chunks that are in', async () => {
  await withDatabase(setup, async (url, client) => {
    await disturb(client, "raise exception 'no space left' using errcode = '53100'");
    const failure: unknown = await generate(optionsFor(url)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: '53100' } });
    expect(Reflect.get(Object(failure), 'hint')).toContain('run the same command again');
    const before = await client.query('select table_key, chunk, xmin from shapecast.chunks order by 1, 2');
    expect(before.rowCount).toBeGreaterThan(0);

    await client.query('drop trigger disturb on shapecast.chunks');
    const report = await generate(optionsFor(url));

    expect(report.fingerprint).toBe(await undisturbedFingerprint());
    const after = await client.query('select table_key, chunk, xmin from shapecast.chunks order by 1, 2');
    expect(after.rows).toEqual(expect.arrayContaining(before.rows));
    expect(await readKeys(client)).toEqual(['children_amount', 'children_parent_fkey']);
  });
});
