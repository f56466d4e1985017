import fc from 'fast-check';
import { unpackIntegers } from '../../../core/packed-integers.ts';
import { FirstChildOrder } from '../../../generator/keys/first-child-order.ts';
import { PairSource, RankedSource } from '../../../generator/keys/ranked-source.ts';
import { TreeSource } from '../../../generator/keys/tree-source.ts';
import { ProfileRows, type TableRows } from '../../../generator/profiles/profile-rows.ts';
import type { PlanPairs, PlanRanks, PlanReference } from '../../../spec/plan.ts';
import {
  countOf,
  curveOf,
  type Draw,
  degreesOf,
  drawFrom,
  keyFrom,
  placesOf,
  profileRanks,
  referenceOf,
  tableRows,
  upTo,
} from './made-profiles.ts';

const BUG = expect.objectContaining({ code: 'BUG' });

const ascending = (left: number, right: number) => left - right;

interface Made {
  readonly table: TableRows;
  readonly parents: TableRows;
  readonly degrees: readonly number[];
  readonly reference: PlanReference;
  readonly source: RankedSource;
}

function made(rows: number, parentRows: number, order: PlanRanks['order'], draw: Draw): Made {
  const table = tableRows(rows, draw);
  const parents = tableRows(parentRows, draw);
  const nulls = draw(2) === 0 ? 0 : draw(rows + 1);
  const degrees = degreesOf(parentRows, rows - nulls, draw);
  const reference = referenceOf({
    ranks: order === 'profile' ? profileRanks(table, nulls, draw) : { order, key: keyFrom(draw), nulls },
    curve: curveOf(degrees),
    parentKey: keyFrom(draw),
    parentProfiles: {
      places: placesOf(countOf(parents), draw),
      line: order === 'profile' ? placesOf(countOf(parents), draw) : null,
      ...(draw(2) === 0 ? { isInRuns: true } : {}),
    },
  });
  return { table, parents, degrees, reference, source: new RankedSource(table, reference, parents) };
}

const requests = fc.record({
  rows: fc.integer({ min: 1, max: 3000 }),
  parentRows: fc.integer({ min: 1, max: 1500 }),
  order: fc.constantFrom<PlanRanks['order']>('row', 'shuffled', 'profile'),
  seed: fc.nat(),
});

describe('parents by profile', () => {
  test('have the children that the curve says, and all ways back agree', () => {
    fc.assert(
      fc.property(requests, ({ rows, parentRows, order, seed }) => {
        const { degrees, reference, source } = made(rows, parentRows, order, drawFrom(seed));
        const children = new Map<number, number[]>();
        const ordinals: number[] = [];
        for (const row of upTo(rows)) {
          const parent = source.parentOf(row);
          if (parent < 0) ordinals.push(source.ordinalOf(row));
          else if (children.get(parent)?.push(row) === undefined) children.set(parent, [row]);
        }
        const countOfParent = (parent: number) => children.get(parent)?.length ?? 0;

        expect(ordinals.sort(ascending)).toEqual(upTo(reference.nulls));
        expect(upTo(parentRows).map(countOfParent).sort(ascending)).toEqual(degrees);
        const found: number[] = [];
        const wanted: number[] = [];
        for (const parent of upTo(parentRows)) {
          const first = source.firstChildOf(parent);
          const listed = upTo(source.degreeOf(parent)).map((place) => source.rowOfChild(first + place));

          // One assertion for all parents: thousands of small ones take seconds.
          found.push(source.degreeOf(parent), ...[...listed].sort(ascending), ...listed.map((row) => source.ordinalOf(row)));
          wanted.push(countOfParent(parent), ...(children.get(parent) ?? []), ...upTo(listed.length));
        }
        expect(found).toEqual(wanted);
        const seen = new Set<number>();
        for (let parent = 0; !seen.has(parent); parent = source.parentAfter(parent)) seen.add(parent);
        expect(seen.size).toBe(parentRows);
      }),
      { numRuns: 100 },
    );
  });

  test('stand on the curve in the order of their places', () => {
    fc.assert(
      fc.property(requests, ({ rows, parentRows, order, seed }) => {
        const { parents, reference, source } = made(rows, parentRows, order, drawFrom(seed));
        const places = unpackIntegers(reference.parentProfiles?.places ?? { bytes: 1, data: '' });
        const profiled = new ProfileRows(parents);
        const byPlace = upTo(parentRows).sort(
          (left, right) => (places[profiled.profileOf(left)] as number) - (places[profiled.profileOf(right)] as number),
        );
        const degrees = byPlace.map((parent) => source.degreeOf(parent));

        // The curve ascends, and with it the degrees.
        expect(degrees.every((degree, index) => index === 0 || (degrees[index - 1] as number) <= degree)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('lie on the line of the ranks as the plan says: rows of like places get parents of like places', () => {
    const draw = drawFrom(3);
    const rows = 2000;
    const table: TableRows = { rows, profiles: { count: rows, key: [1, 2] } };
    const parents: TableRows = { rows: 300, profiles: { count: 100, key: [3, 4] } };
    const ranks = profileRanks(table, 150, draw);
    const plain = { ...ranks, profile: { places: placesOf(rows, draw), start: [0], isShuffled: [0] as const } };
    const line = placesOf(100, draw);
    const reference = referenceOf({
      ranks: plain,
      curve: curveOf(degreesOf(300, rows - 150, draw)),
      parentKey: [5, 6],
      parentProfiles: { places: placesOf(100, draw), line },
    });
    const source = new RankedSource(table, reference, parents);
    const places = unpackIntegers(plain.profile.places);
    const lineOf = unpackIntegers(line);
    const profiled = new ProfileRows(parents);
    const rowAtRank = new Map(upTo(rows).map((row) => [places[row] as number, row]));

    const lines = upTo(rows - 150).map(
      (position) => lineOf[profiled.profileOf(source.parentOf(rowAtRank.get(position + 150) as number))] as number,
    );

    expect(lines.every((place, index) => index === 0 || (lines[index - 1] as number) <= place)).toBe(true);
    for (const rank of upTo(150)) expect(source.parentOf(rowAtRank.get(rank) as number)).toBe(-1);
  });

  test('of several rows mix their children: the ranks of a parent among three are no run', () => {
    const table: TableRows = { rows: 3000, profiles: { count: 3000, key: [1, 2] } };
    const parents: TableRows = { rows: 3, profiles: { count: 1, key: [3, 4] } };
    const reference = referenceOf({
      ranks: {
        order: 'profile',
        key: [1, 2],
        nulls: 0,
        profile: { places: placesOf(3000, drawFrom(9)), start: [0], isShuffled: [0] },
      },
      curve: curveOf([1000, 1000, 1000]),
      parentKey: [5, 6],
      parentProfiles: { places: placesOf(1, drawFrom(1)), line: placesOf(1, drawFrom(1)) },
    });
    const source = new RankedSource(table, reference, parents);
    const places = unpackIntegers(reference.ranks.profile?.places ?? { bytes: 1, data: '' });
    const byRank = upTo(3000).sort((left, right) => (places[left] as number) - (places[right] as number));

    const changes = byRank.filter(
      (row, index) => index > 0 && source.parentOf(row) !== source.parentOf(byRank[index - 1] as number),
    );

    // Two of three neighbours differ; 2000 with a standard deviation of about 26.
    expect(changes.length).toBeGreaterThan(1850);
    expect(changes.length).toBeLessThan(2150);
  });

  test('do not depend on the order in which rows are asked', () => {
    const draw = drawFrom(17);
    const first = made(2500, 700, 'profile', draw);
    const second = new RankedSource(first.table, first.reference, first.parents);
    const expected = upTo(2500).map((row) => first.source.parentOf(row));
    for (let time = 0; time < 100_000; time += 1) {
      const row = draw(2500);
      const parent = second.parentOf(row);
      if (parent !== expected[row]) throw new Error(`row ${row}`);
      if (draw(3) === 0 && parent >= 0) second.rowOfChild(second.firstChildOf(parent));
      if (draw(3) === 0) second.ordinalOf(draw(2500));
    }
  });

  test('stand in distinct pairs too', () => {
    const parents: TableRows = { rows: 10, profiles: { count: 4, key: [1, 2] } };
    const pairs: PlanPairs = {
      runs: 0,
      other: 1,
      flattened: 0,
      lightRows: 20,
      stride: 3,
      offset: 1,
      lightCurve: curveOf([1, 1, 2, 2, 2, 2, 2, 2, 2, 4]),
      heavy: [],
    };
    const reference = referenceOf({
      ranks: { order: 'row', key: [1, 2], nulls: 0 },
      curve: pairs.lightCurve,
      parentKey: [5, 6],
      parentProfiles: { places: placesOf(4, drawFrom(2)), line: null },
    });
    const source = new PairSource(pairs, null, reference, parents);
    const ranked = new RankedSource({ rows: 20 }, reference, parents);
    const countOfParent = (of: RankedSource | PairSource) => (parent: number) =>
      upTo(20).filter((row) => of.parentOf(row) === parent).length;

    expect(upTo(10).map(countOfParent(source))).toEqual(upTo(10).map(countOfParent(ranked)));
  });

  test('are a bug of the plan where a part is missing or a shape cannot have them', () => {
    const table: TableRows = { rows: 4, profiles: { count: 4, key: [1, 2] } };
    const ranks = profileRanks(table, 0, drawFrom(1));
    const places = placesOf(4, drawFrom(1));
    const base = { ranks, curve: curveOf([1, 1, 1, 1]), parentKey: [5, 6] as const };
    const source = (parts: Partial<PlanReference>) => () => new RankedSource(table, referenceOf({ ...base, ...parts }), table);

    expect(source({ parentProfiles: { places, line: places } })).not.toThrow();
    expect(source({})).toThrow(BUG);
    expect(source({ parentProfiles: { places, line: null } })).toThrow(BUG);
    expect(source({ parentProfiles: { places, line: places }, eligible: { order: 'shuffled', key: [1, 2], nulls: 1 } })).toThrow(
      BUG,
    );
    const tree = { start: [0, 4], curves: [], rootsPointAtThemselves: false };
    expect(() => new TreeSource({ rows: 4 }, referenceOf(base), tree)).toThrow(BUG);
    const first = { columns: ['parent'], curve: base.curve, order: 'profile', key: [1, 2], nulls: 0, fromEnd: true } as const;
    expect(() => new FirstChildOrder(first, 4)).toThrow(BUG);
  });
});
