// Rules that would break the shadow's constraints only after it was emptied: keys that one partition has, references between texts that are equal
// and not the same, and values that SQL makes too long or NULL. All are refused while nothing is lost.
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { refuseUnkeepable } from '../../sync/ask-source.ts';
import { tableSql } from '../../sync/column-sql.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { planSync } from '../../sync/plan-sync.ts';
import type { PlannedTable } from '../../sync/planned-table.ts';
import { readMaskedCatalog } from '../../sync/read-masked-catalog.ts';
import { withDatabase } from '../support/database.ts';

const hash = createKeyedHash(new Uint8Array(32).fill(7));
type Rules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The paths and messages of what is refused. */
async function refusals(url: string, rules: Rules): Promise<unknown[]> {
  try {
    await planned(url, rules);
    return [];
  } catch (error) {
    const problems: unknown = Reflect.get(Object(Reflect.get(Object(error), 'data')), 'problems');
    if (!Array.isArray(problems)) throw error;
    return problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

async function planned(url: string, given: Rules): Promise<readonly PlannedTable[]> {
  const tables = Object.fromEntries(Object.entries(given).map(([name, columns]) => [name, { columns }]));
  const snapshot = await openSnapshot(url, { readers: 1, statementTimeoutMs: 60_000, lockTimeoutMs: 1000 });
  try {
    const [client] = snapshot.clients;
    if (client === undefined) throw new Error('no connection');
    const plan = planSync(await readMaskedCatalog(client), syncRulesSchema.parse({ tables }));
    await refuseUnkeepable({ client, serverMajor: snapshot.serverMajor }, plan.tables, hash);
    return plan.tables;
  } finally {
    await snapshot.close();
  }
}

test('a key that one partition has is a key: what breaks it is refused, and a fake under it is distinct', async () => {
  const sql = `
    create table public.parts (id int, code text, place text, span int4range) partition by range (id);
    create table public.low partition of public.parts for values from (0) to (10);
    create table public.high partition of public.parts for values from (10) to (20);
    create unique index low_code on public.low (code);
    alter table public.high add constraint high_span exclude using gist (span with &&);
    alter table public.parts add constraint parts_key unique (id, place);`;
  await withDatabase(sql, async (url) => {
    const parts = (rules: Rules[string]) => ({ parts: { id: 'keep', code: 'keep', place: 'keep', span: 'keep', ...rules } });

    expect(await refusals(url, parts({ code: { kind: 'constant', value: 'x' } }))).toEqual([
      'tables.public.parts.columns.code: constant cannot keep the unique key low_code; token, keep, a fake or a template with {seq} can',
    ]);
    // Other rows of the table may have the same code.
    expect(await refusals(url, parts({ code: 'shuffle' }))).toHaveLength(1);
    expect(await refusals(url, parts({ span: 'null' }))).toEqual([
      'tables.public.parts.columns.span: null may break the exclusion constraint high_span',
    ]);
    expect(await refusals(url, parts({ code: 'token', place: 'token' }))).toEqual([]);
    const [table] = await planned(url, parts({ code: { kind: 'fake', of: 'mail' } }));
    expect(table?.columns.map(({ isDistinct }) => isDistinct)).toEqual([true, true, true, false]);
  });
});

test('references between texts that are equal and not the same are refused, or masked by what they have in common', async () => {
  const sql = `
    create extension citext;
    create collation public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table public.fixed (code char(20) primary key);
    create table public.varied (code varchar(20) references public.fixed);
    create table public.mails (mail citext primary key);
    create table public.sent (mail citext references public.mails);
    create table public.words (word text collate public.loose primary key);
    create table public.said (word text collate public.loose references public.words);
    insert into public.mails values ('Anna@Real.org');
    insert into public.sent values ('anna@real.ORG');`;
  await withDatabase(sql, async (url, client) => {
    const rules = (mask: unknown, ...masked: readonly string[]): Rules => {
      const columns = { fixed: 'code', varied: 'code', mails: 'mail', sent: 'mail', words: 'word', said: 'word' };
      const entries = Object.entries(columns);
      return Object.fromEntries(entries.map(([table, name]) => [table, { [name]: masked.includes(table) ? mask : 'keep' }]));
    };

    expect(await refusals(url, rules('keep'))).toEqual([]);
    expect(await refusals(url, rules('token', 'fixed', 'varied'))).toEqual([
      expect.stringMatching(/^tables\.public\.varied\.columns\.code: .*both need the same rule, and one type and length/),
    ]);
    expect(await refusals(url, rules('token', 'words', 'said'))).toEqual([
      expect.stringMatching(/^tables\.public\.said\.columns\.word: its collation takes different texts for equal/),
    ]);
    const texts: unknown[] = [];
    for (const table of await planned(url, rules('token', 'mails', 'sent')))
      if (['mails', 'sent'].includes(table.name))
        texts.push((await client.query({ text: tableSql(table, { helpers: [], conditions: [] }), rowMode: 'array' })).rows);
    expect(texts).toEqual([[['anna@real.org']], [['anna@real.org']]]);
  });
});

test('SQL that makes NULL, too long a text or nothing at all of some row is refused before a row is copied', async () => {
  const sql = `
    create table public.t (id int primary key, code text not null, short varchar(4), fixed char(3), free text);
    insert into public.t select i, nullif(i, 7)::text || '', 'ab', 'x', 'canary' from generate_series(1, 6) as i;
    insert into public.t values (7, '', 'abc', 'xy ', '12');`;
  await withDatabase(sql, async (url) => {
    const t = (rules: Rules[string]) => ({
      t: { id: 'keep', code: 'keep', short: 'keep', fixed: 'keep', free: 'keep', ...rules },
    });
    const path = (name: string) => `tables.public.t.columns.${name}: of some row`;

    expect(
      await refusals(
        url,
        t({
          code: { kind: 'sql', expression: "nullif(code, '')" },
          short: { kind: 'replace', pattern: 'c', with: 'long' },
          fixed: { kind: 'sql', expression: "case when id = 7 then 'abcd' else fixed end" },
        }),
      ),
    ).toEqual([
      `${path('code')} sql makes NULL, and the column is NOT NULL`,
      `${path('short')} replace makes more than the 4 characters that the column takes`,
      `${path('fixed')} sql makes more than the 3 characters that the column takes`,
    ]);
    expect(
      await refusals(
        url,
        t({
          code: { kind: 'sql', expression: "coalesce(nullif(t.code, ''), row_number() over ()::text)" },
          short: { kind: 'replace', pattern: 'c', with: 'd ' },
          fixed: { kind: 'sql', expression: "fixed || '   '" },
        }),
      ),
    ).toEqual([]);
    const broken = await refusals(url, t({ code: { kind: 'sql', expression: 'free::int::text' } }));
    expect(broken).toEqual([expect.stringContaining('columns.code: ')]);
    expect(broken.join('')).not.toContain('canary');
  });
});
