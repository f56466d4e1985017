import fc from 'fast-check';
import { calibrate } from '../../spec/calibrate.ts';
import type { Marginal, Pack, PackColumn } from '../../spec/pack.ts';
import { type ColumnSpec, parseSpec, type Spec, type TableSpec } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import { buildTestPack } from '../support/sample-pack.ts';
import { arbitraryPack } from './arbitrary-pack.ts';

const options = { name: 'test', now: new Date('2024-04-01T12:00:00Z') };

/** Calibrates the sample pack after a change to it. */
function calibrated(change: (pack: Pack) => void = () => {}): Spec {
  const pack = buildTestPack();
  change(pack);
  return calibrate(pack, options);
}

function tableOf(spec: Spec, name: string): TableSpec {
  const table = spec.tables[name];
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

function columnOf<Kind extends ColumnSpec['kind']>(
  spec: Spec,
  table: string,
  column: string,
  kind: Kind,
): Extract<ColumnSpec, { kind: Kind }> {
  const found = tableOf(spec, table).columns[column];
  if (found?.kind !== kind) throw new Error(`${column} is ${found?.kind}`);
  // The kind was just compared.
  return found as Extract<ColumnSpec, { kind: Kind }>;
}

function packTable(pack: Pack, name: string): Pack['structure']['tables'][number] {
  const table = pack.structure.tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

function packColumn(pack: Pack, table: string, column: string): PackColumn {
  const found = packTable(pack, table).columns.find((each) => each.name === column);
  if (found === undefined) throw new Error(`no column ${column}`);
  return found;
}

function marginalOf(pack: Pack, table: string, kind: string, column: string): Marginal {
  const found = pack.marginals.find(
    (marginal) =>
      marginal.table === table &&
      marginal.axes[0]?.kind === kind &&
      'column' in marginal.axes[0] &&
      marginal.axes[0].column === column,
  );
  if (found === undefined) throw new Error(`no marginal ${kind}(${column})`);
  return found;
}

const emptied = { cells: [], total: 0, other: 0 };

describe('calibrate', () => {
  test('the spec of the sample pack reads back equal from its text', () => {
    const spec = calibrated();

    expect(parseSpec(formatSpec(spec), 'spec.yaml')).toEqual(spec);
  });

  test('any pack gives a valid spec with every table and every column', () => {
    fc.assert(
      fc.property(arbitraryPack, (pack) => {
        const spec = calibrate(pack, options);

        expect(parseSpec(formatSpec(spec), 'spec.yaml')).toEqual(spec);
        for (const table of pack.structure.tables) {
          const found = tableOf(spec, table.name);
          const referencing = Object.values(found.references).flatMap((reference) => reference.columns);
          const names = [...new Set([...Object.keys(found.columns), ...referencing])].sort();
          expect(names).toEqual(table.columns.map((column) => column.name).sort());
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the same pack gives the same text', () => {
    expect(formatSpec(calibrated())).toBe(formatSpec(calibrated()));
  });

  describe('rows', () => {
    test('are the pack’s and grow, a small table that others refer to does not', () => {
      const small = (subjects: string[]) =>
        calibrated((pack) => {
          packTable(pack, 'public.users').rows = 200;
          pack.privacy.subjects = subjects;
        });
      const spec = small([]);

      expect(tableOf(spec, 'public.messages').rows).toMatchObject({ count: 24_000, growth: 'linear' });
      expect(tableOf(spec, 'public.users').rows).toMatchObject({ count: 200, growth: 'fixed' });
      // People are no reference data, however few they are.
      expect(tableOf(small(['public.users']), 'public.users').rows).toMatchObject({ growth: 'linear' });
      expect(spec.bands).toEqual({ dev: { scale: 1 }, staging: { scale: 20 }, perf: { scale: 60 } });
    });

    test('a public table stays fixed at any size', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').unit = 'public';
      });

      expect(tableOf(spec, 'public.messages').rows).toMatchObject({ growth: 'fixed' });
    });

    test('a withheld count becomes half of k where a released table points at it, and says so', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.users').rows = null;
      });

      expect(tableOf(spec, 'public.users').rows).toMatchObject({
        count: 10,
        because: expect.stringContaining('not released'),
      });
    });

    test('a withheld count becomes none where nothing released points at it, and says so', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').rows = null;
      });

      expect(tableOf(spec, 'public.messages').rows).toMatchObject({
        count: 0,
        because: expect.stringContaining('stays empty'),
      });
    });
  });

  describe('keys', () => {
    test('a whole-number key is numbered, a unique text keeps its lengths', () => {
      const spec = calibrated();

      expect(columnOf(spec, 'public.users', 'id', 'sequence')).toMatchObject({ start: 1, step: 1 });
      expect(columnOf(spec, 'public.users', 'username', 'text').isUnique).toBe(true);
    });

    test('a unique text without lengths is a template that fits the column', () => {
      const spec = calibrated((pack) => Object.assign(marginalOf(pack, 'public.users', 'length', 'username'), emptied));
      const tight = calibrated((pack) => {
        Object.assign(marginalOf(pack, 'public.users', 'length', 'username'), emptied);
        packColumn(pack, 'public.users', 'username').maxLength = 12;
      });

      expect(columnOf(spec, 'public.users', 'username', 'template').template).toBe('username-{row}');
      expect(columnOf(tight, 'public.users', 'username', 'template').template).toBe('{row}');
    });

    test('two references that are the primary key are distinct pairs', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').primaryKey = ['user_id', 'recipient_id'];
      });

      expect(tableOf(spec, 'public.messages').distinctPairs).toEqual([['user_id', 'recipient_id']]);
    });

    test('a key of a reference and a number is kept by numbering', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').primaryKey = ['user_id', 'id'];
      });

      expect(columnOf(spec, 'public.messages', 'id', 'sequence').because).toContain('unique key');
    });

    test('a unique reference gives each parent one child at most', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').uniques = [{ columns: ['recipient_id'], nullsNotDistinct: false }];
      });

      const fanOut = tableOf(spec, 'public.messages').references.recipient_id?.fanOut;
      expect(fanOut?.family === 'empirical' && fanOut.bins.every(([, to]) => to <= 2)).toBe(true);
    });

    test('a key that nothing can keep is named', () => {
      const spec = calibrated((pack) => {
        packColumn(pack, 'public.messages', 'price').kind = 'array';
        packTable(pack, 'public.messages').uniques = [{ columns: ['price'], nullsNotDistinct: false }];
      });

      expect(tableOf(spec, 'public.messages').because).toContain('nothing here keeps (price) unique');
    });
  });

  describe('references', () => {
    test('carry the columns, the degrees, the nulls and whether they are declared', () => {
      const { references, columns } = tableOf(calibrated(), 'public.messages');

      expect(references.user_id).toMatchObject({
        columns: ['user_id'],
        table: 'public.users',
        to: ['id'],
        isVirtual: false,
        nullFraction: 0,
      });
      expect(references.recipient_id).toMatchObject({ isVirtual: true, nullFraction: 0.25 });
      expect(Object.keys(columns)).not.toContain('user_id');
    });

    test('bins and tail together hold all parents and all children', () => {
      const fanOut = tableOf(calibrated(), 'public.messages').references.user_id?.fanOut;
      if (fanOut?.family !== 'empirical') throw new Error('expected bins');

      const parents = fanOut.bins.reduce((sum, [, , weight]) => sum + weight, fanOut.tail?.parents ?? 0);
      const children = fanOut.bins.reduce(
        (sum, [from, to, weight]) => sum + (weight * (from + to - 1)) / 2,
        fanOut.tail?.children ?? 0,
      );
      expect(parents).toBeCloseTo(2000, 0);
      expect(Math.abs(children - 24_000)).toBeLessThan(5);
    });

    test('degrees that follow a family, tail and all, are named by it', () => {
      const spec = calibrated((pack) => {
        const degrees = pack.marginals.find(
          (marginal) => marginal.axes[0]?.kind === 'degree' && marginal.axes[0].columns[0] === 'user_id',
        );
        const counts = Array.from({ length: 24 }, (_, at) => [0, at + 1, Math.round(100_000 * 0.7 ** at)]);
        const total = counts.reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
        if (degrees !== undefined) Object.assign(degrees, { cells: counts, total, other: 0 });
        packTable(pack, 'public.messages').rows = counts.reduce((sum, [, at = 0, count = 0]) => sum + at * count, 0);
      });

      const reference = tableOf(spec, 'public.messages').references.user_id;
      expect(reference?.fanOut?.family).toBe('exponential');
      expect(reference?.because).toMatch(/^exponential, TV 0\.00\d \(floor 0\.00\d\), KS 0\.00\d$/);
    });

    test('of two keys that share a column the longer is made, and the shorter follows from it', () => {
      const spec = calibrated((pack) => {
        packTable(pack, 'public.messages').foreignKeys.push({
          columns: ['user_id', 'id'],
          references: 'public.users',
          referencedColumns: ['id', 'id'],
          virtual: false,
        });
      });

      expect(tableOf(spec, 'public.messages').references.user_id).toMatchObject({
        through: ['user_id_id'],
        columns: ['user_id'],
      });
    });
  });

  describe('columns', () => {
    test('numbers are in the column’s own unit and none is lost', () => {
      const price = columnOf(calibrated(), 'public.messages', 'price', 'number');
      if (price.distribution.family !== 'empirical') throw new Error('expected bins');

      const mean =
        price.distribution.bins.reduce((sum, [from, to, weight]) => sum + (weight * (from + to)) / 2, 0) /
        price.distribution.bins.reduce((sum, bin) => sum + bin[2], 0);
      expect(price.decimals).toBe(2);
      // The pack's prices are log-logistic around e^3 = 20.09 with a mean of 35.
      expect(mean).toBeGreaterThan(25);
      expect(mean).toBeLessThan(45);
      expect(price.because).toMatch(/^empirical, \d+ bins; best family .* TV 0\.\d{3} \(floor 0\.\d{3}\)/);
    });

    test('a log-normal of many rows is named with its parameters and its fit', () => {
      const spec = calibrated((pack) => {
        const cells = Array.from({ length: 12 * 32 }, (_, at) => [2, 64 + at, logNormalCount(64 + at)]).filter(
          (cell) => (cell[2] ?? 0) > 0,
        );
        const total = cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
        Object.assign(marginalOf(pack, 'public.messages', 'number', 'price'), { cells, total, other: 0 });
      });

      const price = columnOf(spec, 'public.messages', 'price', 'number');
      expect(price.distribution).toMatchObject({ family: 'logNormal', sigma: expect.closeTo(1.2, 1) });
      expect(price.distribution.family === 'logNormal' && price.distribution.mu).toBeCloseTo(8 - Math.log(100), 1);
      expect(price.because).toMatch(/^log-normal, TV 0\.00\d \(floor 0\.00\d\)/);
    });

    test('a bin that reaches past what the type holds is cut', () => {
      const spec = calibrated((pack) => {
        Object.assign(packColumn(pack, 'public.messages', 'price'), { precision: 3, scale: 2 });
      });

      const { distribution } = columnOf(spec, 'public.messages', 'price', 'number');
      const max =
        distribution.family === 'empirical'
          ? Math.max(...distribution.bins.map(([, to]) => to))
          : 'max' in distribution && distribution.max;
      expect(max).toBe(10);
    });

    test('hidden labels keep their weights and get lengths, the rest is other', () => {
      const country = columnOf(calibrated(), 'public.users', 'country', 'category');

      expect(country.values.map((value) => value.weight)).toEqual([360, 360, 360, 360]);
      expect(country.values.every((value) => 'token' in value)).toBe(true);
      expect(country.other?.weight).toBe(360);
      expect(country.nullFraction).toBe(0.1);
    });

    test('an enum has all its labels, those not released share the rest', () => {
      const spec = calibrated((pack) => {
        const kind = marginalOf(pack, 'public.messages', 'category', 'kind');
        kind.other = kind.cells.filter((cell) => cell[1] !== 2).reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
        kind.cells = kind.cells.filter((cell) => cell[1] === 2);
      });

      const kind = columnOf(spec, 'public.messages', 'kind', 'category');
      expect(kind.values).toEqual([
        { label: 'image', weight: 4800 },
        { label: 'system', weight: 4800 },
        { label: 'text', weight: 14_400 },
      ]);
      expect(kind.other).toBeUndefined();
    });

    test('a boolean is its share of true', () => {
      expect(columnOf(calibrated(), 'public.users', 'is_active', 'boolean').trueFraction).toBeCloseTo(6 / 7, 2);
    });

    test('a time has its calendar, its week, its resolution and, NOT NULL, the order of the rows', () => {
      const createdAt = columnOf(calibrated(), 'public.messages', 'created_at', 'time');
      if (createdAt.calendar.kind !== 'bins') throw new Error('expected bins');

      expect(createdAt.calendar.bins[0]?.[0]).toMatch(/^2024-03-0/);
      expect(createdAt.calendar.bins.reduce((sum, bin) => sum + bin[2], 0)).toBeGreaterThan(23_000);
      expect(createdAt.hourOfWeek).toHaveLength(168);
      expect(createdAt.resolution).toBe('millisecond');
      expect(createdAt.order).toBe('row');
      expect(createdAt.because).toContain('physical order is not measured');
    });

    test('an even week is left out', () => {
      const spec = calibrated((pack) => {
        const cells = Array.from({ length: 168 }, (_, hour) => [0, hour, 1000 + (hour % 3)]);
        const total = cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
        Object.assign(marginalOf(pack, 'public.messages', 'hourOfWeek', 'created_at'), { cells, total, other: 0 });
      });

      expect(columnOf(spec, 'public.messages', 'created_at', 'time').hourOfWeek).toBeUndefined();
    });

    test('a date column has whole days', () => {
      const spec = calibrated((pack) => {
        Object.assign(packColumn(pack, 'public.messages', 'created_at'), { type: 'date', baseType: 'date' });
      });

      const { calendar, resolution, order } = columnOf(spec, 'public.messages', 'created_at', 'time');
      expect(resolution).toBe('day');
      expect(order).toBe('shuffled');
      expect(calendar.kind === 'bins' && calendar.bins.every(([from, to]) => !from.includes('T') && !to.includes('T'))).toBe(
        true,
      );
    });

    test('a type without a builder is named, never left out', () => {
      const spec = calibrated((pack) => {
        Object.assign(packColumn(pack, 'public.messages', 'payload'), { type: 'tsvector', baseType: 'tsvector' });
        Object.assign(packColumn(pack, 'public.messages', 'tags'), { type: '_point', baseType: '_point' });
      });

      expect(columnOf(spec, 'public.messages', 'payload', 'unsupported').type).toBe('tsvector');
      expect(columnOf(spec, 'public.messages', 'tags', 'unsupported').type).toBe('_point');
    });

    test('where nothing was released an assumption is made and says so', () => {
      const spec = calibrated((pack) => {
        pack.marginals = [];
      });

      for (const [name, column] of [
        ['price', 'number'],
        ['body', 'text'],
        ['created_at', 'time'],
        ['kind', 'category'],
      ] as const) {
        expect(columnOf(spec, 'public.messages', name, column).because).toContain('assumed');
      }
    });

    test('nulls folded together with the values are told apart by the other marginals', () => {
      const spec = calibrated((pack) => {
        Object.assign(marginalOf(pack, 'public.users', 'presence', 'country'), { cells: [], total: 2000, other: 2000 });
      });

      expect(columnOf(spec, 'public.users', 'country', 'category').nullFraction).toBe(0.1);
    });
  });
});

/** A million log-normal rows (mu 8, sigma 1.2) in the bins of magnitude level 2: 32 steps an octave. */
function logNormalCount(bin: number): number {
  const shift = Math.floor(bin / 32) - 1;
  const from = (bin - shift * 32) * 2 ** shift;
  const middle = from + 2 ** shift / 2;
  const z = (Math.log(middle) - 8) / 1.2;
  return Math.round((1e6 * 2 ** shift * Math.exp((-z * z) / 2)) / (middle * 1.2 * Math.sqrt(2 * Math.PI)));
}
