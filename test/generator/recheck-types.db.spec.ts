// Every type that is made hashes in the server as in the run, whatever the server's settings are and by either form of COPY.
import { generate } from '../../generator/generate.ts';
import { recheck } from '../../generator/recheck.ts';
import type { Spec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';
import { changeSettings } from './changed-settings.ts';
import { arrayColumns, binaryColumns, MOOD_SQL, specOf, tableSql } from './types/type-table.ts';

const otherColumns: typeof binaryColumns = [
  ['mail', 'citext', '{ kind: text, length: { family: uniform, min: 3, max: 9 }, nullAs: "None" }'],
  ['label', 'mood', '{ kind: category, values: [{ label: ok, weight: 1 }, { label: "null", weight: 2 }], nullFraction: 0.1 }'],
  ['lasts', 'waiting', '{ kind: number, decimals: 0, distribution: { family: uniform, min: 0, max: 999999 } }'],
  ['tags', 'tags', '{ kind: array, length: { family: uniform, min: 0, max: 4 }, element: { kind: uuid }, nullFraction: 0.1 }'],
  ['flag', 'boolean', '{ kind: boolean, trueFraction: 0.3, nullFraction: 0.1 }'],
  ['day', 'date', '{ kind: time, calendar: { kind: window }, nullFraction: 0.1 }'],
  ['at', 'timestamptz', '{ kind: time, calendar: { kind: window } }'],
  ['plain', 'timestamp', '{ kind: time, calendar: { kind: window } }'],
  ['seen', 'bigint', '{ kind: time, calendar: { kind: window }, epoch: milliseconds }'],
  ['small', 'smallint', '{ kind: number, distribution: { family: normal, mean: 0, standardDeviation: 100 }, nullAs: -32768 }'],
  ['zero', 'float8', '{ kind: number, decimals: 1, distribution: { family: uniform, min: -0.2, max: 0.2 } }'],
  ['price', 'money', '{ kind: constant, value: "12.5" }'],
  ['odd', 'jsonb', `{ kind: constant, value: '{"b":1.50,  "a":[ ]}' }`],
  ['span', 'interval', '{ kind: constant, value: "1 mon 25:00" }'],
];

const types = `create extension citext; create domain waiting as interval; create domain tags as uuid[];`;

/** One table of all columns, so by text; and one that goes by binary COPY. */
const schema = [
  MOOD_SQL,
  types,
  tableSql(binaryColumns),
  tableSql([...binaryColumns.slice(0, 1), ...arrayColumns, ...otherColumns], 'u'),
  'alter table u add zero2 float8 generated always as (zero + 1) stored',
];

function spec(): Spec {
  const one = specOf(binaryColumns);
  const two = specOf([...binaryColumns.slice(0, 1), ...arrayColumns, ...otherColumns]);
  const [t] = Object.values(one.tables);
  const [u] = Object.values(two.tables);
  if (t === undefined || u === undefined) throw new Error('the spec has no table');
  return { ...one, tables: { 'public.t': t, 'public.u': u } };
}

test('every type is as the run made it under other settings, by binary and by text COPY', async () => {
  await withDatabase(schema, async (url, client) => {
    const report = await generate({
      spec: spec(),
      band: 'dev',
      seed: 'types',
      target: { kind: 'postgres', url },
      workers: 1,
      operator: 'test',
      environment: {},
    });
    await changeSettings(client);

    const found = await recheck({
      url,
      schema: null,
      only: [],
      report: null,
      isCompared: true,
      plan: null,
      readers: 1,
      environment: {},
    });

    expect(found.tables).toMatchObject([
      { name: 'public.t', verdict: 'equal', notHashed: [], found: report.tables[0]?.contentHash },
      { name: 'public.u', verdict: 'equal', notHashed: ['zero2'], found: report.tables[1]?.contentHash },
    ]);
  });
});
