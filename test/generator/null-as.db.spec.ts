// Values that stand for NULL and times that are integers, through COPY in both formats, with content hashes from the server.
import type pg from 'pg';
import { parseTableKey } from '../../core/identifiers.ts';
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { hashTableInDatabase } from '../../postgres/content-hash.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const SQL = `
create table public.p (id bigint primary key, opened int not null);
create table public.c (
  id bigint primary key,
  p_id int not null,
  price numeric(8, 2) not null,
  weight float8 not null,
  code varchar(5) not null,
  pad char(4) not null,
  kind text not null,
  seen bigint not null,
  closed timestamptz not null
);`;
/** A column without a binary encoder makes COPY go as text. */
const TEXT_SQL = SQL.replace('closed timestamptz', 'extra jsonb, closed timestamptz');

const CALENDAR = 'calendar: { kind: bins, bins: [["1960-01-01", "1960-02-01", 1], ["2024-05-01T07", "2024-05-01T08", 1]] }';

function specText(change: (text: string) => string = (text) => text): string {
  return change(`
format: shapecast-spec
version: 1
name: stand-ins
bands: { dev: { scale: 1 } }
tables:
  p:
    rows: { count: 700 }
    columns:
      id: { kind: sequence }
      opened: { kind: time, epoch: seconds, ${CALENDAR} }
  c:
    rows: { count: 5000 }
    references:
      p: { columns: [p_id], table: p, to: [id], isVirtual: true, nullFraction: 0.3, nullAs: -1, fanOut: { family: geometric, p: 0.15, start: 0 } }
    columns:
      id: { kind: sequence }
      price: { kind: number, decimals: 2, distribution: { family: uniform, min: 5, max: 9 }, nullFraction: 0.1, nullAs: -1 }
      weight: { kind: number, decimals: 3, distribution: { family: uniform, min: 5, max: 9 }, nullFraction: 0.2, nullAs: 0 }
      code: { kind: text, length: { family: uniform, min: 2, max: 5 }, nullFraction: 0.4, nullAs: "" }
      pad: { kind: text, length: { family: uniform, min: 2, max: 4 }, nullFraction: 0.5, nullAs: "" }
      kind: { kind: category, values: [{ label: a, weight: 1 }, { label: b, weight: 1 }], nullFraction: 0.6, nullAs: "it's \\\\N" }
      seen: { kind: time, epoch: milliseconds, resolution: microsecond, ${CALENDAR}, nullFraction: 0.25, nullAs: 0 }
      closed: { kind: delay, reference: p, column: opened, seconds: { family: uniform, min: 10, max: 20 } }
`);
}

function optionsFor(url: string, text: string, createSql: string): GenerateOptions {
  const spec = parseSpec(text, 'spec.yaml');
  return { spec, band: 'dev', seed: 's', target: { kind: 'postgres', url }, createSql, workers: 1, operator: 'test' };
}

async function count(client: pg.Client, condition: string, table = 'c'): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::int4 as n from public.${table} as c where ${condition}`);
  return rows[0]?.n ?? -1;
}

// Rows without a parent have no delay, so the child's time is given by NULL there: the columns allow it.
const NULLABLE = (sql: string) => sql.replace('closed timestamptz not null', 'closed timestamptz');

test.each([
  ['binary', NULLABLE(SQL), specText()],
  ['text', NULLABLE(TEXT_SQL), specText((text) => `${text}      extra: { kind: constant, value: '{"a": 1}' }\n`)],
])('stand-ins and integer times arrive as planned in %s COPY, and hash as the server hashes them', async (_, sql, text) => {
  await withDatabase('', async (url, client) => {
    const report = await generate(optionsFor(url, text, sql));

    const catalog = await readCatalog(client);
    for (const table of report.tables) {
      const name = parseTableKey(table.name);
      const found = catalog.tables.find((candidate) => candidate.name === name.name);
      const columns = table.hashedColumns.map((column) => ({
        name: column,
        baseType: found?.columns.find((candidate) => candidate.name === column)?.baseType ?? '',
      }));
      expect(await hashTableInDatabase(client, name, columns)).toBe(table.contentHash);
    }
    expect(await count(client, 'p_id = -1')).toBe(1500);
    expect(await count(client, 'p_id <> -1 and not exists (select from public.p where p.id = c.p_id)')).toBe(0);
    expect(await count(client, 'price = -1')).toBe(500);
    expect(await count(client, 'price between 5 and 9')).toBe(4500);
    expect(await count(client, 'weight = 0')).toBe(1000);
    expect(await count(client, `code = ''`)).toBe(2000);
    expect(await count(client, `pad = ''`)).toBe(2500);
    expect(await count(client, `kind = 'it''s \\N'`)).toBe(3000);
    expect(await count(client, 'seen = 0')).toBe(1250);
    expect(await count(client, 'seen between 1714546800000 and 1714550399999')).toBe(1875);
    expect(await count(client, 'seen between -315619200000 and -312940800001')).toBe(1875);
    expect(await count(client, 'opened between 1714546800 and 1714550399', 'p')).toBe(350);
    expect(await count(client, 'opened between -315619200 and -312940801', 'p')).toBe(350);
    // A delay counts from the parent's integer time.
    const parent = `(select to_timestamp(p.opened) from public.p where p.id = c.p_id)`;
    expect(await count(client, `closed - ${parent} between interval '10 s' and interval '20 s'`)).toBe(3500);
    expect(await count(client, 'closed is null')).toBe(1500);
    expect(report.tables.find(({ name }) => name === 'public.c')?.references[0]).toMatchObject({ nullAs: '-1', nulls: 1500 });
  });
});

test.each([
  [
    'a NOT NULL column without a stand-in',
    (text: string) => text.replace('nullFraction: 0.2, nullAs: 0', 'nullFraction: 0.2'),
    'c.columns.weight.nullFraction',
  ],
  ['a text that stands for a number', (text: string) => text.replace('nullAs: -1 }', 'nullAs: "" }'), 'c.columns.price.nullAs'],
  [
    'a reference with the wrong stand-in',
    (text: string) => text.replace('nullAs: -1,', 'nullAs: "none",'),
    'c.references.p.nullAs',
  ],
  ['a stand-in that is too long', (text: string) => text.replace('nullAs: "" }', 'nullAs: "toolong" }'), 'c.columns.code.nullAs'],
  ['milliseconds in an int4', (text: string) => text.replace('epoch: seconds', 'epoch: milliseconds'), 'p.columns.opened'],
  [
    'a time in a float',
    (text: string) =>
      text.replace(
        'weight: { kind: number, decimals: 3, distribution: { family: uniform, min: 5, max: 9 }',
        `weight: { kind: time, epoch: seconds, ${CALENDAR}`,
      ),
    'c.columns.weight',
  ],
])('%s is refused before any row', async (_, change, place) => {
  await withDatabase(NULLABLE(SQL), async (url) => {
    const planned = planOnly(optionsFor(url, specText(change), NULLABLE(SQL)));

    const error: unknown = await planned.catch((reason: unknown) => reason);
    expect(String(error)).toContain(`tables.public.${place}`);
  });
});
