// suggest on a database with hostile names: what it proposes, what it leaves alone, and that no row's value comes out.
import fs from 'node:fs';
import path from 'node:path';
import { formatSuggestions, suggestPolicy } from '../../../sampler/suggest.ts';
import { parseYamlText } from '../../../spec/parse-document.ts';
import { type Policy, policySchema } from '../../../spec/policy.ts';
import { type Suggestions, suggestionsSchema } from '../../../spec/suggestions.ts';
import { createBench } from '../../cli/test-context.ts';
import { withDatabase } from '../../support/database.ts';
import { MEMBERS, MESSAGES, ROOMS, UGLY_CHAT, USERS } from './ugly-chat.ts';

function suggest(url: string, policy: Partial<Policy> = {}): Promise<Suggestions> {
  return suggestPolicy({ url, policy: policySchema.parse(policy), statementTimeoutMs: 60_000 });
}

function linksOf({ relationships }: Suggestions): string[] {
  return relationships.map((one) => `${one.table}(${one.columns}) -> ${one.references}(${one.referencedColumns})`).sort();
}

const LINKS = [
  `${MEMBERS}(selectId) -> ${ROOMS}(Id)`,
  `${MEMBERS}(userId) -> ${USERS}(Id)`,
  `${MESSAGES}(authorUserId) -> ${USERS}(Id)`,
  `${MESSAGES}(replyToId) -> ${MESSAGES}(Id)`,
  `${MESSAGES}(selectId) -> ${ROOMS}(Id)`,
  `${MESSAGES}(selectId,authorUserId) -> ${MEMBERS}(selectId,userId)`,
  `${USERS}(managerId) -> ${USERS}(Id)`,
].sort();

test('references, memberships, times and sentinels are found, and small numbers are not', async () => {
  await withDatabase(UGLY_CHAT, async (url) => {
    const found = await suggest(url);

    expect(suggestionsSchema.parse(found)).toEqual(found);
    expect(linksOf(found)).toEqual(LINKS);
    expect(found.epochColumns.map(({ column, unit }) => [column, unit])).toEqual([
      ['createdAt', 'milliseconds'],
      ['edited_ts', 'seconds'],
    ]);
    expect(found.sentinels.map(({ column, value, evidence }) => [column, value, evidence.of]).sort()).toEqual([
      ['edited_ts', 0, 'time'],
      ['note', '', 'text'],
      ["o'br\\n # : {Text}", '', 'text'],
      ['replyToId', 0, 'key'],
    ]);
    const reply = found.relationships.find(({ columns }) => columns[0] === 'replyToId');
    expect(reply?.evidence).toMatchObject({ from: 'role', values: 1800, found: 1800 });
  });
});

test('what the policy says or excludes, and what the database declares, is not proposed', async () => {
  await withDatabase(UGLY_CHAT, async (url, client) => {
    await client.query(`alter table ${MESSAGES} add foreign key ("authorUserId") references ${USERS} ("Id")`);

    const found = await suggest(url, {
      relationships: [{ table: MESSAGES, columns: ['selectId'], references: ROOMS, referencedColumns: ['Id'] }],
      epochColumns: [{ table: MESSAGES, column: 'createdAt', unit: 'milliseconds' }],
      sentinels: [{ table: MESSAGES, column: 'note', value: '' }],
      excludedColumns: [{ table: MESSAGES, column: 'replyToId' }],
    });

    const known = ['authorUserId) ', 'replyToId', `${MESSAGES}(selectId) `];
    expect(linksOf(found)).toEqual(LINKS.filter((link) => !known.some((name) => link.includes(name) && !link.includes(','))));
    expect(found.epochColumns.map(({ column }) => column)).toEqual(['edited_ts']);
    expect(found.sentinels.map(({ column }) => column)).not.toContain('note');
  });
});

test('an orphan in twenty is allowed under a fitting name, more are not; a broken pair ends a membership', async () => {
  await withDatabase(UGLY_CHAT, async (url, client) => {
    await client.query(`update ${MEMBERS} set "userId" = "userId" + 1000 where "userId" % 30 = 0`);
    await client.query(`update ${USERS} set "managerId" = 5000 where "Id" = 50`);

    const links = linksOf(await suggest(url));

    expect(links).toContain(`${MEMBERS}(userId) -> ${USERS}(Id)`);
    expect(links).not.toContain(`${USERS}(managerId) -> ${USERS}(Id)`);
    expect(links.filter((link) => link.includes(','))).toEqual([]);

    await client.query(`update ${MEMBERS} set "userId" = "userId" + 1000 where "userId" < 100`);
    expect(linksOf(await suggest(url))).not.toContain(`${MEMBERS}(userId) -> ${USERS}(Id)`);
  });
});

test('dense numbers without a telling name need nearly the whole range of one key', async () => {
  const setup = `
    create table makers (id int primary key);
    create table levels (id int primary key, position int unique);
    create table parcels (id int primary key, assigned_by int, tier_ref int, position int, next_step int, rating int, stars_id int);
    insert into makers select generate_series(1, 400);
    insert into levels select i, i from generate_series(1, 50) as i;
    insert into parcels select i, 1 + i % 390, 1 + i % 30, 1 + i % 4, 1 + i % 9, 1 + i % 5, 1 + i % 5 from generate_series(1, 5000) as i;
    analyze;`;
  await withDatabase(setup, async (url) => {
    expect(linksOf(await suggest(url))).toEqual(['public.parcels(assigned_by) -> public.makers(id)']);
  });
});

test('the fragment is a valid policy with the same entries, and the command writes it', async () => {
  await withDatabase(UGLY_CHAT, async (url) => {
    const bench = createBench();
    const found = await suggest(url);
    const withoutEvidence = <Entry extends { evidence: unknown }>({ evidence: _, ...entry }: Entry) => entry;

    const { status, stdout, stderr } = await bench.run(['suggest', '--source', url, '--output', 'fragment.yaml', '--json']);
    const text = fs.readFileSync(path.join(bench.folder, 'fragment.yaml'), 'utf8');
    bench.remove();

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(found);
    expect(text).toBe(formatSuggestions(found));
    const policy = policySchema.parse(parseYamlText(text, 'policy', 'fragment.yaml'));
    expect(policy.relationships).toEqual(found.relationships.map(withoutEvidence));
    expect(policy.epochColumns).toEqual(found.epochColumns.map(withoutEvidence));
    expect(policy.sentinels).toEqual(found.sentinels.map(withoutEvidence));
    for (const output of [text, stdout, stderr]) expectNoValue(output);
  });
});

test('a statement that runs into its time limit ends the run without a value', async () => {
  await withDatabase(UGLY_CHAT, async (url, client) => {
    await client.query(`insert into ${USERS} select i, 'x' || i, null from generate_series(301, 400000) as i`);
    const failed = suggestPolicy({ url, policy: policySchema.parse({}), statementTimeoutMs: 1 });

    await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/QUERY_FAILED|CONNECT_FAILED/) });
    expectNoValue(String(await failed.catch((error: unknown) => error)));
  });
});

test('nothing is proposed for empty tables, and an aborted run says so', async () => {
  await withDatabase(
    'create table a (id int primary key); create table b (id int primary key, a_id int, seen_at int);',
    async (url) => {
      const empty = { format: 'shapecast-suggestions', version: 1, relationships: [], epochColumns: [], sentinels: [] };
      const stop = new AbortController();
      stop.abort();

      expect(await suggest(url)).toEqual(empty);
      const aborted = suggestPolicy({ url, policy: policySchema.parse({}), statementTimeoutMs: 1000, signal: stop.signal });
      await expect(aborted).rejects.toMatchObject({ code: 'INTERRUPTED' });
    },
  );
});

/** No text of a row, and none of the numbers that only rows have. */
function expectNoValue(output: string): void {
  expect(output).not.toMatch(/CANARY/i);
  for (const digits of output.replace(/(\d),(?=\d{3})/g, '$1').match(/\d{6,}/g) ?? []) expect(digits).toBe('a number of a row');
}
