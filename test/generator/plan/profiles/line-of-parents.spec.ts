// What the fit believes of the row path: which parent stands at each place of the children. Random plans, the row path asked itself.
import { randomCase } from '../../../../bench/random-plans/random-case.ts';
import { unpackIntegers } from '../../../../core/packed-integers.ts';
import { rowOrder } from '../../../../generator/columns/ranks.ts';
import { Parents } from '../../../../generator/keys/parents.ts';
import { addProfiles } from '../../../../generator/plan/profiles/add-profiles.ts';
import { parentsOfPlaces } from '../../../../generator/plan/profiles/line-of-parents.ts';
import { middleRank } from '../../../../generator/plan/profiles/place-classes.ts';
import { examinePlan } from '../../../../generator/plan/resolve-plan.ts';
import { ProfileRows } from '../../../../generator/profiles/profile-rows.ts';
import type { Plan, PlanReference, PlanTable } from '../../../../spec/plan.ts';

/** Parents' profiles by place of the children: as the fit has them, and as the rows that have the middle ranks do. */
function bothWays(plan: Plan, at: number, index: number): { believed: number[]; made: number[] } {
  const table = plan.tables[at] as PlanTable;
  const reference = table.references[index] as PlanReference;
  const parents = plan.tables[reference.table] as PlanTable;
  const size = table.profiles?.count ?? 0;
  const { curve, nulls, parentProfiles, ranks } = reference;
  if (curve === null || parentProfiles === undefined || parentProfiles.line === null) throw new Error('no line');
  const believed = parentsOfPlaces({
    curve,
    parentRows: parents.rows,
    parentSize: parents.profiles?.count ?? 0,
    degreePlaces: unpackIntegers(parentProfiles.places),
    line: unpackIntegers(parentProfiles.line),
    rows: table.rows,
    nulls,
    size,
  });
  const source = new Parents(plan).source(at, index);
  const order = rowOrder(ranks, table);
  const profiles = new ProfileRows(parents);
  const made = Array.from({ length: size }, (_, place) => {
    const rank = middleRank(place, size, table.rows);
    const parent = source.parentOf(order === null ? rank : order.inverse(rank));
    return parent < 0 ? -1 : profiles.profileOf(parent);
  });
  return { believed: [...believed], made };
}

test.each([
  ['single rows', 65_536],
  ['several rows', 7],
])('the parents of places are those that the row path makes, with profiles of %s', (_name, mostProfiles) => {
  let compared = 0;
  for (let number = 1; number <= 60; number += 1) {
    const { catalog, seed, spec } = randomCase(number);
    const tables = Object.entries(spec.tables).map(([name, { axes: _axes, marginals: _marginals, ...table }]) => [name, table]);
    const bare = { ...spec, tables: Object.fromEntries(tables) };
    const { plan: plain, problems } = examinePlan({ spec: bare, catalog, band: 'dev', seed, scale: 1, rows: new Map() });
    if (problems.all().length > 0) continue;
    const plan = { ...plain, tables: addProfiles({ tables: plain.tables, spec, seed, mostProfiles }).tables };

    for (const [at, { references, rows }] of plan.tables.entries()) {
      for (const [index, { ranks }] of references.entries()) {
        if (ranks.order !== 'profile' || rows === 0) continue;
        const { believed, made } = bothWays(plan, at, index);

        expect({ number, places: believed }).toEqual({ number, places: made });
        compared += 1;
      }
    }
  }

  expect(compared).toBeGreaterThan(20);
});
