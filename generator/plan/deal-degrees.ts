// Which value is how heavy: the source tells how many values have how many rows, and how many rows and values a bin has, but not both
// together. The likeliest table of both (maximum entropy, fitted by proportional scaling) says where the heavy ones go.
import { apportion } from '../../stats/apportion.ts';
import type { Degrees } from './scale-degrees.ts';

/** A bin, or bins that were one in the source. */
export interface ValueGroup {
  readonly rows: number;
  readonly values: number;
}

/** `values` values, each in from <= n < to rows. */
export interface DegreeClass {
  readonly from: number;
  readonly to: number;
  readonly values: number;
}

/** Groups whose mean rows a value are within an eighth of an octave are alike. */
const STEPS_PER_OCTAVE = 8;
const ROUNDS = 15;
const HALVINGS = 32;
/** Largest exponent of the tilt: e^40 is more than any count. */
const MOST_TILT = 40;
/** The true numbers of rows of a class are not all in its middle. */
const SLACK = 1.05;

/** For each group its values by rows, heaviest first; their sums are near the group's rows and exactly its values. */
export function dealDegrees(groups: readonly ValueGroup[], given: readonly DegreeClass[]): Degrees[][] {
  const classes = given
    .map(({ from, to, values }) => ({ from, to, degree: middleOf(from, to), values }))
    .sort((left, right) => right.degree - left.degree);
  const open = groups.map((group, at): OpenGroup => ({ ...group, at }));
  const dealt = groups.map((): Degrees[] => []);
  const shared = open.filter(({ values }) => values > 1);
  for (const { rows, values, at } of open) {
    if (values > 1) continue;
    const own = classes.find((each) => each.from <= rows && rows < each.to && each.values >= 1);
    if (own !== undefined) own.values -= 1;
    dealt[at]?.push({ degree: rows, values });
  }
  const shareOf = fitShares(shared, classes);
  for (const [index, { degree, values }] of classes.entries()) {
    if (degree <= 1 || values <= 0) continue;
    for (const [group, count] of dealClass(shared, degree, values, (place) => shareOf(place, index))) {
      dealt[group.at]?.push({ degree, values: count });
      group.rows = Math.max(group.values - count, group.rows - count * degree);
      group.values -= count;
    }
  }
  for (const { rows, values, at } of shared) if (values > 0) dealt[at]?.push({ degree: Math.max(1, rows / values), values });
  return dealt;
}

interface OpenGroup {
  rows: number;
  values: number;
  readonly at: number;
}

/** The groups that get values of one class, and how many. `weightOf`: by place in the list. */
function dealClass(
  groups: readonly OpenGroup[],
  degree: number,
  values: number,
  weightOf: (place: number) => number,
): (readonly [OpenGroup, number])[] {
  // A value takes its own row, and degree - 1 of the rows to spare.
  const rooms = groups.map(({ rows, values: left }) =>
    left < 1 ? 0 : Math.floor(Math.min(left, ((rows - left) * SLACK) / (degree - 1))),
  );
  const able = rooms.flatMap((room, place) => (room > 0 ? [{ room, place }] : []));
  const room = able.map((each) => each.room);
  const counts = withinRoom(
    able.map(({ place }) => weightOf(place)),
    room,
    Math.min(
      Math.round(values),
      room.reduce((sum, each) => sum + each, 0),
    ),
  );
  return able.flatMap(({ place }, index): (readonly [OpenGroup, number])[] => {
    const group = groups[place];
    const count = counts[index] ?? 0;
    return group === undefined || count === 0 ? [] : [[group, count]];
  });
}

/** The mean of whole numbers from <= n < to. */
export function middleOf(from: number, to: number): number {
  return (from + Math.max(from, to - 1)) / 2;
}

/**
 * Expected values of a class in a group: base[class] * exp(-tilt * degree), the tilt such that the group's mean holds, the bases such
 * that the classes' sums do.
 */
function fitShares(groups: readonly ValueGroup[], classes: readonly (DegreeClass & { readonly degree: number })[]) {
  const own = groups.map(({ rows, values }) => ({ rows, values }));
  const kindOf = own.map(({ rows, values }) => Math.round(STEPS_PER_OCTAVE * Math.log2(Math.max(1, rows / values))));
  const kinds = [...new Set(kindOf)].map((kind) => {
    const alike = own.filter((_, at) => kindOf[at] === kind);
    const values = alike.reduce((sum, group) => sum + group.values, 0);
    return { kind, values, mean: alike.reduce((sum, group) => sum + group.rows, 0) / values };
  });
  const degrees = classes.map(({ degree }) => degree);
  const wanted = classes.map(({ values }) => Math.max(0, values));
  let bases = [...wanted];
  let shares: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    shares = kinds.map(({ mean }) => tilted(bases, degrees, mean));
    const sums = degrees.map((_, at) => kinds.reduce((sum, { values }, kind) => sum + values * (shares[kind]?.[at] ?? 0), 0));
    bases = bases.map((base, at) => ((sums[at] ?? 0) > 0 ? (base * (wanted[at] ?? 0)) / (sums[at] ?? 1) : base));
  }
  const placeOf = new Map(kinds.map(({ kind }, at) => [kind, at]));
  return (group: number, index: number) =>
    (own[group]?.values ?? 0) * (shares[placeOf.get(kindOf[group] ?? Number.NaN) ?? -1]?.[index] ?? 0);
}

/** Shares of the classes that have this mean, as far as tilting reaches it. */
function tilted(bases: readonly number[], degrees: readonly number[], mean: number): number[] {
  const logs = bases.map((base) => Math.log(base));
  let [low, high] = [-MOST_TILT, MOST_TILT];
  let shares: number[] = [];
  for (let step = 0; step < HALVINGS; step += 1) {
    const tilt = (low + high) / 2;
    shares = sharesAt(logs, degrees, tilt);
    const own = shares.reduce((sum, share, at) => sum + share * (degrees[at] ?? 0), 0);
    if (own > mean) low = tilt;
    else high = tilt;
  }
  return shares;
}

function sharesAt(logs: readonly number[], degrees: readonly number[], tilt: number): number[] {
  const exponents = logs.map((log, at) => log - tilt * (degrees[at] ?? 0));
  const largest = exponents.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(largest)) return logs.map(() => 0);
  const weights = exponents.map((each) => Math.exp(each - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Whole shares of `total` by weight, none above its room; the room must be enough. */
export function withinRoom(weights: readonly number[], room: readonly number[], total: number): number[] {
  const shares = apportion(weights, total).map((share, at) => Math.min(share, room[at] ?? 0));
  let left = total - shares.reduce((sum, share) => sum + share, 0);
  for (let at = 0; at < shares.length && left > 0; at += 1) {
    const more = Math.min(left, (room[at] ?? 0) - (shares[at] ?? 0));
    shares[at] = (shares[at] ?? 0) + more;
    left -= more;
  }
  return shares;
}
