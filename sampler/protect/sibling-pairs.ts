// How unequal the parents are whose degree is not shown: the pairs of children of one parent, over all of them. Squares are large where
// one parent is, so besides the threshold no unit may stand out (the p% rule of official statistics: L. H. Cox, Management Science 27,
// 1981; A. Hundepool and others, Statistical Disclosure Control, 2012, section 4.2).
import { stepOfPairs } from '../../spec/sibling-pairs.ts';
import { countBits, joinBitmaps } from './fold.ts';

/** Parents with the same number of children, at least two, and who stands behind them. */
export interface SiblingGroup {
  readonly degree: number;
  readonly parents: number;
  /** The bucket of the parents' owner; null where each parent stands for itself. */
  readonly bucket: number | null;
  /** Where the children have owners of their own: their buckets. */
  readonly childUnits?: Uint32Array;
  /** And over the parents the sum of the shares of the pairs in which the bucket with the most children takes part. */
  readonly heaviest?: number;
}

/**
 * What the second largest may know of the largest: beside these two there are so many squares that the largest degree stays open by a
 * fifth (1.2^2 - 1).
 */
const REST_SHARE = 0.44;

/**
 * The lower end of the step of the pairs; null where fewer than k owners of parents or childK of children are behind them, or one of
 * either holds too large a part. Pure.
 */
export function releaseSiblingPairs(
  groups: readonly SiblingGroup[],
  { childK, k }: { readonly k: number; readonly childK: number },
): number | null {
  const pairs = groups.reduce((sum, group) => sum + pairsOf(group), 0);
  if (pairs === 0 || (k > 1 && !isSpread(pairs, unitsOf(groups), k))) return null;
  if (childK > 1 && !isOfManyOwners(pairs, groups, childK)) return null;
  return stepOfPairs(pairs);
}

function pairsOf({ degree, parents }: SiblingGroup): number {
  return parents * pairsOfOne(degree);
}

function pairsOfOne(degree: number): number {
  return (degree * (degree - 1)) / 2;
}

/** The units behind the parents: how many, and the pairs of the two largest. */
export interface Units {
  readonly count: number;
  readonly largest: number;
  readonly second: number;
}

/** Whether there are k units, and without the two largest so much is left that the largest stays open. */
export function isSpread(pairs: number, { count, largest, second }: Units, k: number): boolean {
  return count >= k && pairs - largest - second >= REST_SHARE * largest;
}

/** A bucket has at least what each owner in it has, so the rule holds for the owners where it holds for buckets. */
function unitsOf(groups: readonly SiblingGroup[]): Units {
  const buckets = new Map<number, number>();
  let count = 0;
  const sizes: number[] = [];
  for (const group of groups) {
    if (group.bucket === null) {
      count += group.parents;
      sizes.push(...new Array<number>(Math.min(2, group.parents)).fill(pairsOfOne(group.degree)));
    } else buckets.set(group.bucket, (buckets.get(group.bucket) ?? 0) + pairsOf(group));
  }
  const [largest = 0, second = 0] = [...sizes, ...buckets.values()].sort((left, right) => right - left);
  return { count: count + buckets.size, largest, second };
}

/** Nobody has more pairs than the bucket with the most children of each parent has, over all parents. */
function isOfManyOwners(pairs: number, groups: readonly SiblingGroup[], childK: number): boolean {
  const owners = groups.reduce<Uint32Array | null>((joined, { childUnits }) => joinBitmaps(joined, childUnits ?? null), null);
  const most = groups.reduce((sum, { degree, heaviest = 1 }) => sum + heaviest * pairsOfOne(degree), 0);
  return isSpread(pairs, { count: countBits(owners), largest: most, second: most }, childK);
}
