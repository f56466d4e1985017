// CHECKs between two references of a row: kept apart where that can be done, refused at every size where it cannot.
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { load } from '../../loader/load.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const sqlOf = (check: string, key = 'id') => `
create table public.account (id int primary key, code uuid unique);
create table public.transfer (
  id int not null,
  payer uuid references public.account (code),
  payee uuid references public.account (code),
  primary key (${key}),
  constraint apart check (${check})
);
create index on public.transfer (payee);`;

const specOf = (transfer: string, payeeNulls = 0.1) => `
format: shapecast-spec
version: 1
name: apart
bands: { dev: { scale: 1 } }
tables:
  account:
    rows: { count: 300 }
    columns: { id: { kind: sequence }, code: { kind: uuid, nullFraction: 0.3 } }
  transfer:
    rows: { count: 20000 }
    references:
      payer: { columns: [payer], table: account, to: [code], fanOut: { family: geometric, p: 0.02, start: 0 } }
      payee: { columns: [payee], table: account, to: [code], nullFraction: ${payeeNulls}, fanOut: { family: geometric, p: 0.02, start: 0 } }
    ${transfer}
    columns: { id: { kind: sequence } }
`;

function optionsFor(url: string, createSql: string, text: string): GenerateOptions {
  const spec = parseSpec(text, 'spec.yaml');
  return { spec, band: 'dev', seed: 's', target: { kind: 'postgres', url }, createSql, workers: 1, operator: 'test' };
}

test.each(['payer <> payee', 'payer is null or payee is null or payer <> payee', 'not payer = payee and id > 0'])(
  'two references to one table are different in every row for check (%s)',
  async (check) => {
    await withDatabase('', async (url, client) => {
      const report = await generate(optionsFor(url, sqlOf(check), specOf('')));

      const { verdicts } = await load({ url, report, schema: null, operator: 'test', print: () => undefined });
      const { rows } = await client.query(
        'select count(payer)::int4 as payers, count(payee)::int4 as payees, count(distinct payee)::int4 > 190 as spread from public.transfer',
      );
      expect(rows).toEqual([{ payers: 20_000, payees: 18_000, spread: true }]);
      expect(verdicts.filter(({ passed }) => !passed)).toEqual([]);
    });
  },
);

test.each([
  ['an order of keys', sqlOf('payer < payee'), specOf('')],
  ['an order the other way round', sqlOf('payer >= payee or payee is null'), specOf('')],
  [
    'references in distinct pairs',
    sqlOf('payer <> payee', 'payer, payee'),
    specOf('distinctPairs: [[payer, payee]]', 0).replaceAll('p: 0.02', 'p: 0.2').replace('20000', '1000'),
  ],
])('%s is refused before a row is made, whatever sample rows say', async (_, createSql, text) => {
  await withDatabase(createSql, async (url) => {
    const error: unknown = await planOnly(optionsFor(url, createSql, text)).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'PLAN_IMPOSSIBLE' });
    expect(String(error)).toContain('tables.public.transfer.checks.apart: compares two references');
  });
});

test('a reference that is never set breaks no comparison', async () => {
  await withDatabase('', async (url) => {
    const report = await generate(optionsFor(url, sqlOf('payer < payee'), specOf('', 1)));

    expect(report.tables.find(({ name }) => name === 'public.transfer')?.rows).toBe(20_000);
  });
});
