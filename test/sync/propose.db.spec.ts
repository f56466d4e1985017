// Proposed rules in the light of sampled values: what is personal is not kept whatever its name says, the rules can be used as they are, and
// no value gets into the file.

import { silentProgress } from '../../core/progress.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
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
    expect(() => planSync(catalog, rules)).toThrow(/have no rule, so nothing was copied: public\.tickets\.pin\./);
    const decided = text.replace(/# "pin": no rule.*/, '"pin": { kind: shuffle }');
    expect(planSync(catalog, syncRulesSchema.parse(parseYamlText(decided, 'rules', 'first.yaml'))).tables).toHaveLength(4);
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
