// Reproducibility and integrity of whole runs, on a real server.
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { parseTableKey } from '../core/identifiers.ts';
import { packageFolder } from '../core/tool.ts';
import { generate, planOnly } from '../generator/generate.ts';
import type { GenerateOptions } from '../generator/generate-options.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { hashTableInDatabase } from '../postgres/content-hash.ts';
import type { Report } from '../spec/report.ts';
import { parseSpec } from '../spec/spec.ts';
import { withDatabase } from './support/database.ts';

const chatSpec = parseSpec(fs.readFileSync(path.join(packageFolder(), 'spec/chat.yaml'), 'utf8'), 'spec/chat.yaml');
const chatSql = fs.readFileSync(path.join(packageFolder(), 'spec/chat.sql'), 'utf8');
/** Planned in no time: for what does not depend on how columns go together. */
const plain = { spec: withoutMarginals(chatSpec) };
/** A hundredth of the dev band: 50,000 messages. */
const SMALL = 0.01;

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    spec: chatSpec,
    band: 'dev',
    seed: 'one',
    scale: SMALL,
    target: { kind: 'postgres', url },
    createSql: chatSql,
    workers: 1,
    operator: 'test',
    ...change,
  };
}

async function hashAll(client: pg.Client, report: Report): Promise<Record<string, string>> {
  const catalog = await readCatalog(client);
  const hashes: Record<string, string> = {};
  for (const table of report.tables) {
    const name = parseTableKey(table.name);
    const found = catalog.tables.find((candidate) => candidate.schema === name.schema && candidate.name === name.name);
    const columns = table.hashedColumns.map((column) => ({
      name: column,
      baseType: found?.columns.find((candidate) => candidate.name === column)?.baseType ?? '',
    }));
    hashes[table.name] = await hashTableInDatabase(client, name, columns);
  }
  return hashes;
}

function hashesOf(report: Report): Record<string, string> {
  return Object.fromEntries(report.tables.map((table) => [table.name, table.contentHash]));
}

async function generateAlone(
  change: Partial<GenerateOptions> = {},
): Promise<{ report: Report; inDatabase: Record<string, string> }> {
  return withDatabase('', async (url, client) => {
    const report = await generate(optionsFor(url, change));
    return { report, inDatabase: await hashAll(client, report) };
  });
}

/** One axis at a time: what a spec without marginals makes. */
function withoutMarginals(spec: typeof chatSpec): typeof chatSpec {
  const tables = Object.entries(spec.tables).map(([name, { axes: _axes, marginals: _marginals, ...table }]) => [name, table]);
  return { ...spec, tables: Object.fromEntries(tables) };
}

async function countOf(client: pg.Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql);
  return Number(rows[0]?.count);
}

describe('a seed', () => {
  test('gives one fingerprint and one content hash, run twice and with one, two or seven workers', async () => {
    const first = await generateAlone();
    const others = [await generateAlone(), await generateAlone({ workers: 2 }), await generateAlone({ workers: 7 })];

    expect(first.inDatabase).toEqual(hashesOf(first.report));
    for (const other of others) {
      expect(other.report.fingerprint).toBe(first.report.fingerprint);
      expect(other.inDatabase).toEqual(first.inDatabase);
    }
  });

  test('gives other rows than another seed', async () => {
    const first = await generateAlone(plain);
    const second = await generateAlone({ ...plain, seed: 'two' });

    expect(second.report.fingerprint).not.toBe(first.report.fingerprint);
    expect(second.inDatabase['public.messages']).not.toBe(first.inDatabase['public.messages']);
  });

  test('keeps its bytes from version to version: a change here is a new algorithm version', async () => {
    const { report } = await generateAlone({ ...plain, scale: 0.001, seed: 'golden' });

    expect({ fingerprint: report.fingerprint, rows: report.rowsLoaded }).toMatchInlineSnapshot(`
{
  "fingerprint": "ea1e0d2faa3e6bbacfc8b5ad38bbdacbee57d4276a89f265655bcb05c73ec1d4",
  "rows": 9739,
}
`);
  });
});

describe('the chat dataset', () => {
  test('has the counts of the spec, all keys and indexes back in place, and nobody outside a conversation in it', async () => {
    await withDatabase('', async (url, client) => {
      const report = await generate(optionsFor(url, { workers: 2 }));

      const rows = Object.fromEntries(report.tables.map((table) => [table.name, table.rows]));
      expect(rows).toMatchObject({
        'public.users': 50,
        'public.conversations': 80,
        'public.messages': 50_000,
        'public.message_reads': 37_500,
      });
      expect(rows['public.attachments']).toBe(9500);
      for (const table of report.tables) expect(await countOf(client, `select count(*) from ${table.name}`)).toBe(table.rows);
      const senders = `select count(*) from public.messages m left join public.conversation_users u
        on u."conversationId" = m."conversationId" and u."userId" = m."senderId" where u."userId" is null`;
      expect(await countOf(client, senders)).toBe(0);
      const readers = `select count(*) from public.message_reads r join public.messages m on m.id = r."messageId"
        left join public.conversation_users u on u."conversationId" = m."conversationId" and u."userId" = r."userId"
        where u."userId" is null or r."userId" = m."senderId" or r."readAt" < m."createdAt"`;
      expect(await countOf(client, readers)).toBe(0);
      const classes = `select count(*) from public.conversations c join
        (select "conversationId" id, count(*) n from public.conversation_users group by 1) u using (id)
        where c.type::text <> case when n <= 2 then 'direct' when n <= 20 then 'group' else 'channel' end`;
      expect(await countOf(client, classes)).toBe(0);
      const lengths = await client.query<{ found: number[] }>(
        'select percentile_disc(array[0.5, 0.95, 0.99, 1]) within group (order by length(body)) as found from public.messages',
      );
      const messages = report.tables.find((table) => table.name === 'public.messages');
      const expected = messages?.columns.find((column) => column.name === 'body')?.quantiles;
      expect(lengths.rows[0]?.found).toEqual([expected?.p50, expected?.p95, expected?.p99, expected?.max]);
      expect(await countOf(client, `select count(*) from pg_constraint where contype = 'f' and convalidated`)).toBe(7);
      expect(await countOf(client, `select count(*) from pg_indexes where schemaname = 'public' and indexname like '%idx'`)).toBe(
        5,
      );
    });
  });

  test('has columns and children that go together: direct talks without titles, undelivered messages without readers', async () => {
    await withDatabase('', async (url, client) => {
      await generate(optionsFor(url));

      const titled = `select count(*) from public.conversations where type = 'direct' and title is not null`;
      const direct = `select count(*) from public.conversations where type = 'direct'`;
      const read = `select count(*) from public.messages as m join public.message_reads as r on r."messageId" = m.id
        where not m."isDelivered"`;
      const undelivered = `select count(*) from public.messages where not "isDelivered"`;
      expect(await countOf(client, titled)).toBeLessThan(0.1 * (await countOf(client, direct)));
      expect(await countOf(client, read)).toBeLessThan(0.1 * (await countOf(client, undelivered)));
    });
  });

  test('lets the application insert: sequences go on after the last key', async () => {
    await withDatabase('', async (url, client) => {
      await generate(optionsFor(url, plain));

      const { rows } = await client.query<{ id: string }>(
        `insert into public.users (username, email, "isActive", "createdAt") values ('new', 'new', true, now()) returning id`,
      );
      expect(rows[0]?.id).toBe('51');
    });
  });
});

describe('a run', () => {
  test('that was interrupted goes on where it stopped and ends with the same fingerprint', async () => {
    const undisturbed = await generateAlone(plain);
    await withDatabase('', async (url, client) => {
      const abort = new AbortController();
      const startProgress = () => ({
        advance: () => abort.abort(),
        finish: () => {},
      });

      await expect(generate(optionsFor(url, { ...plain, startProgress, signal: abort.signal }))).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
      const report = await generate(optionsFor(url, plain));

      expect(report.fingerprint).toBe(undisturbed.report.fingerprint);
      expect(await hashAll(client, report)).toEqual(undisturbed.inDatabase);
    });
  });

  test('repeated on a full target makes nothing again and reports the same', async () => {
    await withDatabase('', async (url) => {
      const first = await generate(optionsFor(url));
      let made = 0;
      const advance = (rows: number) => {
        made += rows;
      };
      // The fit of the plan goes on beside it, in swaps.
      const startProgress = (label: string) => ({ advance: label.startsWith('fit') ? () => {} : advance, finish: () => {} });

      const second = await generate(optionsFor(url, { startProgress }));

      expect(second.fingerprint).toBe(first.fingerprint);
      expect(made).toBe(0);
    });
  });

  test('of another plan is refused on a target that holds one', async () => {
    await withDatabase('', async (url) => {
      await generate(optionsFor(url, plain));

      await expect(generate(optionsFor(url, { ...plain, seed: 'two' }))).rejects.toMatchObject({ code: 'TARGET_OTHER_RUN' });
    });
  });

  test('of a third plan is refused although an earlier one left nothing behind', async () => {
    await withDatabase('', async (url) => {
      const abort = new AbortController();
      abort.abort();
      await expect(generate(optionsFor(url, { ...plain, seed: 'empty', signal: abort.signal }))).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
      await generate(optionsFor(url, plain));

      await expect(generate(optionsFor(url, { ...plain, seed: 'two' }))).rejects.toMatchObject({ code: 'TARGET_OTHER_RUN' });
    });
  });

  test('is refused on a table that holds a row of somebody else, and leaves it alone', async () => {
    await withDatabase(
      [chatSql, `insert into users (username, email, "isActive", "createdAt") values ('a', 'b', true, now())`],
      async (url, client) => {
        await expect(generate(optionsFor(url, plain))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });

        expect(await countOf(client, 'select count(*) from public.users')).toBe(1);
        expect(await countOf(client, `select count(*) from pg_constraint where contype = 'f'`)).toBe(7);
      },
    );
  });

  test('is refused under NODE_ENV=production and on a host off the list', async () => {
    await withDatabase('', async (url) => {
      await expect(generate(optionsFor(url, { ...plain, environment: { NODE_ENV: 'production' } }))).rejects.toMatchObject({
        code: 'PRODUCTION_REFUSED',
      });
    });
    const elsewhere = optionsFor('postgresql://db.example/app', { environment: {} });
    await expect(generate(elsewhere)).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  });

  test('to nothing has the fingerprint of a real one and leaves the target as it was', async () => {
    const real = await generateAlone(plain);
    await withDatabase(chatSql, async (url, client) => {
      const report = await generate(optionsFor(url, { ...plain, target: { kind: 'null', url } }));

      expect(report.fingerprint).toBe(real.report.fingerprint);
      expect(await countOf(client, 'select count(*) from public.users')).toBe(0);
      expect(await countOf(client, `select count(*) from pg_namespace where nspname = 'shapecast'`)).toBe(0);
    });
  });
});

describe('a plan', () => {
  test('names every fault at once, with its path', async () => {
    const faulty = parseSpec(
      `format: shapecast-spec
version: 1
name: faulty
bands: { dev: { scale: 1 } }
tables:
  public.users:
    rows: { count: 40000 }
    columns:
      id: { kind: sequence }
      tiny: { kind: sequence }
      code: { kind: text, isUnique: true, length: { family: constant, value: 2 } }
      shape: { kind: unsupported, type: box }
      nothing: { kind: constant, value: null }
      absent: { kind: sequence }
`,
      'faulty.yaml',
    );
    await withDatabase(
      'create table users (id int, tiny int2, code varchar(2), shape box, nothing int not null, forgotten int not null)',
      async (url) => {
        const refused = planOnly(optionsFor(url, { spec: faulty, scale: 1 }));

        await expect(refused).rejects.toMatchObject({ code: 'PLAN_IMPOSSIBLE' });
        const paths = await refused.catch((error: { data: { problems: { path: string }[] } }) =>
          error.data.problems.map((problem) => problem.path),
        );
        expect(paths).toEqual([
          'tables.public.users.columns.absent',
          'tables.public.users.columns.tiny',
          'tables.public.users.columns.code',
          'tables.public.users.columns.shape',
          'tables.public.users.columns.nothing.nullFraction',
          'tables.public.users.columns.forgotten',
        ]);
      },
    );
  });
});
