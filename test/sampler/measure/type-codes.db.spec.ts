// Codes of forms, keys and seconds, as a real server computes them.
import fc from 'fast-check';
import type pg from 'pg';
import type { CatalogColumn } from '../../../postgres/catalog/catalog.ts';
import type { ColumnAxis } from '../../../sampler/measure/axes.ts';
import { codeOfAxis } from '../../../sampler/measure/codes.ts';
import { IDENTIFIER_FORMS } from '../../../spec/axis.ts';
import { binOf } from '../../../stats/binning.ts';
import { withDatabase } from '../../support/database.ts';
import { column } from './catalog-fixture.ts';

async function codesOf(client: pg.Client, of: CatalogColumn, axis: ColumnAxis, values: readonly (string | null)[]) {
  const { scalar, code } = codeOfAxis({ column: of, axis, labels: null }, 't', { label: 1n, bucket: 2n });
  const sql = `select ${code === null ? 'x' : code('x')} as code
    from (select ${scalar} as x, t.o from (select v::${of.baseType} as n, o from unnest($1::text[]) with ordinality as u(v, o)) as t offset 0) as s
    order by s.o`;
  const { rows } = await client.query<{ code: number | null }>(sql, [values]);
  return rows.map((row) => row.code);
}

const keys: ColumnAxis = { kind: 'length', column: 'n', of: 'keys', subBits: 7 };
const form: ColumnAxis = { kind: 'form', column: 'n' };

test('keys of json are counted whatever it holds, also what the server cannot decode', async () => {
  const values: [string | null, number | null][] = [
    [null, null],
    ['{}', 0],
    ['{"a": 1, "b": {"c": 2}}', 2],
    ['[{"a": 1}]', 0],
    ['"text"', 0],
    ['null', 0],
    ['{"a\\u0000": 1}', 1],
    ['{"a": "\\ud800", "b": "\\\\u0000"}', 2],
    ['{"\\"": 1, "\\\\": 2, "\\u0022": 3}', 3],
    ['{"a\\\\": "\\u0000\\\\\\u0000"}', 1],
    ['  {\n"a": 1\n}  ', 1],
  ];
  await withDatabase([], async (_, client) => {
    const texts = values.map(([text]) => text);
    expect(await codesOf(client, column('n', 'json'), keys, texts)).toEqual(values.map(([, count]) => count));
    const plain = values.filter(([text]) => text === null || !text.includes('\\u'));
    expect(
      await codesOf(
        client,
        column('n', 'jsonb'),
        keys,
        plain.map(([text]) => text),
      ),
    ).toEqual(plain.map(([, count]) => count));
  });
});

test('keys of any object are as many as it has', async () => {
  await withDatabase([], async (_, client) => {
    const property = fc.asyncProperty(fc.array(fc.json(), { maxLength: 50 }), async (texts) => {
      const wanted = texts.map((text) => {
        const value: unknown = JSON.parse(text);
        return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).length : 0;
      });

      // JSON.parse keeps the last of two equal keys and hides __proto__; fast-check makes neither but by name.
      expect(await codesOf(client, column('n', 'json'), keys, texts)).toEqual(wanted);
    });
    await fc.assert(property, { numRuns: 20, seed: 5 });
  });
});

test.each([
  ['x', 'lowerAlphanumeric'],
  ['', 'other'],
  ['a b', 'other'],
  ['é', 'other'],
  ['0123456789', 'digits'],
  ['00ff', 'hex'],
  ['00FF', 'upperAlphanumeric'],
  ['00fG', 'mixedAlphanumeric'],
  ['cjld2cjxh0000qzrmn831i7rn', 'cuid'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ulid'],
  ['91ARZ3NDEKTSV4RRFFQ69G5FAV', 'upperAlphanumeric'],
  ['V1StGXR8_Z5jdHi6B-myT', 'nanoid'],
  ['V1StGXR8_Z5jdHi6B-my', 'other'],
  ['9b2b6f8e-6c2e-4f5a-9d3e-2b1c0a9f8e7d', 'uuid4'],
  ['018f3c6e-7b2a-7cde-8f01-23456789abcd', 'uuid7'],
  ['018f3c6e-7b2a-1cde-8f01-23456789abcd', 'uuidOther'],
  ['018f3c6e-7b2a-7cde-8f01-23456789abcd\n', 'other'],
])('%j has the form %s', async (text, wanted) => {
  await withDatabase([], async (_, client) => {
    const [code] = await codesOf(client, column('n', 'text'), form, [text]);

    expect(IDENTIFIER_FORMS[code ?? -1]).toBe(wanted);
  });
});

test('uuids have their version, NULL has no form', async () => {
  await withDatabase([], async (_, client) => {
    const values = ['018F3C6E-7B2A-7CDE-8F01-23456789ABCD', '9b2b6f8e-6c2e-4f5a-9d3e-2b1c0a9f8e7d', null];

    const codes = await codesOf(client, column('n', 'uuid'), form, values);

    expect(codes.map((code) => (code === null ? null : IDENTIFIER_FORMS[code]))).toEqual(['uuid7', 'uuid4', null]);
  });
});

test('times of day and intervals are counted in microseconds however they are spelled', async () => {
  const axis: ColumnAxis = { kind: 'number', column: 'n', decimals: 6, subBits: 12 };
  const binOfSeconds = (seconds: number) => binOf({ kind: 'magnitude', subBits: 12 }, 0, seconds * 1_000_000);
  await withDatabase([], async (_, client) => {
    expect(await codesOf(client, column('n', 'interval'), axis, ['1 day', '24 hours', '-90 minutes', '1 mon', null])).toEqual([
      binOfSeconds(86_400),
      binOfSeconds(86_400),
      binOfSeconds(-5400),
      binOfSeconds(30 * 86_400),
      null,
    ]);
    expect(await codesOf(client, column('n', 'time'), axis, ['00:00:00.000001', '23:59:59'])).toEqual([1, binOfSeconds(86_399)]);
    expect(await codesOf(client, column('n', 'timetz'), axis, ['10:00+02'])).toEqual([binOfSeconds(8 * 3600)]);
  });
});

test('an infinite interval is in no bin, and its resolution neither', async () => {
  await withDatabase([], async (_, client) => {
    const resolution: ColumnAxis = { kind: 'resolution', column: 'n' };
    const number: ColumnAxis = { kind: 'number', column: 'n', decimals: 6, subBits: 12 };
    const values = ['infinity', '-infinity'];

    expect(await codesOf(client, column('n', 'interval'), number, values)).toEqual([0x7fffffff, 0x7fffffff]);
    expect(await codesOf(client, column('n', 'interval'), resolution, values)).toEqual([0x7fffffff, 0x7fffffff]);
    expect(await codesOf(client, column('n', 'interval'), resolution, ['1 day', '1 hour', '1.5 s', '1 us', '7 s'])).toEqual([
      0, 1, 3, 4, 2,
    ]);
  });
});
