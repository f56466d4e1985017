import fc from 'fast-check';
import type pg from 'pg';
import type { CatalogColumn } from '../../../postgres/catalog/catalog.ts';
import type { ColumnAxis } from '../../../sampler/measure/axes.ts';
import { codeOfAxis, OTHER_CODE } from '../../../sampler/measure/codes.ts';
import { binOf } from '../../../stats/binning.ts';
import { withDatabase } from '../../support/database.ts';
import { column } from './catalog-fixture.ts';

const SEEDS = { label: 1n, bucket: 2n };
const MAX_EXACT = 2 ** 53;
const RUNS = { numRuns: 20 };

/** The codes that the server computes for values given as text. */
async function codesInSql(client: pg.Client, of: CatalogColumn, axis: ColumnAxis, values: readonly (string | null)[]) {
  const { scalar, code } = codeOfAxis({ column: of, axis, labels: null }, 't', SEEDS);
  const type = of.baseType === 'numeric' && of.precision !== null ? `numeric(${of.precision}, ${of.scale})` : of.baseType;
  const sql = `select ${code === null ? 'x' : code('x')} as code
    from (select ${scalar} as x, t.o from (select v::${type} as n, o from unnest($1::text[]) with ordinality as u(v, o)) as t offset 0) as s
    order by s.o`;
  const { rows } = await client.query<{ code: number | null }>(sql, [values]);
  return rows.map((row) => row.code);
}

function numberAxis(decimals: number, subBits = 12): ColumnAxis {
  return { kind: 'number', column: 'n', decimals, subBits };
}

/** What the code of floor(value * 10^decimals) must be. */
function expectedNumber(scaled: number, subBits = 12): number {
  return Math.abs(scaled) < MAX_EXACT ? binOf({ kind: 'magnitude', subBits }, 0, scaled) : OTHER_CODE;
}

/** Integers around powers of two, and any others. */
const edge = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.integer({ min: -2, max: 2 }), fc.boolean())
  .map(([bits, offset, isNegative]) => {
    const value = 2 ** bits + offset;
    return isNegative ? -value : value;
  });
// The server has no negative zero.
const integer = fc.oneof(edge, fc.maxSafeInteger(), fc.integer({ min: -10_000, max: 10_000 })).map((value) => value + 0);

describe('codes of numbers', () => {
  test('int8: the SQL code is level 0 of binOf, with powers of two, negatives and the limits', async () => {
    await withDatabase([], async (_, client) => {
      const property = fc.asyncProperty(
        fc.array(integer, { maxLength: 200 }),
        fc.constantFrom(12, 7, 0, 16),
        async (values, subBits) => {
          const codes = await codesInSql(client, column('n', 'int8'), numberAxis(0, subBits), values.map(String));

          expect(codes).toEqual(values.map((value) => expectedNumber(value, subBits)));
        },
      );
      await fc.assert(property, RUNS);
    });
  });

  test('int8: values that a double cannot hold are OTHER, NULL stays NULL', async () => {
    await withDatabase([], async (_, client) => {
      const values = [
        '9223372036854775807',
        '-9223372036854775808',
        '9007199254740992',
        '-9007199254740992',
        null,
        '9007199254740991',
      ];

      const codes = await codesInSql(client, column('n', 'int8'), numberAxis(0), values);

      expect(codes).toEqual([OTHER_CODE, OTHER_CODE, OTHER_CODE, OTHER_CODE, null, expectedNumber(MAX_EXACT - 1)]);
    });
  });

  test('numeric(p, s): scaled by its decimals and rounded down', async () => {
    await withDatabase([], async (_, client) => {
      const cents = fc.integer({ min: -(10 ** 11), max: 10 ** 11 });
      const property = fc.asyncProperty(fc.array(cents, { maxLength: 200 }), async (values) => {
        const texts = values.map(
          (value) =>
            `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`,
        );
        const codes = await codesInSql(client, column('n', 'numeric', { precision: 12, scale: 2 }), numberAxis(2), texts);

        expect(codes).toEqual(values.map((value) => expectedNumber(value)));
      });
      await fc.assert(property, RUNS);
    });
  });

  test('numeric: more digits than are measured are cut towards minus infinity; NaN, infinity and huge numbers are OTHER', async () => {
    await withDatabase([], async (_, client) => {
      const values = [
        '1.2345678',
        '-1.2345678',
        '0',
        'NaN',
        'Infinity',
        '-Infinity',
        '9007199254.740991',
        '9007199254.740992',
        '1e300',
        null,
      ];

      const codes = await codesInSql(client, column('n', 'numeric'), numberAxis(6), values);

      const scaled = [1_234_567, -1_234_568, 0].map((value) => expectedNumber(value));
      expect(codes).toEqual([
        ...scaled,
        OTHER_CODE,
        OTHER_CODE,
        OTHER_CODE,
        expectedNumber(MAX_EXACT - 1),
        OTHER_CODE,
        OTHER_CODE,
        null,
      ]);
    });
  });

  test('numeric(p, s): NaN is OTHER there too', async () => {
    await withDatabase([], async (_, client) => {
      const codes = await codesInSql(client, column('n', 'numeric', { precision: 5, scale: 2 }), numberAxis(2), [
        'NaN',
        '1.5',
        '-9.99',
      ]);

      expect(codes).toEqual([OTHER_CODE, 150, -999]);
    });
  });

  test('float8: the same as floor(x * 1e6) in doubles', async () => {
    await withDatabase([], async (_, client) => {
      const property = fc.asyncProperty(fc.array(fc.double(), { maxLength: 200 }), async (values) => {
        const codes = await codesInSql(client, column('n', 'float8'), numberAxis(6), values.map(String));

        expect(codes).toEqual(
          values.map((value) => (Math.abs(value) < MAX_EXACT / 1e6 ? expectedNumber(Math.floor(value * 1e6) + 0) : OTHER_CODE)),
        );
      });
      await fc.assert(property, RUNS);
    });
  });

  test('float4: measured as the double that it stands for', async () => {
    await withDatabase([], async (_, client) => {
      const codes = await codesInSql(client, column('n', 'float4'), numberAxis(6), ['0.1', '-2.5', 'NaN', '-Infinity', null]);

      expect(codes).toEqual([
        expectedNumber(Math.floor(Math.fround(0.1) * 1e6)),
        expectedNumber(-2_500_000),
        OTHER_CODE,
        OTHER_CODE,
        null,
      ]);
    });
  });
});

describe('codes of times', () => {
  const moment = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true });

  test('timestamptz and timestamp: hours since 1970, rounded down before it too', async () => {
    await withDatabase([], async (_, client) => {
      const property = fc.asyncProperty(
        fc.array(moment, { maxLength: 100 }),
        fc.constantFrom('timestamptz', 'timestamp'),
        async (values, type) => {
          const texts = values.map((value) => value.toISOString());
          const codes = await codesInSql(client, column('n', type), { kind: 'time', column: 'n' }, texts);

          expect(codes).toEqual(values.map((value) => Math.floor(value.getTime() / 3_600_000)));
        },
      );
      await fc.assert(property, RUNS);
    });
  });

  test('date: hours of its midnight; infinities are OTHER for all three types', async () => {
    await withDatabase([], async (_, client) => {
      const values = ['1970-01-02', '1969-12-31', '9999-12-31', 'infinity', '-infinity', null];
      for (const type of ['date', 'timestamp', 'timestamptz']) {
        const codes = await codesInSql(client, column('n', type), { kind: 'time', column: 'n' }, values);

        const hours = [24, -24, Date.parse('9999-12-31') / 3_600_000];
        expect(codes).toEqual([...hours, OTHER_CODE, OTHER_CODE, null]);
      }
    });
  });

  test('resolution: the coarsest class that holds the value, before 1970 too', async () => {
    await withDatabase([], async (_, client) => {
      const values = [
        ['2024-05-01', 0],
        ['1950-05-01', 0],
        ['2024-05-01 13:00', 1],
        ['2024-05-01 13:45', 1],
        ['1950-05-01 13:45:07', 2],
        ['2024-05-01 13:45:07.120', 3],
        ['1950-05-01 13:45:07.120001', 4],
        ['2024-05-01 13:45:07.999999', 4],
        ['9999-12-31', 0],
        ['infinity', OTHER_CODE],
        [null, null],
      ] as const;
      for (const type of ['timestamp', 'timestamptz']) {
        const texts = values.map(([text]) => text);
        const codes = await codesInSql(client, column('n', type), { kind: 'resolution', column: 'n' }, texts);

        expect(codes).toEqual(values.map(([, code]) => code));
      }
    });
  });
});

describe('codes of lengths and labels', () => {
  test('text is measured in characters, bytea and json in bytes, arrays in elements', async () => {
    await withDatabase([], async (_, client) => {
      const length = (of: 'characters' | 'bytes' | 'elements'): ColumnAxis => ({ kind: 'length', column: 'n', of, subBits: 7 });

      expect(await codesInSql(client, column('n', 'text'), length('characters'), ['', 'ä€😀', null])).toEqual([0, 3, null]);
      expect(await codesInSql(client, column('n', 'name'), length('characters'), ['abc'])).toEqual([3]);
      expect(await codesInSql(client, column('n', 'bytea'), length('bytes'), ['\\x0001', null])).toEqual([2, null]);
      expect(await codesInSql(client, column('n', 'jsonb'), length('bytes'), ['{"a":"ä"}', null])).toEqual([11, null]);
      expect(await codesInSql(client, column('n', '_int4'), length('elements'), ['{}', '{1,2,3}', null])).toEqual([0, 3, null]);
    });
  });

  test('an enum is coded by its declared order, a boolean by false, true', async () => {
    await withDatabase(`create type "Mood ""x""" as enum ('zz', 'aa')`, async (_, client) => {
      const mood = column('n', 'enum', { type: 'Mood "x"', typeSchema: 'public', kind: 'enum' });
      const axis: ColumnAxis = { kind: 'category', column: 'n', labels: [{ label: 'zz' }, { label: 'aa' }] };
      const { scalar } = codeOfAxis({ column: mood, axis, labels: 'declared' }, 't', SEEDS);

      const { rows } = await client.query(
        `select ${scalar} as code from (values ('aa'::public."Mood ""x"""), ('zz'), (null)) as t("n")`,
      );

      expect(rows).toEqual([{ code: 1 }, { code: 0 }, { code: null }]);
      expect(await codesInSql(client, column('n', 'bool'), axis, ['true', 'false', null])).toEqual([1, 0, null]);
    });
  });
});
