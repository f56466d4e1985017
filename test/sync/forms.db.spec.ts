// The forms by which a shadow is checked, held against what the masks make: PostgreSQL itself says yes to every masked value and no to
// values of another kind.
import fc from 'fast-check';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { namedRecord } from '../../spec/named-record.ts';
import { type ColumnRule, syncRulesSchema } from '../../spec/sync-rules.ts';
import { listComparable } from '../../sync/digests/comparable-columns.ts';
import { fakeOf, SHORTEST_FAKE } from '../../sync/masks/fake.ts';
import { jsonPlacesOf } from '../../sync/masks/json-places.ts';
import type { JsonRule } from '../../sync/masks/json-tree.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { rewriteJson } from '../../sync/masks/rewrite-json.ts';
import { tokenOfText, tokenOfUuid } from '../../sync/masks/token.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { fakeForm } from '../../sync/verify/forms/fake-form.ts';
import { jsonFaultSql } from '../../sync/verify/forms/json-form.ts';
import { type TextForm, templateForm, tokenForm, uuidTokenForm } from '../../sync/verify/forms/text-form.ts';
import { withDatabase } from '../support/database.ts';

const hash = createKeyedHash(new Uint8Array(32).fill(7));
const kinds = ['name', 'firstName', 'lastName', 'mail', 'phone', 'address'] as const;
const inputs = Array.from({ length: 500 }, (_, at) => `value ${at}`);

function ruleOf(rule: unknown): ColumnRule {
  const parsed = syncRulesSchema.parse({ tables: { t: { columns: { c: rule } } } }).tables['public.t']?.columns.c;
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
}

test('every value that a mask makes has its form, however short the column, and values of another kind have not', async () => {
  await withDatabase('', async (_url, client) => {
    const matching = async (form: TextForm, values: readonly string[]) => {
      // A char(n) loses its blanks.
      const sql = `select count(*) filter (where ${form.matches('v')})::int as own, count(*) filter (where ${form.matches('rtrim(v)')})::int as trimmed
        from unnest($1::text[]) as v`;
      const { rows } = await client.query<{ own: number; trimmed: number }>(sql, [values]);
      return [rows[0]?.own, rows[0]?.trimmed];
    };
    const all = [inputs.length, inputs.length];
    for (const kind of kinds) {
      for (const isDistinct of [false, true])
        for (const maxLength of [null, 40, 30, 24, 13, 7].filter(
          (most) => most === null || !isDistinct || most >= SHORTEST_FAKE[kind],
        )) {
          if (kind === 'mail' && maxLength !== null && maxLength < SHORTEST_FAKE.mail) continue;
          const options = { isDistinct, maxLength };
          const fakes = inputs.map((value) => fakeOf(hash, kind, value, options));
          expect([kind, options, ...(await matching(fakeForm(kind, options), fakes))]).toEqual([kind, options, ...all]);
        }
      const free = fakeForm(kind, { isDistinct: false, maxLength: null });
      const strange = ['Zoë Canary', 'zoe@real.org', '+49 30 5550001', '1 Real Street, Nowhere', '', 'Anna', 'x@example.com'];
      const others = strange.filter((value) => !(kind === 'firstName' && value === 'Anna'));
      expect([kind, ...(await matching(free, others))]).toEqual([kind, 0, 0]);
    }
    expect(
      await matching(
        tokenForm(),
        inputs.map((value) => tokenOfText(hash, value)),
      ),
    ).toEqual(all);
    expect(
      await matching(
        tokenForm(20),
        inputs.map((value) => tokenOfText(hash, value, 20)),
      ),
    ).toEqual(all);
    expect(
      await matching(
        uuidTokenForm,
        inputs.map((value) => tokenOfUuid(hash, value)),
      ),
    ).toEqual(all);
    expect(await matching(uuidTokenForm, ['7f3a9c51-e2d8-4b06-a1c7-f5e93d20b864'])).toEqual([0, 0]);
    const strange = ['a.12\\(*)\n', 'a.\\(*)\n', 'ab12\\(*)\n', 'a.012\\(*)\n', 'a.0\\(*)\n', 'a.13\\(*)\n'];
    expect(await matching(templateForm('a.{seq}\\(*)\n', '12'), strange)).toEqual([1, 1]);
    // Production's numbers are none of the copy's rows.
    expect(await matching(templateForm('{seq}', '500'), ['1', '500', '501', '00', '4930555000112345678901'])).toEqual([2, 2]);
    expect(await matching(templateForm('{seq}{seq}-', '99'), ['77-', '1212-', '78-', '121-'])).toEqual([2, 2]);
  });
});

test('of any document the mask leaves one without fault, and a document that it changes has one', async () => {
  const paths = {
    a: 'keep',
    'b.*': 'token',
    'b.c': { kind: 'keepLast', length: 2 },
    '*.d': { kind: 'fake', of: 'mail' },
    'it\'s "e"': 'empty',
  };
  await withDatabase('', async (_url, client) => {
    for (const others of ['drop', 'keep'] as const) {
      const rule = ruleOf({ kind: 'json', paths, others }) as JsonRule;
      const places = jsonPlacesOf(rule, hash);
      const names = fc.constantFrom('a', 'b', 'c', 'd', 'it\'s "e"', 'f', '__proto__');
      const { value } = fc.letrec((tie) => ({
        value: fc.oneof(
          { maxDepth: 4, withCrossShrink: true },
          fc.string(),
          fc.integer(),
          fc.constant(null),
          tie('list'),
          tie('object'),
        ),
        list: fc.array(tie('value'), { maxLength: 3 }),
        object: fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((entries) => namedRecord(entries)),
      }));
      const documents = fc
        .sample(value, { numRuns: 1000, seed: 7 })
        .map((document) => JSON.stringify(document).replaceAll('\\u0000', ''));
      const masked = documents.map((text) => rewriteJson(text, places, others));
      const sql = `select ${jsonFaultSql(rule, 'before')} as "wasFaulty", ${jsonFaultSql(rule, 'after')} as "isFaulty", before <> after as "isChanged"
        from unnest($1::jsonb[], $2::jsonb[]) as documents (before, after)`;
      const { rows } = await client.query<Record<string, boolean>>(sql, [documents, masked]);

      expect(rows.filter(({ isFaulty }) => isFaulty)).toEqual([]);
      expect(rows.filter(({ isChanged }) => isChanged).length).toBeGreaterThan(50);
      expect(rows.filter(({ isChanged, wasFaulty }) => isChanged && !wasFaulty)).toEqual([]);
    }
  });
});

test('a reference is compared itself unless it is one column and the column that it leads to is compared', async () => {
  const schema = `
    create table public.parent (a int, b text, primary key (a, b));
    create table public.child (a int, b text, foreign key (a, b) references public.parent);
    create table public.person (id int primary key, small text unique, made text unique generated always as (lower(small)) stored);
    create table public.visit (
      person int references public.person,
      made text references public.person (made),
      later int references public.person
    );
    alter table public.visit add constraint not_checked foreign key (later) references public.person not valid;
    alter table public.visit drop constraint visit_later_fkey;
    create table public.left_half (id int primary key);
    create table public.right_half (id int primary key references public.left_half);
    alter table public.left_half add foreign key (id) references public.right_half;`;
  const rules = syncRulesSchema.parse({
    tables: {
      parent: { columns: { a: 'token', b: 'keep' } },
      child: { columns: { a: 'null', b: 'token' } },
      person: { columns: { id: 'token', small: 'keep' } },
      visit: { columns: { person: 'token', made: 'token', later: 'token' } },
      left_half: { columns: { id: 'token' } },
      right_half: { columns: { id: 'token' } },
    },
  });
  await withDatabase(schema, async (_url, client) => {
    const { comparable, notCompared } = listComparable(planSync(await readCatalog(client), rules).tables);

    expect(comparable.map(({ table, column }) => `${table.name}.${column}`).sort()).toEqual(
      ['child.b', 'left_half.id', 'parent.a', 'person.id', 'visit.later', 'visit.made'].sort(),
    );
    expect(notCompared.map(({ table, column, why }) => `${table}.${column}: ${why}`)).toEqual([
      'public.right_half.id: its values are those of public.left_half.id, which is compared',
      'public.visit.person: its values are those of public.person.id, which is compared',
    ]);
  });
});
