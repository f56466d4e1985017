// The rows of the join of two kinds of children, over the parents whose degrees no cell of the pair shows: the product of both degrees.
// A few large parents decide it, so it leaves under the rules of the pairs of siblings: enough units, and none that stands out.
import { stepOfPairs } from '../../spec/sibling-pairs.ts';
import { countBits, joinBitmaps } from './fold.ts';
import { isSpread, type Units } from './sibling-pairs.ts';

/** Parents with children of both kinds. */
export interface JoinedGroup {
  readonly parents: number;
  /** Of the join of their children. */
  readonly rows: number;
  /** Rows by what stands behind them: the buckets of the parents' owners, or the two parents with the most. */
  readonly units: readonly number[];
  /** Whether `units` are all of them; else each parent is one. */
  readonly areBuckets: boolean;
  /** For each kind whose children have owners of their own: their buckets. */
  readonly childUnits: readonly Uint32Array[];
  /** Of the rows, those in which the bucket with the most children of a parent takes part, summed over the parents. */
  readonly heaviest: number;
}

/**
 * The lower end of the step of the rows; null where fewer than k owners of parents or childK of children are behind them, or one of
 * either holds too large a part. Pure.
 */
export function releaseJoinedRows(
  groups: readonly JoinedGroup[],
  { childK, k }: { readonly k: number; readonly childK: number },
): number | null {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows === 0 || (k > 1 && !isSpread(rows, unitsOf(groups), k))) return null;
  if (childK > 1 && !isOfManyOwners(rows, groups, childK)) return null;
  return stepOfPairs(rows);
}

function unitsOf(groups: readonly JoinedGroup[]): Units {
  const buckets = new Map<number, number>();
  const alone = groups.filter(({ areBuckets }) => !areBuckets);
  for (const { areBuckets, units } of groups) {
    if (!areBuckets) continue;
    for (const [bucket, rows] of units.entries()) if (rows > 0) buckets.set(bucket, (buckets.get(bucket) ?? 0) + rows);
  }
  const sizes = [...alone.flatMap(({ units }) => units), ...buckets.values()].sort((left, right) => right - left);
  const count = buckets.size + alone.reduce((sum, { parents }) => sum + parents, 0);
  return { count, largest: sizes[0] ?? 0, second: sizes[1] ?? 0 };
}

/** Each kind has enough owners, and nobody more rows than the buckets with the most children of each parent together have. */
function isOfManyOwners(rows: number, groups: readonly JoinedGroup[], childK: number): boolean {
  const most = groups.reduce((sum, { heaviest }) => sum + heaviest, 0);
  const kinds = Math.max(0, ...groups.map(({ childUnits }) => childUnits.length));
  return Array.from({ length: kinds }, (_, kind) => kind).every((kind) => {
    const owners = groups.reduce<Uint32Array | null>(
      (joined, { childUnits }) => joinBitmaps(joined, childUnits[kind] ?? null),
      null,
    );
    return isSpread(rows, { count: countBits(owners), largest: most, second: most }, childK);
  });
}
