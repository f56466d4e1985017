// Columns of the less common types, from hand-made marginals.

import { type Axis, axisSchema, binningOf, IDENTIFIER_FORMS, TIME_RESOLUTIONS } from '../../spec/axis.ts';
import { calibrate } from '../../spec/calibrate.ts';
import { type Marginal, type Pack, type PackColumn, packSchema } from '../../spec/pack.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { binOf } from '../../stats/binning.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const TABLE = 'public.t';
const ROWS = 1000;

/** [value, rows]. */
type Counts = readonly (readonly [number, number])[];
type AxisInput = Parameters<typeof axisSchema.parse>[0];

function marginal(input: AxisInput, counts: Counts): Marginal {
  const axis: Axis = axisSchema.parse(input);
  const cells = counts.map(([value, count]) => [0, binOf(binningOf(axis), 0, value), count]);
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  return {
    table: TABLE,
    axes: [axis],
    total: ROWS,
    cells: cells.sort((left, right) => (left[1] ?? 0) - (right[1] ?? 0)),
    other: ROWS - sum,
    cost: { rho: '0/1' },
  };
}

function packOf(
  column: Partial<PackColumn>,
  marginals: readonly Marginal[],
  isUnique: boolean,
  enums: Pack['structure']['enums'],
) {
  const pack = buildTestPack();
  const base = { name: 'x', type: 'text', baseType: 'text', kind: 'base', nullable: false, generated: false } as const;
  const table = {
    name: TABLE,
    unit: 'row',
    columns: [{ ...base, identity: 'none', hasDefault: false, ...column }],
    primaryKey: isUnique ? ['x'] : null,
    uniques: [],
    foreignKeys: [],
    indexes: [],
    isPartitioned: false,
    rows: ROWS,
  };
  return packSchema.parse({ ...pack, structure: { enums, tables: [table] }, marginals });
}

function calibrated(
  column: Partial<PackColumn>,
  marginals: readonly Marginal[],
  { isUnique = false, enums = [] }: { isUnique?: boolean; enums?: Pack['structure']['enums'] } = {},
): ColumnSpec | undefined {
  const spec = calibrate(packOf(column, marginals, isUnique, enums), { name: 't', now: new Date(0) });
  return spec.tables[TABLE]?.columns.x;
}

const forms = (counts: Partial<Record<(typeof IDENTIFIER_FORMS)[number], number>>) =>
  marginal(
    { kind: 'form', column: 'x' },
    Object.entries(counts).map(([form, count]) => [(IDENTIFIER_FORMS as readonly string[]).indexOf(form), count]),
  );
const lengths = (counts: Counts) => marginal({ kind: 'length', column: 'x', of: 'characters' }, counts);
const unique = { isUnique: true };

describe('unique text', () => {
  test('of one form and one length becomes ids of it; ordered forms in row order', () => {
    expect(calibrated({}, [forms({ ulid: 995 }), lengths([[26, 1000]])], unique)).toMatchObject({
      kind: 'id',
      prefix: '01',
      length: 26,
      order: 'row',
    });
    expect(calibrated({}, [forms({ cuid: 1000 }), lengths([[25, 1000]])], unique)).toMatchObject({
      kind: 'id',
      prefix: 'c',
      length: 25,
      order: 'shuffled',
    });
    expect(calibrated({}, [forms({ nanoid: 1000 }), lengths([[21, 1000]])], unique)).toMatchObject({ kind: 'id', length: 21 });
    expect(calibrated({}, [forms({ uuid7: 1000 }), lengths([[36, 1000]])], unique)).toMatchObject({ kind: 'uuid', version: 7 });
  });

  test('that looks like a narrower form by chance has the wider one', () => {
    const found = calibrated({}, [forms({ digits: 20, hex: 200, lowerAlphanumeric: 780 }), lengths([[6, 1000]])], unique);

    expect(found).toMatchObject({ kind: 'id', alphabet: '0123456789abcdefghijklmnopqrstuvwxyz' });
    expect(calibrated({}, [forms({ digits: 20, hex: 980 }), lengths([[8, 1000]])], unique)).toMatchObject({
      alphabet: '0123456789abcdef',
    });
  });

  test('stays text when one row in fifty has another form or length, or ids could run out', () => {
    expect(calibrated({}, [forms({ hex: 980, other: 20 }), lengths([[8, 1000]])], unique)).toMatchObject({ kind: 'text' });
    const mixed = lengths([
      [8, 980],
      [9, 20],
    ]);
    expect(calibrated({}, [forms({ hex: 1000 }), mixed], unique)).toMatchObject({ kind: 'text' });
    expect(calibrated({}, [forms({ digits: 1000 }), lengths([[4, 1000]])], unique)).toMatchObject({ kind: 'text' });
    expect(calibrated({}, [forms({ digits: 1000 }), lengths([[5, 1000]])], unique)).toMatchObject({ kind: 'id' });
  });
});

describe('times of day and intervals', () => {
  const number = (counts: Counts) => marginal({ kind: 'number', column: 'x', decimals: 6 }, counts);
  const resolution = (...shares: readonly number[]) =>
    marginal(
      { kind: 'resolution', column: 'x' },
      TIME_RESOLUTIONS.flatMap((_, at): [number, number][] => (shares[at] === undefined ? [] : [[at, shares[at]]])),
    );

  test('that are whole minutes get only these', () => {
    const found = calibrated({ type: 'time', baseType: 'time' }, [
      number([
        [30_600_000_000, 400],
        [61_200_000_000, 600],
      ]),
      resolution(0, 1000),
    ]);

    expect(found).toMatchObject({
      kind: 'number',
      decimals: 0,
      distribution: {
        family: 'empirical',
        bins: [
          [30_600, 30_601, 400],
          [61_200, 61_201, 600],
        ],
      },
    });
  });

  test('have as many decimals as nearly all of them show', () => {
    const interval = { type: 'interval', baseType: 'interval' };
    const values = number([[1_500_000, 1000]]);

    expect(calibrated(interval, [values, resolution(0, 0, 995, 5, 0)])).toMatchObject({ decimals: 0 });
    expect(calibrated(interval, [values, resolution(0, 0, 900, 100, 0)])).toMatchObject({ decimals: 3 });
    expect(calibrated(interval, [values, resolution(0, 0, 900, 0, 100)])).toMatchObject({ decimals: 6 });
    expect(calibrated(interval, [])).toMatchObject({ kind: 'number', because: 'seconds: no count was released: assumed' });
  });
});

test('a wide numeric says that it was clipped', () => {
  const counts = marginal({ kind: 'number', column: 'x', decimals: 0 }, [[7, 900]]);

  expect(calibrated({ type: 'numeric', baseType: 'numeric', precision: 30, scale: 0 }, [counts])).toMatchObject({
    because: expect.stringContaining('values of 2^53 units of 10^-0 and more are in no bin: clipped'),
  });
});

describe('JSON, bytes and arrays', () => {
  test('keys and bytes of JSON come from their own marginals', () => {
    const found = calibrated({ type: 'jsonb', baseType: 'jsonb' }, [
      marginal({ kind: 'length', column: 'x', of: 'bytes' }, [[100, 1000]]),
      marginal({ kind: 'length', column: 'x', of: 'keys' }, [[3, 1000]]),
    ]);

    expect(found).toMatchObject({
      kind: 'json',
      keys: { bins: [[3, 4, 1000]] },
      bytes: { bins: [[100, 101, 1000]] },
    });
  });

  test('bytes keep their lengths', () => {
    const sizes = marginal({ kind: 'length', column: 'x', of: 'bytes' }, [[32, 1000]]);

    expect(calibrated({ type: 'bytea', baseType: 'bytea' }, [sizes])).toMatchObject({ kind: 'bytes', isUnique: false });
  });

  test.each([
    ['_int4', { kind: 'number', decimals: 0 }],
    ['_numeric', { kind: 'number', decimals: 2 }],
    ['_float8', { kind: 'number', decimals: 2 }],
    ['_date', { kind: 'number' }],
    ['_bool', { kind: 'labels', labels: ['f', 't'] }],
    ['_text', { kind: 'word' }],
    ['_uuid', { kind: 'uuid' }],
    ['public._mood', { kind: 'labels', labels: ['ok', 'bad'] }],
    ['public."_Mood"', { kind: 'labels', labels: ['Fine'] }],
  ])('elements of %s are assumed, and it says so', (type, element) => {
    const sizes = marginal({ kind: 'length', column: 'x', of: 'elements' }, [[2, 1000]]);
    const enums = [
      { name: 'public.mood', labels: ['ok', 'bad'] },
      { name: 'public."Mood"', labels: ['Fine'] },
    ];
    const baseType = type.replaceAll(/^.*\.|"/g, '');

    const found = calibrated({ type, baseType, kind: 'array' }, [sizes], { enums });

    expect(found).toMatchObject({ kind: 'array', element, because: expect.stringContaining('not measured: assumed') });
  });

  test('arrays of what nothing makes are named', () => {
    expect(calibrated({ type: '_point', baseType: '_point', kind: 'array' }, [])).toMatchObject({
      kind: 'unsupported',
      type: '_point',
    });
  });
});
