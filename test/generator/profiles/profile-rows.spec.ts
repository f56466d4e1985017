import fc from 'fast-check';
import { ProfileRows } from '../../../generator/profiles/profile-rows.ts';
import { drawFrom, upTo } from './made-profiles.ts';

const keys = fc.tuple(fc.integer(), fc.integer());
const BUG = expect.objectContaining({ code: 'BUG' });

function tables(mostRows: number): fc.Arbitrary<{ rows: number; count: number }> {
  return fc
    .integer({ min: 1, max: mostRows })
    .chain((rows) => fc.record({ rows: fc.constant(rows), count: fc.integer({ min: 1, max: rows }) }));
}

describe('rows of profiles', () => {
  test('each row is one of one profile, and profiles are as large as the plan says', () => {
    fc.assert(
      fc.property(tables(5000), keys, fc.boolean(), ({ rows, count }, key, isInRuns) => {
        const profiled = new ProfileRows({ rows, profiles: { count, key, isInRuns } });

        const back = upTo(rows).map((row) => profiled.rowOf(profiled.profileOf(row), profiled.indexOf(row)));
        const there = upTo(count).flatMap((profile) =>
          upTo(profiled.sizeOf(profile)).map((index) => {
            const row = profiled.rowOf(profile, index);
            return profiled.profileOf(row) === profile && profiled.indexOf(row) === index;
          }),
        );

        expect(back).toEqual(upTo(rows));
        expect(there.length).toBe(rows);
        expect(there.every(Boolean)).toBe(true);
        expect(upTo(count).map((profile) => profiled.sizeOf(profile))).toEqual(
          upTo(count).map((profile) => Math.floor(((profile + 1) * rows) / count) - Math.floor((profile * rows) / count)),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('do not depend on the order in which rows are asked', () => {
    const draw = drawFrom(8);
    const table = { rows: 4321, profiles: { count: 600, key: [3, 4] as const } };
    const first = new ProfileRows(table);
    const second = new ProfileRows(table);
    const expected = upTo(4321).map((row) => [first.profileOf(row), first.indexOf(row)]);

    const asked = upTo(10_000).map(() => draw(4321));

    expect(asked.map((row) => [second.profileOf(row), second.indexOf(row)])).toEqual(asked.map((row) => expected[row]));
    expect(asked.map((row) => [second.indexOf(row), second.profileOf(row)].reverse())).toEqual(asked.map((row) => expected[row]));
  });

  test('with one row for each profile, profiles are rows', () => {
    const profiled = new ProfileRows({ rows: 1000, profiles: { count: 1000, key: [1, 2] } });

    expect(upTo(1000).map((row) => profiled.profileOf(row))).toEqual(upTo(1000));
    expect(upTo(1000).map((profile) => profiled.rowOf(profile, 0))).toEqual(upTo(1000));
  });

  test('a group of 256 neighbours has the rows it would have one after another, and each layer every profile once', () => {
    const rows = 700 * 10 + 123;
    const profiled = new ProfileRows({ rows, profiles: { count: 700, key: [3, 4] } });
    const found = upTo(rows).map((row) => profiled.profileOf(row));
    for (const first of [0, 256, 512]) {
      const end = Math.min(700, first + 256);
      const width = end - first;
      const start = Math.floor((first * rows) / 700);
      const layers = upTo(10).map((layer) => found.slice(start + layer * width, start + (layer + 1) * width));

      for (const layer of layers)
        expect([...layer].sort((left, right) => left - right)).toEqual(upTo(width).map((at) => first + at));
      expect(new Set(layers.map((layer) => layer.join())).size).toBe(10);
      const last = found.slice(start + 10 * width, Math.floor((end * rows) / 700));
      expect(last.every((profile) => profiled.sizeOf(profile) === 11)).toBe(true);
    }
  });

  test('are mixed with those of so many neighbours as the plan says', () => {
    const profiled = new ProfileRows({ rows: 1000, profiles: { count: 100, key: [1, 2], mixed: 8 } });
    const found = upTo(1000).map((row) => profiled.profileOf(row));

    expect(found.every((profile, row) => Math.floor(profile / 8) === Math.floor(row / 80))).toBe(true);
    expect([...found].sort((left, right) => left - right)).toEqual(upTo(1000).map((row) => Math.floor(row / 10)));
    expect(new Set(found.slice(0, 8)).size).toBe(8);
    expect(() => new ProfileRows({ rows: 5, profiles: { count: 2, key: [1, 2], mixed: 0 } })).toThrow(BUG);
  });

  test('in runs the rows of a profile follow those of the one before', () => {
    fc.assert(
      fc.property(tables(3000), keys, ({ rows, count }, key) => {
        const profiled = new ProfileRows({ rows, profiles: { count, key, isInRuns: true } });
        const found = upTo(rows).map((row) => [profiled.profileOf(row), profiled.indexOf(row)]);

        expect(found).toEqual(upTo(count).flatMap((profile) => upTo(profiled.sizeOf(profile)).map((index) => [profile, index])));
      }),
      { numRuns: 25 },
    );
  });

  test('at sizes that no test can list there is a way back', () => {
    const large = fc.record({ rows: fc.integer({ min: 1e6, max: 3e8 }), count: fc.integer({ min: 1, max: 65_536 }) });
    fc.assert(
      fc.property(large, keys, fc.nat(), ({ rows, count }, key, some) => {
        const profiled = new ProfileRows({ rows, profiles: { count, key, isInRuns: some % 2 === 0 } });
        for (const row of [0, some % rows, rows - 1]) {
          const profile = profiled.profileOf(row);
          const index = profiled.indexOf(row);

          expect(index).toBeLessThan(profiled.sizeOf(profile));
          expect(profiled.rowOf(profile, index)).toBe(row);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('profiles without rows, or none at all, are a bug of the plan', () => {
    expect(() => new ProfileRows({ rows: 5 })).toThrow(BUG);
    expect(() => new ProfileRows({ rows: 5, profiles: { count: 6, key: [1, 2] } })).toThrow(BUG);
    expect(() => new ProfileRows({ rows: 5, profiles: { count: 0, key: [1, 2] } })).toThrow(BUG);
  });
});
