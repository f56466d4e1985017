// Look-ups by row give what is computed, and are made only where that pays and there is room.
import fc from 'fast-check';
import { RowList } from '../../../generator/columns/row-list.ts';
import { RankedSource } from '../../../generator/keys/ranked-source.ts';
import { SmallTable, TableRoom } from '../../../generator/keys/small-table.ts';
import type { PlanRanks } from '../../../spec/plan.ts';
import {
  curveOf,
  degreesOf,
  drawFrom,
  keyFrom,
  placesOf,
  profileRanks,
  referenceOf,
  tableRows,
  upTo,
} from '../profiles/made-profiles.ts';

const listOf = (rows: readonly number[]) => new RowList().setRows(Float64Array.from(rows), rows.length);

interface Request {
  readonly rows: number;
  readonly withKey: number;
  readonly withoutKey: number;
  readonly order: PlanRanks['order'];
  readonly seed: number;
}

/** A source with rows that have no parent, and parents that have no key. */
function madeSource({ order: wanted, rows, seed, withKey, withoutKey }: Request) {
  const order = withoutKey > 0 && wanted === 'profile' ? 'shuffled' : wanted;
  const draw = drawFrom(seed);
  const table = tableRows(rows, draw);
  const nulls = draw(2) === 0 ? 0 : draw(rows + 1);
  const reference = referenceOf({
    ranks: order === 'profile' ? profileRanks(table, nulls, draw) : { order, key: keyFrom(draw), nulls },
    curve: curveOf(degreesOf(withKey, rows - nulls, draw)),
    parentKey: keyFrom(draw),
    ...(withoutKey === 0
      ? { parentProfiles: { places: placesOf(withKey, draw), line: order === 'profile' ? placesOf(withKey, draw) : null } }
      : { eligible: { order: 'shuffled', key: keyFrom(draw), nulls: withoutKey } }),
  });
  const parents = { rows: withKey + withoutKey, profiles: { count: withKey + withoutKey, key: keyFrom(draw) } };
  return { source: new RankedSource(table, reference, parents).setRows(rows, new TableRoom()), nulls };
}

test('the look-up is what is computed: parents and families, of rows without a parent and parents without a key too', () => {
  const requests = fc.record({
    rows: fc.integer({ min: 1, max: 800 }),
    withKey: fc.integer({ min: 1, max: 400 }),
    withoutKey: fc.constantFrom(0, 1, 90),
    order: fc.constantFrom<PlanRanks['order']>('row', 'shuffled', 'profile'),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(requests, (request) => {
      const { nulls, source } = madeSource(request);
      const parents = request.withKey + request.withoutKey;
      const computed = upTo(request.rows).map((row) => source.parentOf(row));
      const families = upTo(parents).map((parent) => [source.degreeOf(parent), source.firstChildOf(parent)]);
      const askedParents = () => [...source.parentsOf(listOf(upTo(request.rows))).rows.subarray(0, request.rows)];
      const askedFamilies = () => {
        const [degrees, firsts] = [new Float64Array(parents), new Float64Array(parents)];
        source.fillFamilies(listOf(upTo(parents)), degrees, firsts);
        return upTo(parents).map((parent) => [degrees[parent], firsts[parent]]);
      };

      expect(computed.filter((parent) => parent < 0)).toHaveLength(nulls);
      expect(families.filter(([degree]) => degree === 0).length).toBeGreaterThanOrEqual(request.withoutKey);
      // The third pass is over the look-up.
      for (let pass = 0; pass < 4; pass += 1) {
        expect(askedParents()).toEqual(computed);
        expect(askedFamilies()).toEqual(families);
      }
      expect(upTo(request.rows).map((row) => source.knownParentOf(row))).toEqual(computed);
    }),
    { numRuns: 60 },
  );
});

test('one pass or two make nothing, the third does', () => {
  let filled = 0;
  const table = new SmallTable(100, 1, new TableRoom(), () => {
    filled += 1;
  });

  for (let pass = 0; pass < 2; pass += 1) for (let block = 0; block < 4; block += 1) expect(table.ask(25)).toBeNull();
  expect(filled).toBe(0);
  expect(table.ask(25)).not.toBeNull();
  expect(filled).toBe(100);
});

test('all tables share the room: those that come too late compute for ever', () => {
  const room = new TableRoom(3000);
  const made = (rows: number) => {
    const table = new SmallTable(rows, 2, room, (row, at, numbers) => numbers.fill(row, at, at + 2));
    return table.ask(3 * rows) !== null || table.ask(3 * rows) !== null;
  };

  expect([made(100), made(100), made(50), made(50)]).toEqual([true, false, true, false]);
  expect(new SmallTable(1 << 17, 1, new TableRoom(), () => undefined).ask(2 ** 30)).toBeNull();
});
