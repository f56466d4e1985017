// The classes of ranks against what the row path makes of each rank: a row order without a permutation, so that row and rank are one.
import fc from 'fast-check';
import { arrayKernel } from '../../../../generator/columns/arrays.ts';
import { BytesBlock, type ColumnKernel } from '../../../../generator/columns/blocks.ts';
import { bytesKernel } from '../../../../generator/columns/bytes.ts';
import { jsonKernel } from '../../../../generator/columns/json.ts';
import { numberKernel } from '../../../../generator/columns/numbers.ts';
import { labelsKernel, textKernel } from '../../../../generator/columns/texts.ts';
import { timeKernel } from '../../../../generator/columns/times.ts';
import { dayProfiles } from '../../../../generator/plan/calendar.ts';
import { planHistogram } from '../../../../generator/plan/histogram.ts';
import { type ClassRun, classesByRank } from '../../../../generator/plan/profiles/classes-by-rank.ts';
import { FIRST_CLASS, NULL_CLASS, OTHER_CLASS, type PairAxis } from '../../../../spec/pair-axis.ts';
import type { PlanBuilder, PlanColumn } from '../../../../spec/plan.ts';
import type { ColumnSpec } from '../../../../spec/spec.ts';

const KEY = [123, 456] as const;
const HOUR_US = 3_600_000_000;
const POSTGRES_EPOCH_HOUR = 262_968;
const POOL = Buffer.from('some words to cut a text from '.repeat(200), 'ascii');
const SPEC: ColumnSpec = { kind: 'constant', value: null };

function columnOf(builder: PlanBuilder, nulls: number, rest: Partial<PlanColumn> = {}): PlanColumn {
  const ranks = { order: 'row', key: KEY, nulls } as const;
  return { name: 'c', baseType: 'int8', decimals: 0, shownDecimals: 0, ranks, builder, nullAs: null, below: [], ...rest };
}

function valuesOf(builder: PlanBuilder): number {
  switch (builder.kind) {
    case 'number':
    case 'time':
      return builder.histogram.cumulative.at(-1) ?? 0;
    case 'labels':
      return builder.cumulative.at(-1) ?? 0;
    case 'text':
    case 'bytes':
    case 'array':
      return builder.lengths.cumulative.at(-1) ?? 0;
    case 'json':
      return builder.keys.cumulative.at(-1) ?? 0;
    default:
      return 0;
  }
}

/** Numbers of the kernel by rank; NaN for NULL. */
function numbersOf(kernel: ColumnKernel, rows: number): number[] {
  if (kernel.kind !== 'number') throw new Error('no numbers');
  return Array.from({ length: rows }, (_, row) => kernel.at(row));
}

function textsOf(kernel: ColumnKernel, rows: number): (string | null)[] {
  if (kernel.kind !== 'bytes') throw new Error('no bytes');
  return Array.from({ length: rows }, (_, row) => {
    const block = new BytesBlock();
    return kernel.append(row, block) ? block.data.toString('latin1', 0, block.used) : null;
  });
}

const cutClass = (cuts: readonly number[], value: number) =>
  Number.isNaN(value) ? NULL_CLASS : FIRST_CLASS + cuts.filter((cut) => cut <= value).length;

/** The class of each rank; the ranks on both sides of each end may belong to either run. */
function expectClasses(runs: readonly ClassRun[] | null, actual: readonly number[], exact = false): void {
  if (runs === null) throw new Error('no runs');
  expect(runs.at(-1)?.upTo ?? 0).toBe(actual.length);
  let from = 0;
  for (const { classOf, upTo } of runs) {
    expect(upTo).toBeGreaterThan(from);
    for (let rank = from; rank < upTo; rank += 1) {
      const isAtSplit = !exact && (rank === from || rank === upTo - 1);
      if (actual[rank] !== classOf && !isAtSplit) throw new Error(`rank ${rank} is of class ${actual[rank]}, not ${classOf}`);
    }
    from = upTo;
  }
}

const bins = (least: number, widths: fc.Arbitrary<number>, room: number) =>
  fc
    .array(fc.record({ gap: fc.nat(room), width: widths, count: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts) => {
      let next = least;
      return parts.map(({ gap, width, count }) => {
        const from = next + gap;
        next = from + width;
        return { from, to: next, count };
      });
    });
const nulls = fc.nat(20);
const cutsIn = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { maxLength: 12 }).map((cuts) => cuts.sort((left, right) => left - right));

describe('classesByRank', () => {
  test('numbers of any decimals fall into the class of their rank', () => {
    fc.assert(
      fc.property(
        bins(-300, fc.integer({ min: 1, max: 90 }), 20),
        cutsIn(-400, 900),
        nulls,
        fc.nat(2),
        fc.nat(2),
        (drawn, cuts, missing, decimals, axisDecimals) => {
          const builder: PlanBuilder = { kind: 'number', histogram: planHistogram(drawn), key: KEY, isUnique: false };
          const rows = valuesOf(builder) + missing;
          const column = columnOf(builder, missing, { decimals });
          const axis: PairAxis = { kind: 'number', column: 'c', decimals: axisDecimals, cuts };

          const runs = classesByRank({ column, rows, spec: SPEC }, axis);

          const values = numbersOf(numberKernel(column, builder, { rows }), rows);
          // Whole numbers all the way: value * 10^-decimals * 10^axisDecimals.
          const scaled = values.map((value) => Math.floor((value * 10 ** axisDecimals) / 10 ** decimals));
          expectClasses(
            runs,
            scaled.map((value) => cutClass(cuts, value)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('unique numbers fall exactly into the class of their rank', () => {
    fc.assert(
      fc.property(bins(0, fc.integer({ min: 60, max: 200 }), 20), cutsIn(-5, 1500), nulls, (drawn, cuts, missing) => {
        const builder: PlanBuilder = { kind: 'number', histogram: planHistogram(drawn), key: KEY, isUnique: true };
        const rows = valuesOf(builder) + missing;
        const column = columnOf(builder, missing);

        const runs = classesByRank({ column, rows, spec: SPEC }, { kind: 'number', column: 'c', decimals: 0, cuts });

        const values = numbersOf(numberKernel(column, builder, { rows }), rows);
        expectClasses(
          runs,
          values.map((value) => cutClass(cuts, value)),
          true,
        );
      }),
      { numRuns: 200 },
    );
  });

  const week = Array.from({ length: 168 }, (_, hour) => (hour % 24 < 6 ? 0 : 1 + ((hour * 7) % 13)));

  test.each([
    ['microseconds', 1, 'timestamptz', 1],
    ['minutes', 60_000_000, 'timestamptz', 1],
    ['whole days', 24 * HOUR_US, 'timestamptz', 1],
    ['dates', 24 * HOUR_US, 'date', 24 * HOUR_US],
  ])('times in %s fall into the class of their rank', (_, unitUs, baseType, factor) => {
    const days = fc.tuple(bins(18_000, fc.constant(1), 3), fc.array(fc.boolean(), { maxLength: 12 })).map(([parts, isHour]) =>
      parts.map(({ count, from }, at) => ({
        from: from * 24 + (isHour[at] === true ? 5 : 0),
        to: isHour[at] === true ? from * 24 + 6 : from * 24 + 24,
        count,
      })),
    );
    fc.assert(
      fc.property(days, cutsIn(18_000 * 24 - 10, 18_040 * 24), nulls, (drawn, cuts, missing) => {
        const histogram = planHistogram(drawn);
        const profile = dayProfiles(week);
        const builder: PlanBuilder = { kind: 'time', histogram, profile, unitUs, key: KEY, isUnique: false, epoch: null };
        const rows = valuesOf(builder) + missing;
        const column = columnOf(builder, missing, { baseType });

        const runs = classesByRank({ column, rows, spec: SPEC }, { kind: 'time', column: 'c', cuts });

        const values = numbersOf(timeKernel(column, builder, { rows }), rows);
        const hours = values.map((value) => Math.floor((value * factor) / HOUR_US) + POSTGRES_EPOCH_HOUR);
        expectClasses(
          runs,
          hours.map((hour) => cutClass(cuts, hour)),
        );
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['seconds', 1_000_000],
    ['days', 24 * HOUR_US],
  ])('unique times in %s fall into the class of their rank', (_, unitUs) => {
    const days = bins(18_000, fc.integer({ min: 60, max: 90 }), 3).map((parts) =>
      parts.map(({ count, from, to }) => ({ from: from * 24, to: to * 24, count })),
    );
    fc.assert(
      fc.property(days, cutsIn(18_000 * 24, 18_400 * 24), nulls, (drawn, cuts, missing) => {
        const histogram = planHistogram(drawn);
        const builder: PlanBuilder = { kind: 'time', histogram, profile: [], unitUs, key: KEY, isUnique: true, epoch: null };
        const rows = valuesOf(builder) + missing;
        const column = columnOf(builder, missing, { baseType: 'timestamptz' });

        const runs = classesByRank({ column, rows, spec: SPEC }, { kind: 'time', column: 'c', cuts });

        const values = numbersOf(timeKernel(column, builder, { rows }), rows);
        const hours = values.map((value) => Math.floor(value / HOUR_US) + POSTGRES_EPOCH_HOUR);
        expectClasses(
          runs,
          hours.map((hour) => cutClass(cuts, hour)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('integers that hold times are times', () => {
    const histogram = planHistogram([{ from: 432_000, to: 432_024, count: 100 }]);
    const builder: PlanBuilder = {
      kind: 'time',
      histogram,
      profile: dayProfiles(week),
      unitUs: 1_000_000,
      key: KEY,
      isUnique: false,
      epoch: 'seconds',
    };
    const column = columnOf(builder, 3);
    const cuts = [432_008, 432_015];

    const runs = classesByRank({ column, rows: 103, spec: SPEC }, { kind: 'time', column: 'c', cuts });

    const values = numbersOf(timeKernel(column, builder, { rows: 103 }), 103);
    expectClasses(
      runs,
      values.map((value) => cutClass(cuts, Math.floor(value / 3600))),
    );
    expect(runs?.map(({ classOf }) => classOf)).toEqual([NULL_CLASS, 2, 3, 4]);
  });

  const lengths = bins(12, fc.integer({ min: 1, max: 9 }), 4);

  test.each(['characters', 'bytes'] as const)('texts fall into the class of their length in %s', (of) => {
    fc.assert(
      fc.property(lengths, cutsIn(0, 90), nulls, fc.constantFrom(0, 5), (drawn, cuts, missing, codeDigits) => {
        const builder: PlanBuilder = { kind: 'text', lengths: planHistogram(drawn), key: KEY, codeDigits };
        const rows = valuesOf(builder) + missing;
        const column = columnOf(builder, missing, { baseType: 'text' });

        const runs = classesByRank({ column, rows, spec: SPEC }, { kind: 'length', column: 'c', of, cuts });

        const texts = textsOf(textKernel(column, builder, { rows }, POOL), rows);
        expectClasses(
          runs,
          texts.map((text) => cutClass(cuts, text?.length ?? Number.NaN)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('bytes, keys of objects and elements of arrays fall into the class of their number', () => {
    fc.assert(
      fc.property(lengths, cutsIn(0, 90), nulls, (drawn, cuts, missing) => {
        const histogram = planHistogram(drawn);
        const sizes = planHistogram([{ from: 2000, to: 3000, count: histogram.cumulative.at(-1) ?? 0 }]);
        const bytes = { kind: 'bytes', lengths: histogram, codeBytes: 0, key: KEY } as const;
        const json = { kind: 'json', keys: histogram, bytes: sizes, key: KEY } as const;
        const array = { kind: 'array', lengths: histogram, element: { kind: 'labels', labels: ['a'] }, key: KEY } as const;
        const rows = valuesOf(bytes) + missing;
        const runsOf = (builder: PlanBuilder, of: 'bytes' | 'elements' | 'keys', own = cuts) =>
          classesByRank({ column: columnOf(builder, missing), rows, spec: SPEC }, { kind: 'length', column: 'c', of, cuts: own });
        const classes = (kernel: ColumnKernel, count: (text: string) => number, own = cuts) =>
          textsOf(kernel, rows).map((text) => cutClass(own, text === null ? Number.NaN : count(text)));

        const objects = jsonKernel(columnOf(json, missing), json, { rows }, POOL);
        expectClasses(
          runsOf(bytes, 'bytes'),
          classes(bytesKernel(columnOf(bytes, missing), bytes, { rows }), ({ length }) => length),
        );
        expectClasses(
          runsOf(json, 'keys'),
          classes(objects, (text) => Object.keys(JSON.parse(text) as object).length),
        );
        expectClasses(
          runsOf(json, 'bytes', [2100, 2500]),
          classes(objects, ({ length }) => length, [2100, 2500]),
        );
        expectClasses(
          runsOf(array, 'elements'),
          classes(arrayKernel(columnOf(array, missing), array, { rows }), (text) => text.slice(1, -1).split(',').length),
        );
        expect(runsOf(array, 'bytes')).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  describe('labels', () => {
    const spec: ColumnSpec = {
      kind: 'category',
      nullFraction: 0,
      values: [
        { label: 'open', weight: 30 },
        { token: 'f'.repeat(16), weight: 0 },
        { label: 'a longer one', weight: 50 },
        { token: '0'.repeat(16), weight: 10 },
      ],
      other: { weight: 20, length: { family: 'uniform', min: 2, max: 30 } },
    };
    const builder: PlanBuilder & { kind: 'labels' } = {
      kind: 'labels',
      labels: ['open', 'made', 'a longer one', 'up'],
      cumulative: [0, 30, 30, 80, 90, 110],
      other: { lengths: planHistogram([{ from: 2, to: 31, count: 20 }]), key: KEY, codeDigits: 0 },
    };
    const column = columnOf(builder, 7, { baseType: 'text' });
    const texts = textsOf(labelsKernel(column, builder, { rows: 117 }, POOL), 117);

    test('have the class of their place in the axis, whatever is not in it is other', () => {
      const runs = classesByRank({ column, rows: 117, spec }, { kind: 'category', column: 'c', labels: [2, 3] });

      const classOf = (text: string | null) =>
        text === null ? NULL_CLASS : text === 'a longer one' ? 2 : text === 'up' ? 3 : OTHER_CLASS;
      expectClasses(runs, texts.map(classOf), true);
    });

    test('have lengths of their own', () => {
      const cuts = [3, 5, 10, 20];

      const runs = classesByRank({ column, rows: 117, spec }, { kind: 'length', column: 'c', of: 'characters', cuts });

      expectClasses(
        runs,
        texts.map((text) => cutClass(cuts, text?.length ?? Number.NaN)),
      );
    });

    test('under a CHECK are found again by name, and those of other values by weight', () => {
      // Of the values without an allowed label the heaviest one (open, 30) got the first free label, the next one (10) the second.
      const restricted: PlanBuilder = {
        kind: 'labels',
        labels: ['a longer one', 'shut', 'late'],
        cumulative: [0, 50, 80, 90],
        other: null,
      };

      const runs = classesByRank(
        { column: columnOf(restricted, 0), rows: 90, spec },
        { kind: 'category', column: 'c', labels: [0, 2, 3] },
      );

      expect(runs).toEqual([
        { upTo: 50, classOf: 3 },
        { upTo: 80, classOf: 2 },
        { upTo: 90, classOf: 4 },
      ]);
    });

    test('of tokens alone are told from each other by weight when a CHECK has turned them round', () => {
      const tokens: ColumnSpec = {
        kind: 'category',
        nullFraction: 0,
        values: [
          { token: 'f'.repeat(16), weight: 5 },
          { token: '0'.repeat(16), weight: 9 },
        ],
      };
      const turned: PlanBuilder = { kind: 'labels', labels: ['a', 'b'], cumulative: [0, 9, 14], other: null };

      const runs = classesByRank(
        { column: columnOf(turned, 0), rows: 14, spec: tokens },
        { kind: 'category', column: 'c', labels: [0, 1] },
      );

      expect(runs).toEqual([
        { upTo: 9, classOf: 3 },
        { upTo: 14, classOf: 2 },
      ]);
    });

    test('of a boolean are false and true', () => {
      const flags: PlanBuilder = {
        kind: 'number',
        histogram: { from: [0, 1], width: [1, 1], cumulative: [0, 40, 100] },
        key: KEY,
        isUnique: false,
      };
      const given = { column: columnOf(flags, 5, { baseType: 'bool' }), rows: 105 };
      const axis: PairAxis = { kind: 'category', column: 'c', labels: [1, 0] };
      const boolean: ColumnSpec = { kind: 'boolean', trueFraction: 0.6, nullFraction: 0 };
      const labels: ColumnSpec = {
        kind: 'category',
        nullFraction: 0,
        values: [
          { label: 'true', weight: 6 },
          { label: 'false', weight: 4 },
        ],
      };

      expect(classesByRank({ ...given, spec: boolean }, axis)).toEqual([
        { upTo: 5, classOf: NULL_CLASS },
        { upTo: 45, classOf: 3 },
        { upTo: 105, classOf: 2 },
      ]);
      expect(classesByRank({ ...given, spec: labels }, axis)?.map(({ classOf }) => classOf)).toEqual([NULL_CLASS, 2, 3]);
    });
  });

  test('presence is known of every column with NULLs of its own, classes of values only where ranks give them', () => {
    const uuid = columnOf({ kind: 'uuid', version: 4, key: KEY }, 4, { baseType: 'uuid' });
    const sequence = { ...columnOf({ kind: 'sequence', start: 1, step: 1 }, 0), ranks: null };
    const copied = columnOf({ kind: 'reference', reference: 0, position: 0 }, 0);
    const presence: PairAxis = { kind: 'presence', column: 'c' };
    const number: PairAxis = { kind: 'number', column: 'c', decimals: 0, cuts: [3] };

    expect(classesByRank({ column: uuid, rows: 10, spec: SPEC }, presence)).toEqual([
      { upTo: 4, classOf: NULL_CLASS },
      { upTo: 10, classOf: FIRST_CLASS },
    ]);
    expect(classesByRank({ column: sequence, rows: 10, spec: SPEC }, number)).toBeNull();
    expect(classesByRank({ column: copied, rows: 10, spec: SPEC }, presence)).toBeNull();
    expect(
      classesByRank({ column: uuid, rows: 10, spec: SPEC }, { kind: 'length', column: 'c', of: 'bytes', cuts: [] }),
    ).toBeNull();
    expect(classesByRank({ column: uuid, rows: 10, spec: SPEC }, { kind: 'heap', ranges: 4 })).toBeNull();
  });

  test('a table without rows has no runs', () => {
    const builder: PlanBuilder = { kind: 'number', histogram: planHistogram([]), key: KEY, isUnique: false };

    const axis: PairAxis = { kind: 'number', column: 'c', decimals: 0, cuts: [1] };
    expect(classesByRank({ column: columnOf(builder, 0), rows: 0, spec: SPEC }, axis)).toEqual([]);
  });
});
