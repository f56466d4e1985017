// Columns with one value that the server spells in its own way: load compares them with what the server makes of the text that was sent.
import { generate } from '../../generator/generate.ts';
import { load } from '../../loader/load.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const setup = `create table public.log (n int primary key, cost money, kept jsonb not null, origin cidr)`;
const spec = parseSpec(
  `
format: shapecast-spec
version: 1
name: constants
bands: { dev: { scale: 1 } }
tables:
  public.log:
    rows: { count: 500 }
    columns:
      n: { kind: sequence }
      cost: { kind: constant, value: "12.5" }
      kept: { kind: constant, value: '{"b":1,  "a":[ ]}' }
      origin: { kind: constant, value: 10.0.0.1/32 }
`,
  'constants.yaml',
);

test.each([
  ['money', `update public.log set cost = '12.51' where n = 7`],
  ['money, to NULL', 'update public.log set cost = null where n = 7'],
  ['a document', `update public.log set kept = '{"a": [], "b": 2}' where n = 7`],
  ['an address', `update public.log set origin = '10.0.0.2/32' where n = 7`],
])('one row with another constant is found: %s', async (_, change) => {
  await withDatabase(setup, async (url, client) => {
    const target = { kind: 'postgres', url } as const;
    const report = await generate({ spec, band: 'dev', seed: 'c', target, workers: 1, operator: 'test', environment: {} });
    const content = async () => {
      const options = { url, report, operator: 'test', print: () => undefined, schema: null, environment: {} };
      const { verdicts } = await load(options);
      return verdicts.filter(({ question }) => question === 'content').map(({ subject, passed }) => [subject, passed]);
    };

    expect(await content()).toEqual([['public.log', true]]);
    await client.query(change);

    expect(await content()).toEqual([['public.log', false]]);
  });
});
