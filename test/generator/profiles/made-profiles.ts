// Orders of profiles, curves and references at random, for tests of the row path.
import { type PackedIntegers, packIntegers } from '../../../core/packed-integers.ts';
import type { TableRows } from '../../../generator/profiles/profile-rows.ts';
import { mixBelow } from '../../../generator/random/mixer.ts';
import type { PlanCurve, PlanKey, PlanProfileOrder, PlanRanks, PlanReference } from '../../../spec/plan.ts';

/** Whole numbers below a bound, one after another. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let counter = 0;
  return (below) => mixBelow([seed | 0, 0x5eed], counter++, below);
}

export function keyFrom(draw: Draw): PlanKey {
  return [draw(2 ** 31), draw(2 ** 31)];
}

/** Profiles for a table; every third table has one for each row, and of the others every third has them in runs or mixes few. */
export function tableRows(rows: number, draw: Draw): TableRows {
  const count = draw(3) === 0 ? rows : 1 + draw(rows);
  return {
    rows,
    profiles: {
      count,
      key: keyFrom(draw),
      ...(draw(3) === 0 ? { isInRuns: true } : draw(2) === 0 ? { mixed: 1 + draw(20) } : {}),
    },
  };
}

export function countOf(table: TableRows): number {
  return table.profiles?.count ?? 0;
}

export function placesOf(count: number, draw: Draw): PackedIntegers {
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = draw(last + 1);
    [places[last], places[other]] = [places[other] as number, places[last] as number];
  }
  return packIntegers(places);
}

/** Up to nine classes, shuffled or not, some of them empty. */
export function orderOf(count: number, draw: Draw): PlanProfileOrder {
  const cuts = Array.from({ length: draw(9) }, () => draw(count + 1)).sort((left, right) => left - right);
  const start = [0, ...cuts];
  return { places: placesOf(count, draw), start, isShuffled: start.map(() => (draw(2) === 0 ? 0 : 1)) };
}

export function profileRanks(table: TableRows, nulls: number, draw: Draw): PlanRanks {
  return { order: 'profile', key: keyFrom(draw), nulls, profile: orderOf(countOf(table), draw) };
}

/** Degrees that sum up to so many children: many zeros, some heavy. */
export function degreesOf(parents: number, children: number, draw: Draw): number[] {
  const degrees = new Array<number>(parents).fill(0);
  const heavy = 1 + draw(Math.min(parents, 4));
  const isHeavy = draw(2) === 0;
  for (let child = 0; child < children; child += 1) {
    const parent = isHeavy && draw(2) === 0 ? draw(heavy) : draw(parents);
    degrees[parent] = (degrees[parent] ?? 0) + 1;
  }
  return degrees.sort((left, right) => left - right);
}

/** The curve of degrees by rank. */
export function curveOf(degrees: readonly number[]): PlanCurve {
  const rank: number[] = [];
  const count: number[] = [];
  const degree: number[] = [];
  const child: number[] = [];
  let children = 0;
  degrees.forEach((each, index) => {
    if (degree.length === 0 || degree.at(-1) !== each) {
      rank.push(index);
      count.push(0);
      degree.push(each);
      child.push(children);
    }
    count.push((count.pop() ?? 0) + 1);
    children += each;
  });
  return { parents: degrees.length, children, rank, count, degree, child };
}

export function referenceOf(parts: Pick<PlanReference, 'ranks' | 'curve' | 'parentKey'> & Partial<PlanReference>): PlanReference {
  return {
    name: 'parent',
    columns: ['parent'],
    table: 0,
    to: ['id'],
    isVirtual: false,
    nulls: parts.ranks.nulls,
    eligible: null,
    membership: null,
    within: null,
    through: null,
    tree: null,
    nullAs: null,
    ...parts,
  };
}

/** 0 to size - 1. */
export function upTo(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}
