// Proposed rules in the light of sampled values: what is personal is not kept whatever its name says, the rules can be used as they are, and
// no value gets into the file.

import { silentProgress } from '../../core/progress.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { tableSql } from '../../sync/column-sql.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { readRulesProposal } from '../../sync/read-proposal.ts';
import { withDatabase } from '../support/database.ts';

const CANARY = 'canaryqzx';
const SETUP = `
  create table public.tickets (
    id int primary key,
    note text,
    line text,
    remark text not null,
    state text not null check (state <> ''),
    pin varchar(12) unique,
    "full name" text,
    payload jsonb not null check (jsonb_typeof(payload) = 'object'),
    raw json,
    tags text[],
    colour text
  );
  insert into public.tickets
  select i, '${CANARY}' || i || '@real.org', '+49 30 ' || 5550000 + i,
    case when i % 10 = 0 then 'ask ${CANARY}' || i || '@real.org' else 'nothing' end,
    'card 4111 1111 1111 1111', '0170555' || 10000 + i, '${CANARY}' || i || '@real.org',
    jsonb_build_object('contact', jsonb_build_object('mail', '${CANARY}' || i || '@real.org', 'note', 'x'),
      'calls', jsonb_build_array(jsonb_build_object('number', '+49 30 555' || 1000 + i)),
      '${CANARY}' || i, '${CANARY}' || i || '@real.org', 'Key7', 'a' || i || '@real.org', 'size', 1),
    json_build_array('token=' || md5(i::text)), array['${CANARY}' || i || '@real.org'], 'red'
  from generate_series(1, 300) as i;
  create table public.empty (note text);
  create table public.large (id int primary key, filler text, mail_text text not null check (mail_text like '%@%'));
  alter table public.large alter filler set storage plain;
  insert into public.large select i, repeat('x', 3000), 'u' || i || '@real.org' from generate_series(1, 3000) as i;
  create table public.closed (secret text);
  insert into public.closed values ('${CANARY}@real.org');`;

/** Types that tell nothing by themselves, and tables whose times are somebody's. */
const TYPES = `
  create type public."a ""span" as range (subtype = float8);
  create table public.opaque (
    id int primary key, words tsvector not null, more tsvector, ip inet not null, ip_key inet unique, net cidr not null, device macaddr not null,
    home point not null, area circle not null, during tstzrange not null, span public."a ""span" not null, doc xml not null, place pg_lsn not null,
    amount numeric not null
  );
  insert into public.opaque values (1, '${CANARY}', '${CANARY}', '10.1.2.3', '10.1.2.3', '10.1.2.0/24', '08:00:2b:01:02:03', '(52,13)',
    '<(52,13),1>', '[2024-01-01,2024-01-02]', '[1,2]', '<a>${CANARY}</a>', '16/B374D848', 5);
  create table public.languages (id int primary key, name text not null);
  create table public.members (id int primary key, lang int not null references public.languages, mail text, joined date not null);
  create table public.films (id int primary key, lang int not null references public.languages, made timestamp not null);
  create table public.visits (
    id int primary key, member int not null, film int not null references public.films, at timestamptz not null,
    constraint visits_z foreign key (member) references public.members
  );`;

const lineOf = (text: string, table: string, column: string) => {
  const lines = text.split('\n');
  const from = lines.indexOf(`  "public.${table}":`);
  return lines.slice(from + 1).find((line) => line.includes(`"${column}":`)) ?? '';
};

test('what sampled values look like decides, rounded shares are told, and no value or name that is data is', async () => {
  await withDatabase(SETUP, async (url, client) => {
    const signal = new AbortController().signal;
    const { text, sampled } = await readRulesProposal({ url, startSampling: () => silentProgress, signal });
    const blind = await readRulesProposal({ url, startSampling: null, signal });

    const tickets = (column: string) => lineOf(text, 'tickets', column);
    expect(sampled).toBe(14);
    expect(tickets('note')).toContain('{ kind: fake, of: mail } # a mail address in about 100 % of its values');
    expect(tickets('line')).toContain('{ kind: fake, of: phone } # a phone number in about 100 %');
    expect(tickets('remark')).toContain('empty # a mail address in about 10 %');
    expect(tickets('state')).toContain('empty # a payment card number in about 100 %');
    expect(tickets('pin')).toMatch(/^ +# "pin": no rule, so the sync stops here: a phone number/);
    expect(tickets('full name')).toContain('{ kind: fake, of: mail }');
    expect(tickets('payload')).toContain(
      'paths: { "contact.mail": { kind: fake, of: mail }, "calls.*.number": { kind: fake, of: phone } }, others: drop }',
    );
    expect(tickets('raw')).toContain('{ kind: constant, value: { redacted: true } } # a password in about 100 %');
    expect(tickets('tags')).toContain("'null' # a mail address");
    expect(tickets('colour')).toMatch(/'null' # text, may be NULL/);
    expect(lineOf(text, 'empty', 'note')).toContain('no value was seen');
    expect(lineOf(text, 'large', 'mail_text')).toContain('{ kind: fake, of: mail }');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('Key7');
    expect(blind.text).toContain('no row was read');
    expect(lineOf(blind.text, 'tickets', 'state')).toContain('keep');

    const rules = syncRulesSchema.parse(parseYamlText(text, 'rules', 'first.yaml'));
    const catalog = await readCatalog(client);
    expect(() => planSync(catalog, rules)).toThrow(/have no rule, so nothing was copied:\n {2}public\.tickets\.pin$/);
    const decided = text.replace(/# "pin": no rule.*/, '"pin": { kind: shuffle }');
    expect(planSync(catalog, syncRulesSchema.parse(parseYamlText(decided, 'rules', 'first.yaml'))).tables).toHaveLength(4);
  });
});

test('types that tell nothing are never kept, the rules for them work, and times are those of a person where one is near', async () => {
  await withDatabase(TYPES, async (url, client) => {
    const signal = new AbortController().signal;
    const { text } = await readRulesProposal({ url, startSampling: () => silentProgress, signal });
    const decided = text.replace(/# ("place"|"ip_key"): no rule.*/g, '$1: { kind: shuffle }');
    const { tables } = planSync(await readCatalog(client), syncRulesSchema.parse(parseYamlText(decided, 'rules', 'first.yaml')));
    const opaque = tables
      .filter(({ name }) => name === 'opaque')
      .map((table) => tableSql(table, { helpers: [], conditions: [] }));
    const { rows } = await client.query<Record<string, unknown>>(`select t::text as row from (${opaque[0] ?? ''}) as t`);

    expect(lineOf(text, 'opaque', 'more')).toContain(`"more": 'null'`);
    for (const bound of ['ip_key', 'place']) expect(lineOf(text, 'opaque', bound)).toContain('no rule, so the sync stops here');
    expect(text.match(/: keep/g)).toHaveLength(1);
    expect(rows[0]?.row).toBe(
      '(1,"",,0.0.0.0,10.1.2.3,0.0.0.0/32,00:00:00:00:00:00,"(0,0)","<(0,0),0>",empty,empty,"",16/B374D848,5)',
    );
    expect(lineOf(text, 'members', 'joined')).toContain('subject: "id"');
    expect(lineOf(text, 'films', 'made')).toContain('subject: "id"');
    expect(lineOf(text, 'visits', 'at')).toContain('subject: "member"');
  });
});

test('a column that the role may not read is said to be unread, and the others are sampled', async () => {
  await withDatabase(SETUP, async (url, client) => {
    const role = `proposer_${process.pid}`;
    await client.query(`create role ${role} login; grant select on public.tickets to ${role}`);
    try {
      const { text } = await readRulesProposal({
        url: url.replace('shapecast@', `${role}@`),
        startSampling: () => silentProgress,
        signal: new AbortController().signal,
      });

      expect(lineOf(text, 'closed', 'secret')).toContain('its values could not be read');
      expect(lineOf(text, 'tickets', 'note')).toContain('{ kind: fake, of: mail }');
      expect(text).not.toContain(CANARY);
    } finally {
      await client.query(`drop owned by ${role}; drop role ${role}`);
    }
  });
});
