// The sampler against a real database: exact counts, thresholds by distinct subjects, windows, and nothing of a row anywhere.
import fs from 'node:fs';
import type pg from 'pg';
import { canonicalJson } from '../core/canonical-json.ts';
import { silentProgress } from '../core/progress.ts';
import { formatExtractionReport } from '../sampler/extraction-report.ts';
import { createTokeniser } from '../sampler/protect/tokens.ts';
import { listStatements, samplePack } from '../sampler/sample.ts';
import { mappingSchema } from '../spec/mapping.ts';
import { packSchema } from '../spec/pack.ts';
import { hourOfWeek } from '../stats/binning.ts';
import { finest, marginalOf, SALT, sampleOf, sampleOptions, TUNING, withoutRunId } from './sampler/measure/sampling.ts';
import { serverLogFile, withDatabase } from './support/database.ts';

/** 400 users, 6000 messages, half of the users with none; canaries in every place that a value can hide in. */
const CHAT = `
create type mood as enum ('zz_low', 'aa_high');
create table users (
  id int primary key,
  handle text unique not null,
  country text default 'CANARYDEFAULT',
  bio text check (bio <> 'CANARYCHECK'),
  mood mood
);
comment on table users is 'CANARYCOMMENT';
create table messages (
  id bigint primary key,
  user_id int not null references users,
  reply_to bigint references messages,
  kind text,
  price numeric(8, 2),
  body text,
  is_read boolean not null,
  created_at timestamptz not null
);
insert into users
select i, 'CANARYHANDLE' || i, case when i % 3 = 0 then null when i % 3 = 1 then 'CANARYSHARED' else 'CANARYOTHER' end,
  'CANARYBIO' || i || repeat('x', i % 40), case i % 4 when 0 then null when 1 then 'aa_high' else 'zz_low' end::mood
from generate_series(1, 400) as i;
insert into messages
select i, 1 + (i * 7) % 200, case when i % 5 = 0 and i > 500 then i - 400 end, 'kind' || i % 4, (i % 70) - 20 + 0.25,
  repeat('CANARYBODY', i % 9), i % 2 = 0, timestamptz '2024-05-01 00:30:00+00' + i * interval '10 minutes'
from generate_series(1, 6000) as i;
analyze;
`;
const SUBJECTS = { subjects: ['public.users'] };
const WINDOWED = { ...SUBJECTS, timeColumns: [{ table: 'public.messages', column: 'created_at' }] };

async function countsInSql(client: pg.Client, sql: string): Promise<Map<number, number>> {
  const { rows } = await client.query<{ bin: number; n: number }>(
    `select bin::int4 as bin, count(*)::int4 as n from (${sql}) as s group by 1`,
  );
  return new Map(rows.map(({ bin, n }) => [bin, n]));
}

function sorted(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([left], [right]) => left - right);
}

describe('the pack', () => {
  test('and the mapping are valid documents', async () => {
    await withDatabase(CHAT, async (url) => {
      const { pack, mapping } = await samplePack(sampleOptions(url, SUBJECTS));

      expect(packSchema.parse(pack)).toEqual(pack);
      expect(mappingSchema.parse(mapping)).toEqual(mapping);
      expect(pack.privacy).toMatchObject({ guarantee: 'threshold', k: 20, subjects: ['public.users'], rowUnitTables: [] });
      expect(pack.provenance).toMatchObject({ day: '2024-06-15', expires: '2024-09-13', window: null, isReplica: false });
      expect(mapping.domains).toContainEqual({ table: 'public.users', column: 'country', tokens: 2 });
    });
  });

  test('holds exact counts when nothing is folded', async () => {
    await withDatabase(CHAT, async (url, client) => {
      const pack = await sampleOf(url, SUBJECTS, { withoutThreshold: true });

      const cells = (kind: string, column: string) => sorted(finest(marginalOf(pack, 'public.messages', kind, column)));
      const inSql = async (sql: string) => sorted(await countsInSql(client, sql));
      expect(pack.privacy).toMatchObject({ guarantee: 'none', k: 1 });
      expect(pack.structure.tables.map(({ name, rows }) => [name, rows])).toEqual([
        ['public.messages', 6000],
        ['public.users', 400],
      ]);
      expect(cells('number', 'price')).toEqual(await inSql('select floor(price * 100) as bin from public.messages'));
      expect(cells('length', 'body')).toEqual(await inSql('select char_length(body) as bin from public.messages'));
      expect(cells('category', 'is_read')).toEqual(await inSql('select is_read::int4 as bin from public.messages'));
      const hours = await inSql(`select floor(extract(epoch from created_at) / 3600) as bin from public.messages`);
      expect(cells('time', 'created_at')).toEqual(hours);
      const weekly = new Map<number, number>();
      for (const [hour, count] of hours) weekly.set(hourOfWeek(hour), (weekly.get(hourOfWeek(hour)) ?? 0) + count);
      expect(cells('hourOfWeek', 'created_at')).toEqual(sorted(weekly));
      // Every tenth minute is a whole minute, and 41 of them are midnights.
      expect(cells('resolution', 'created_at')).toEqual([
        [0, 41],
        [1, 5959],
      ]);
      expect(cells('presence', 'reply_to')).toEqual(
        await inSql('select (reply_to is not null)::int4 as bin from public.messages'),
      );
      expect(sorted(finest(marginalOf(pack, 'public.users', 'category', 'mood')))).toEqual([
        [0, 200],
        [1, 100],
      ]);
    });
  });

  test('counts children per parent, parents without children and self-references included', async () => {
    await withDatabase(CHAT, async (url, client) => {
      const pack = await sampleOf(url, SUBJECTS, { withoutThreshold: true });

      const byUser = sorted(finest(marginalOf(pack, 'public.users', 'degree', 'public.messages(user_id)')));
      const replies = sorted(finest(marginalOf(pack, 'public.messages', 'degree', 'public.messages(reply_to)')));
      expect(byUser).toEqual([
        [0, 200],
        [30, 200],
      ]);
      const sql = 'select (select count(*) from public.messages as c where c.reply_to = p.id) as bin from public.messages as p';
      expect(replies).toEqual(sorted(await countsInSql(client, sql)));
      expect(replies[0]?.[0]).toBe(0);
    });
  });

  test('gives a label the same token for the same salt, and another for another salt', async () => {
    await withDatabase(CHAT, async (url, client) => {
      const other = createTokeniser({ salt: SALT.map((byte) => 255 - byte), dataset: 'test' });
      const tokensOf = async (rest: object) => {
        const { axes, cells } = marginalOf(await sampleOf(url, SUBJECTS, rest), 'public.users', 'category', 'country');
        return { axes, cells };
      };

      const [first, second, third] = [await tokensOf({}), await tokensOf({}), await tokensOf({ tokeniser: other })];

      const expected = ['CANARYSHARED', 'CANARYOTHER'].map((label) =>
        createTokeniser({ salt: SALT, dataset: 'test' }).token('public.users', 'country', 'text', label),
      );
      expect(first.axes).toEqual([
        { kind: 'category', column: 'country', labels: [...expected].sort().map((token) => ({ token })) },
      ]);
      expect(second).toEqual(first);
      expect(third.axes).not.toEqual(first.axes);
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int4 as n from public.users where country = 'CANARYSHARED'`,
      );
      const position = [...expected].sort().indexOf(expected[0] ?? '');
      expect(first.cells.find(([, bin]) => bin === position)?.at(-1)).toBe(rows[0]?.n);
    });
  });

  test('shows labels of public columns in clear', async () => {
    await withDatabase(CHAT, async (url) => {
      const pack = await sampleOf(url, { ...SUBJECTS, publicColumns: [{ table: 'public.messages', column: 'kind' }] });

      const [axis] = marginalOf(pack, 'public.messages', 'category', 'kind').axes;
      expect(axis).toMatchObject({ labels: [{ label: 'kind0' }, { label: 'kind1' }, { label: 'kind2' }, { label: 'kind3' }] });
    });
  });

  test('is the same whether tables are cut into page ranges or not', async () => {
    await withDatabase(CHAT, async (url) => {
      const options = sampleOptions(url, SUBJECTS);
      const cut = await samplePack(options, { ...TUNING, ranges: { minPages: 1, maxRanges: 13 } });
      const whole = await samplePack({ ...options, readers: 1 }, { ...TUNING, ranges: { minPages: 1_000_000 } });
      const statements = await listStatements(options, { ...TUNING, ranges: { minPages: 1, maxRanges: 13 } });

      expect(withoutRunId(cut.pack)).toEqual(withoutRunId(whole.pack));
      expect(statements.filter((sql) => sql.includes('::tid')).length).toBeGreaterThan(10);
    });
  });

  test('measured again on its own axes is the same database', async () => {
    await withDatabase(CHAT, async (url) => {
      const reference = await sampleOf(url, SUBJECTS, { withoutThreshold: true });

      const again = await sampleOf(url, {}, { shape: reference });

      const shapeOf = (pack: typeof again) =>
        pack.marginals.map(({ table, axes, total, cells }) => canonicalJson({ table, axes, total, cells })).sort();
      expect(again.privacy.guarantee).toBe('none');
      expect(shapeOf(again)).toEqual(shapeOf(reference));
    });
  });
});

describe('the threshold', () => {
  // 19 subjects with 1000 rows each, and 200 with 100 rows each, in one table.
  const CROWD = `
create table people (id int primary key);
insert into people select generate_series(1, 219);
create table visits (id int primary key, person int not null references people, place text, score int);
insert into visits
select row_number() over (), person, place, score from (
  select p as person, 'few' as place, 4321 as score from generate_series(1, 19) as p, generate_series(1, 1000)
  union all
  select p, 'many', 77 from generate_series(20, 219) as p, generate_series(1, 100)
) as s;
analyze;
`;

  test('counts distinct subjects, not rows: 19 people with 1000 rows each stay hidden, 200 show', async () => {
    await withDatabase(CROWD, async (url) => {
      const pack = await sampleOf(url, { subjects: ['public.people'] });

      const [axis] = marginalOf(pack, 'public.visits', 'category', 'place').axes;
      const many = createTokeniser({ salt: SALT, dataset: 'test' }).token('public.visits', 'place', 'text', 'many');
      expect(axis).toMatchObject({ labels: [{ token: many }] });
      const scores = marginalOf(pack, 'public.visits', 'number', 'score');
      expect(finest(scores).has(77)).toBe(true);
      expect(finest(scores).has(4321)).toBe(false);
      expect(scores.total).toBe(39_000);
    });
  });

  test('counts a person once, however their key is spelled', async () => {
    const spelled = `
create table people (id numeric primary key);
insert into people select generate_series(1, 300);
create table visits (id int primary key, person numeric not null references people, score int);
insert into visits select i, round(1.0, i), 4321 from generate_series(1, 60) as i;
insert into visits select 1000 + i, i, 77 from generate_series(2, 300) as i;
analyze;`;
    await withDatabase(spelled, async (url) => {
      const pack = await sampleOf(url, { subjects: ['public.people'] });

      const scores = finest(marginalOf(pack, 'public.visits', 'number', 'score'));
      expect(scores.has(77)).toBe(true);
      expect(scores.has(4321)).toBe(false);
    });
  });

  test('counts rows where no subject is named', async () => {
    await withDatabase(CROWD, async (url) => {
      const pack = await sampleOf(url, {});

      expect(pack.privacy.rowUnitTables).toEqual(['public.people', 'public.visits']);
      expect(sorted(finest(marginalOf(pack, 'public.visits', 'number', 'score')))).toEqual([
        [77, 20_000],
        [4321, 19_000],
      ]);
    });
  });

  test('follows the owner over several tables', async () => {
    const deep = `${CROWD}
create table notes (id int primary key, visit_id int not null references visits, weight int);
insert into notes select id, id, case when place = 'few' then 999 else 5 end from visits;
analyze;`;
    await withDatabase(deep, async (url) => {
      const pack = await sampleOf(url, { subjects: ['public.people'] });

      const weights = finest(marginalOf(pack, 'public.notes', 'number', 'weight'));
      expect(weights.has(5)).toBe(true);
      expect(weights.has(999)).toBe(false);
    });
  });

  test('keeps small tables and the degrees over public parents of private children to itself', async () => {
    const sql = `
create table countries (id int primary key, name text);
insert into countries select i, 'country' || i from generate_series(1, 30) as i;
create table people (id int primary key, country_id int references countries);
insert into people select i, i from generate_series(1, 19) as i;
analyze;`;
    await withDatabase(sql, async (url) => {
      const pack = await sampleOf(url, { subjects: ['public.people'], publicTables: ['public.countries'] });

      expect(pack.structure.tables.map(({ name, unit, rows }) => [name, unit, rows])).toEqual([
        ['public.countries', 'public', 30],
        ['public.people', 'subject', null],
      ]);
      expect(marginalOf(pack, 'public.countries', 'degree', 'public.people(country_id)').cells.flat()).not.toContain(11);
      expect(marginalOf(pack, 'public.people', 'presence', 'country_id')).toMatchObject({ total: 0, cells: [], other: 0 });
    });
  });
});

describe('the window', () => {
  const TIMED = `
create table users (id int primary key, created_at timestamp not null);
create table posts (id int primary key, user_id int references users, parent_id int references posts, created_at timestamptz not null);
create table links (id int primary key, post_id int references posts);
insert into users select i, '2020-01-01' from generate_series(1, 6) as i;
insert into users values (7, '2024-06-14 23:59:59.999'), (8, '2024-06-15 00:00:00');
-- window of two days before 2024-06-15: 13th and 14th
insert into posts values
  (1, 1, null, '2024-06-12 23:59:59.999+00'), (2, 2, 1, '2024-06-13 00:00:00+00'), (3, 2, null, '2024-06-14 12:00:00+00'),
  (4, null, null, '2024-06-14 23:59:59+00'), (5, 3, null, '2024-06-15 00:00:00+00');
insert into links values (1, 1), (2, 2), (3, 3), (4, 5), (5, null);
analyze;`;
  const policy = {
    timeColumns: [
      { table: 'public.users', column: 'created_at' },
      { table: 'public.posts', column: 'created_at' },
    ],
  };

  test('keeps [day - N, day), the parents of kept rows, and of other tables what hangs on kept rows', async () => {
    await withDatabase(TIMED, async (url) => {
      const pack = await sampleOf(url, policy, { windowDays: 2, withoutThreshold: true });

      expect(pack.provenance.window).toEqual({ days: 2, from: '2024-06-13', to: '2024-06-15' });
      // posts 2, 3, 4; users 7 (in the window) and 2 (wrote posts 2 and 3); links 2, 3 and the one without a post
      expect(pack.structure.tables.map(({ name, rows }) => [name, rows])).toEqual([
        ['public.links', 3],
        ['public.posts', 3],
        ['public.users', 2],
      ]);
      expect(sorted(finest(marginalOf(pack, 'public.users', 'degree', 'public.posts(user_id)')))).toEqual([
        [0, 1],
        [2, 1],
      ]);
      expect(sorted(finest(marginalOf(pack, 'public.posts', 'degree', 'public.links(post_id)')))).toEqual([
        [0, 1],
        [1, 2],
      ]);
    });
  });

  test('measures everything when no days are given', async () => {
    await withDatabase(TIMED, async (url) => {
      const pack = await sampleOf(url, policy, { withoutThreshold: true });

      expect(pack.structure.tables.map(({ rows }) => rows)).toEqual([5, 5, 8]);
    });
  });
});

describe('nothing of a row', () => {
  test('stands in pack, mapping, report or the server log: canaries in values, defaults, comments and checks', async () => {
    await withDatabase(CHAT, async (url) => {
      const before = fs.statSync(serverLogFile()).size;

      const { pack, mapping } = await samplePack(sampleOptions(url, WINDOWED, { windowDays: 30 }));

      const packText = canonicalJson(pack);
      const report = formatExtractionReport({ pack, mapping, file: 'pack.json', sizeBytes: packText.length });
      const log = fs.readFileSync(serverLogFile()).subarray(before).toString('utf8');
      // The log has what was sent: otherwise its silence would prove nothing.
      expect(log).toContain('to stdout (format binary)');
      expect(log).toContain('having count(*) >= 20');
      for (const text of [packText, canonicalJson(mapping), report, log]) expect(hiddenCanaries(text)).toEqual([]);
    });
  });

  test('is measured behind a row-level policy: the run fails loudly instead of seeing a part', async () => {
    const role = 'limited_sampler_test';
    const hidden = `${CHAT}
do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if; end $$;
grant usage on schema public to ${role};
grant select on all tables in schema public to ${role};
alter table users enable row level security;
create policy hidden on users using (handle <> 'CANARYHANDLE1');`;
    await withDatabase(hidden, async (url) => {
      const limited = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c role=${role}`)}`;

      const failure = await samplePack(sampleOptions(limited, SUBJECTS)).then(
        () => null,
        (error: unknown) => error,
      );

      expect(failure).toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: '42501' } });
      expect(hiddenCanaries(String(failure))).toEqual([]);
    });
  });

  test('is read of excluded tables and columns, and their names stay at home', async () => {
    await withDatabase(CHAT, async (url) => {
      const before = fs.statSync(serverLogFile()).size;

      const pack = await sampleOf(url, {
        excludedTables: ['public.messages'],
        excludedColumns: [{ table: 'public.users', column: 'bio' }],
      });

      expect(pack.structure.tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
        ['public.users', ['id', 'handle', 'country', 'mood']],
      ]);
      const measured = fs.readFileSync(serverLogFile()).subarray(before).toString('utf8');
      expect(canonicalJson(pack)).not.toContain('messages');
      expect(measured).not.toContain('"bio"');
      expect(measured).not.toContain('from only "public"."messages"');
    });
  });
});

/** Canaries that a text holds in plain, reversed, in hex or in base64. */
function hiddenCanaries(text: string): string[] {
  const places = ['DEFAULT', 'CHECK', 'COMMENT', 'HANDLE', 'SHARED', 'OTHER', 'BIO', 'BODY'].map((place) => `CANARY${place}`);
  const lower = text.toLowerCase();
  return places.filter((canary) =>
    [
      canary,
      [...canary].reverse().join(''),
      Buffer.from(canary).toString('hex'),
      // The last group depends on what follows.
      Buffer.from(canary).toString('base64').slice(0, 10),
    ].some((form) => lower.includes(form.toLowerCase())),
  );
}

describe('unusual schemas', () => {
  test('names that look like SQL are quoted everywhere', async () => {
    const hostile = `
create schema "we""ird; drop";
create table "we""ird; drop"."o'; drop table x; --" ("a""b" int primary key, "c.d e" text, "$1" timestamptz);
create table "we""ird; drop"."Child" ("select" int references "we""ird; drop"."o'; drop table x; --");
insert into "we""ird; drop"."o'; drop table x; --" select i, 'L' || i % 2, '2024-01-01' from generate_series(1, 100) as i;
insert into "we""ird; drop"."Child" select 1 + i % 50 from generate_series(1, 200) as i;
analyze;`;
    await withDatabase(hostile, async (url) => {
      const policy = {
        subjects: [`"we""ird; drop"."o'; drop table x; --"`],
        timeColumns: [{ table: `"we""ird; drop"."o'; drop table x; --"`, column: '$1' }],
      };

      const pack = await sampleOf(url, policy, { windowDays: 300 });

      expect(packSchema.parse(pack)).toEqual(pack);
      const [child, parent] = pack.structure.tables;
      expect([child?.rows, parent?.rows]).toEqual([200, 100]);
      expect(marginalOf(pack, parent?.name ?? '', 'category', 'c.d e').axes[0]).toMatchObject({ labels: [{}, {}] });
      expect(finest(marginalOf(pack, parent?.name ?? '', 'degree', `${child?.name}(select)`)).get(4)).toBe(50);
    });
  });

  test('partitions are measured leaf by leaf and joined, children of inheritance stay out of their parent', async () => {
    const sql = `
create table events (id int, at date, kind text) partition by range (at);
create table events_old partition of events for values from ('2020-01-01') to ('2024-01-01');
create table events_new partition of events for values from ('2024-01-01') to ('2025-01-01') partition by list (kind);
create table events_new_a partition of events_new for values in ('a');
create table events_new_rest partition of events_new default;
insert into events select i, date '2023-12-01' + i % 60, chr(97 + i % 3) from generate_series(1, 3000) as i;
create table base (n int);
create table derived (m int) inherits (base);
insert into base select 1 from generate_series(1, 40);
insert into derived select 2, 3 from generate_series(1, 50);
analyze;`;
    await withDatabase(sql, async (url, client) => {
      const pack = await sampleOf(url, {}, { withoutThreshold: true });

      expect(pack.structure.tables.map(({ name, rows, isPartitioned }) => [name, rows, isPartitioned])).toEqual([
        ['public.base', 40, false],
        ['public.derived', 50, false],
        ['public.events', 3000, true],
      ]);
      const days = await countsInSql(client, `select (at - date '1970-01-01') * 24 as bin from public.events`);
      expect(sorted(finest(marginalOf(pack, 'public.events', 'time', 'at')))).toEqual(sorted(days));
      const kinds = marginalOf(pack, 'public.events', 'category', 'kind');
      expect(kinds.cells.map((cell) => cell.at(-1))).toEqual([1000, 1000, 1000]);
    });
  });

  test('an empty table, one without columns to measure, and composite and virtual references', async () => {
    const sql = `
create table empty (id int primary key, label text, at timestamptz);
create table bare (id uuid not null);
insert into bare select gen_random_uuid() from generate_series(1, 25);
create table pairs (a int, b text, primary key (a, b));
create table uses (a int, b text);
insert into pairs select i, 'x' from generate_series(1, 30) as i;
insert into uses select 1 + i % 10, 'x' from generate_series(1, 30) as i;
insert into uses values (1, null), (null, 'x');`;
    await withDatabase(sql, async (url) => {
      const relationships = [
        { table: 'public.uses', columns: ['a', 'b'], references: 'public.pairs', referencedColumns: ['a', 'b'] },
      ];

      const pack = await sampleOf(url, { relationships });

      expect(pack.structure.tables.map(({ name, rows }) => [name, rows])).toEqual([
        ['public.bare', 25],
        ['public.empty', null],
        ['public.pairs', 30],
        ['public.uses', 32],
      ]);
      expect(marginalOf(pack, 'public.empty', 'time', 'at')).toMatchObject({ total: 0, cells: [], other: 0 });
      expect(marginalOf(pack, 'public.pairs', 'degree', 'public.uses(a, b)').total).toBe(30);
      const exact = await sampleOf(url, { relationships }, { withoutThreshold: true });
      expect(sorted(finest(marginalOf(exact, 'public.pairs', 'degree', 'public.uses(a, b)')))).toEqual([
        [0, 20],
        [3, 10],
      ]);
    });
  });
});

describe('the run', () => {
  test('stops at once when it is interrupted, and leaves no connection', async () => {
    const big = `create table big (n int, t text); insert into big select i, repeat('x', 100) from generate_series(1, 200000) as i; analyze;`;
    await withDatabase(big, async (url) => {
      const controller = new AbortController();
      const startProgress = () => ({ advance: () => controller.abort(), finish: () => undefined });

      const run = samplePack(sampleOptions(url, {}, { signal: controller.signal, startProgress }), { ranges: { minPages: 1 } });

      await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });

  test('reports progress in pages and reaches the announced total', async () => {
    await withDatabase(CHAT, async (url) => {
      let announced = 0;
      let done = 0;
      const startProgress = (_label: string, total: number) => {
        announced = total;
        const advance = (amount: number) => {
          done += amount;
        };
        return { ...silentProgress, advance };
      };

      await samplePack(sampleOptions(url, SUBJECTS, { startProgress }));

      expect(announced).toBeGreaterThan(0);
      expect(done).toBe(announced);
    });
  });

  test('refuses a policy that names what is not there, with every fault', async () => {
    await withDatabase(CHAT, async (url) => {
      const policy = {
        subjects: ['public.people'],
        excludedColumns: [{ table: 'public.users', column: 'ssn' }],
        timeColumns: [{ table: 'public.users', column: 'id' }],
      };

      await expect(sampleOf(url, policy)).rejects.toMatchObject({
        code: 'POLICY_MISMATCH',
        data: { problems: [{ path: 'subjects.0' }, { path: 'excludedColumns.0' }, { path: 'timeColumns.0' }] },
      });
    });
  });

  test('sends exactly the measuring statements that a dry run lists, and a dry run sends none of them', async () => {
    await withDatabase(CHAT, async (url) => {
      const logSince = (start: number) => plainText(fs.readFileSync(serverLogFile()).subarray(start).toString('utf8'));
      const options = sampleOptions(url, WINDOWED, { windowDays: 20 });
      const beforeList = fs.statSync(serverLogFile()).size;
      const listed = await listStatements(options, TUNING);
      const afterList = logSince(beforeList);
      const measuring = listed.filter((sql) => sql.startsWith('copy (') || sql.startsWith('select\n'));
      const before = fs.statSync(serverLogFile()).size;

      await samplePack(options, TUNING);

      expect(measuring.length).toBeGreaterThan(4);
      const log = logSince(before);
      for (const sql of measuring) {
        expect(log).toContain(plainText(sql));
        expect(afterList).not.toContain(plainText(sql));
      }
    });
  });
});

/** The log indents the lines of a statement. */
function plainText(text: string): string {
  return text.replace(/\s+/g, ' ');
}
