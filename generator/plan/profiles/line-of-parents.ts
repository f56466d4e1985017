// Which parents' profile owns each place of the children: the line on which the children of the parents' profiles stand one after
// another, each as long as the degrees of its parents add up to.

import type { PlanCurve } from '../../../spec/plan.ts';
import { CurveLookup, lastAtMost } from '../../keys/curve-lookup.ts';
import { middleRank } from './place-classes.ts';

export interface LineRequest {
  readonly curve: PlanCurve;
  /** Rows of the parents' table and their profiles. */
  readonly parentRows: number;
  readonly parentSize: number;
  /** The place of each parents' profile in the order of the curve's ranks. */
  readonly degreePlaces: Int32Array;
  /** The place of each parents' profile on the line. */
  readonly line: Int32Array;
  /** Rows of the children's table, those without a parent, and their profiles. */
  readonly rows: number;
  readonly nulls: number;
  readonly size: number;
}

/** The parents' profile at each place of the children; -1 for those without a parent. */
export function parentsOfPlaces(request: LineRequest): Int32Array {
  const { line, nulls, parentSize, rows, size } = request;
  const lengths = childrenOfProfiles(request);
  const profileAt = new Int32Array(parentSize);
  for (let profile = 0; profile < parentSize; profile += 1) profileAt[line[profile] as number] = profile;
  const starts = new Float64Array(parentSize);
  let sum = 0;
  for (let place = 0; place < parentSize; place += 1) {
    starts[place] = sum;
    sum += lengths[profileAt[place] as number] as number;
  }
  const parents = new Int32Array(size).fill(-1);
  for (let place = 0; place < size; place += 1) {
    const child = middleRank(place, size, rows) - nulls;
    if (child >= 0 && child < sum) parents[place] = profileAt[lastAtMost(starts, child)] as number;
  }
  return parents;
}

/** Children of the parents of each profile. */
function childrenOfProfiles({ curve, degreePlaces, parentRows, parentSize }: LineRequest): Float64Array {
  const lookup = new CurveLookup(curve);
  const rowsOf = (profile: number) =>
    Math.floor(((profile + 1) * parentRows) / parentSize) - Math.floor((profile * parentRows) / parentSize);
  const profileAt = new Int32Array(parentSize);
  for (let profile = 0; profile < parentSize; profile += 1) profileAt[degreePlaces[profile] as number] = profile;
  const lengths = new Float64Array(parentSize);
  const childAt = (rank: number) => (rank >= curve.parents ? curve.children : lookup.firstChildOfRank(rank));
  let rank = 0;
  for (let place = 0; place < parentSize; place += 1) {
    const profile = profileAt[place] as number;
    const next = rank + rowsOf(profile);
    lengths[profile] = childAt(next) - childAt(rank);
    rank = next;
  }
  return lengths;
}
