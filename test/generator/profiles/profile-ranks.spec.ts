import fc from 'fast-check';
import { packIntegers, unpackIntegers } from '../../../core/packed-integers.ts';
import { Ranks } from '../../../generator/columns/ranks.ts';
import { ProfileRanks } from '../../../generator/profiles/profile-ranks.ts';
import { ProfileRows } from '../../../generator/profiles/profile-rows.ts';
import type { PlanProfileOrder, PlanRanks } from '../../../spec/plan.ts';
import { countOf, drawFrom, orderOf, placesOf, profileRanks, tableRows, upTo } from './made-profiles.ts';

const BUG = expect.objectContaining({ code: 'BUG' });
const sizes = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat());

/** The class of a place. */
function classOf({ start }: PlanProfileOrder, place: number): number {
  return start.reduce((found, first, index) => (first <= place ? index : found), 0);
}

describe('ranks by profile', () => {
  test('are a bijection with its inverse, and NULLs are the first', () => {
    fc.assert(
      fc.property(sizes, ([rows, seed]) => {
        const draw = drawFrom(seed);
        const table = tableRows(rows, draw);
        const nulls = draw(rows + 1);
        const plan = profileRanks(table, nulls, draw);
        const ranks = new Ranks(plan, table);
        const order = new ProfileRanks(plan, table);

        const found = upTo(rows).map((row) => ranks.of(row));

        expect(upTo(rows).map((row) => order.inverse(order.forward(row)))).toEqual(upTo(rows));
        expect(found.filter((rank) => rank < 0).length).toBe(nulls);
        expect(found.filter((rank) => rank >= 0).sort((left, right) => left - right)).toEqual(upTo(rows - nulls));
        expect(upTo(rows - nulls).map((rank) => ranks.of(ranks.rowOf(rank)))).toEqual(upTo(rows - nulls));
      }),
      { numRuns: 30 },
    );
  });

  test('lie in the class of the profile: as many rows in each class as its profiles have', () => {
    fc.assert(
      fc.property(sizes, ([rows, seed]) => {
        const draw = drawFrom(seed);
        const table = tableRows(rows, draw);
        const profile = orderOf(countOf(table), draw);
        const profiled = new ProfileRows(table);
        const order = new ProfileRanks({ order: 'profile', key: [1, 2], nulls: 0, profile }, table);
        const places = unpackIntegers(profile.places);
        const rowsOfClass = profile.start.map(() => 0);
        for (const one of upTo(profiled.count)) {
          const index = classOf(profile, places[one] as number);
          rowsOfClass[index] = (rowsOfClass[index] ?? 0) + profiled.sizeOf(one);
        }
        const firstRank = rowsOfClass.map((_, index) => rowsOfClass.slice(0, index).reduce((sum, count) => sum + count, 0));
        const rankClass = firstRank.flatMap((_, index) => upTo(rowsOfClass[index] as number).map(() => index));

        const found = upTo(rows).map((row) => rankClass[order.forward(row)]);

        expect(found).toEqual(upTo(rows).map((row) => classOf(profile, places[profiled.profileOf(row)] as number)));
      }),
      { numRuns: 30 },
    );
  });

  test('with one row for each profile and nothing shuffled, the rank is the place', () => {
    const draw = drawFrom(5);
    const profile = { ...orderOf(500, draw), isShuffled: [] };
    const plan: PlanRanks = {
      order: 'profile',
      key: [1, 2],
      nulls: 0,
      profile: { ...profile, isShuffled: profile.start.map(() => 0) },
    };
    const order = new ProfileRanks(plan, { rows: 500, profiles: { count: 500, key: [3, 4] } });

    expect(upTo(500).map((row) => order.forward(row))).toEqual([...unpackIntegers(profile.places)]);
  });

  test('of a shuffled class are spread over it: the rows of a profile have neighbouring ranks no more often than others', () => {
    const table = { rows: 10_000, profiles: { count: 100, key: [5, 6] as const } };
    const profile = { places: placesOf(100, drawFrom(6)), start: [0, 50], isShuffled: [1, 0] as const };
    const order = new ProfileRanks({ order: 'profile', key: [1, 2], nulls: 0, profile }, table);
    const places = unpackIntegers(profile.places);
    const rows = new ProfileRows(table);
    const spreadOf = (place: number) => {
      const ranks = upTo(100).map((index) => order.forward(rows.rowOf(places.indexOf(place), index)));
      return Math.max(...ranks) - Math.min(...ranks);
    };

    for (const place of [0, 20, 49]) expect(spreadOf(place)).toBeGreaterThan(4000);
    for (const place of [50, 70, 99]) expect(spreadOf(place)).toBe(99);
  });

  test('an order that is none is a bug of the plan', () => {
    const table = { rows: 3, profiles: { count: 3, key: [1, 2] as const } };
    const make = (profile: PlanProfileOrder | undefined) => () =>
      new Ranks({ order: 'profile', key: [1, 2], nulls: 0, ...(profile === undefined ? {} : { profile }) }, table);

    expect(make(undefined)).toThrow(BUG);
    expect(make({ places: packIntegers([0, 1]), start: [0], isShuffled: [1] })).toThrow(BUG);
    expect(make({ places: packIntegers([0, 1, 1]), start: [0], isShuffled: [1] })).toThrow(BUG);
    expect(make({ places: packIntegers([0, 1, 3]), start: [0], isShuffled: [1] })).toThrow(BUG);
    expect(make({ places: packIntegers([0, 1, 2]), start: [1], isShuffled: [1] })).toThrow(BUG);
    expect(make({ places: packIntegers([0, 1, 2]), start: [0, 1], isShuffled: [1] })).toThrow(BUG);
    expect(make({ places: packIntegers([0, 2, 1]), start: [0, 3], isShuffled: [1, 0] })).not.toThrow();
  });
});
