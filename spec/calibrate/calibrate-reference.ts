// Foreign keys: how many children each parent has. The released degrees become bins; the children that these do not account
// for belong to the few parents above them.
import { COUNT_SUB_BITS, rangeOf } from '../../stats/binning.ts';
import { distributionFunction } from '../../stats/distribution-function.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';
import { binningOf } from '../axis.ts';
import type { Distribution } from '../distribution.ts';
import type { Marginal, PackForeignKey, PackTable } from '../pack.ts';
import { middleOfPairs } from '../sibling-pairs.ts';
import type { ReferenceSpec } from '../spec.ts';
import { calibrateLevels, type Levels } from './calibrate-levels.ts';
import { type DegreeShape, type ReleasedDegrees, shapeDegrees } from './degree-bins.ts';
import { sumOf } from './degree-sums.ts';
import { deviationOf, dropNoise } from './drop-noise.ts';
import { binsOf, describeBins, empirical, fitDegrees, floorOf } from './fit-or-bins.ts';
import { shareWithoutParent } from './lost-children.ts';
import { nullFractionOf } from './null-fraction.ts';
import { findDegrees, findMarginal, type PackIndex } from './pack-index.ts';
import { because, formatShare, roundFraction } from './reason.ts';
import { canLackValue, sentinelOfKey } from './sentinel.ts';

/** A family has no exact tail: it is taken only when at most this share of the children lies above its bins. */
const MAX_TAIL_SHARE = 0.01;

/** A foreign key and the parents' table; `rows` of the child table as the spec has them. */
export interface ReferenceSource {
  readonly index: PackIndex;
  readonly table: PackTable;
  readonly key: PackForeignKey;
  readonly rows: number;
  readonly isOneToOne: boolean;
}

export function calibrateReference(source: ReferenceSource): ReferenceSpec {
  const { key, index, table } = source;
  const degrees = findDegrees(index, table, key);
  const bins = degrees === null ? [] : binsOf(degrees, { min: 0, max: source.isOneToOne ? 1 : Number.MAX_SAFE_INTEGER });
  const known = nullFractionOfKey(source, bins);
  const lost = lostFraction(source, known);
  const nullFraction = roundFraction(known + lost);
  const children = Math.max(0, source.rows * (1 - nullFraction));
  const fanOut =
    degrees !== null && (bins.length > 0 || isHeavy(source, degrees, children))
      ? measuredFanOut(source, bins, degrees, children)
      : assumedFanOut(source, children);
  const tree = isTree(source) ? levelsOf(source, nullFraction) : null;
  return {
    columns: [...key.columns],
    table: key.references,
    to: [...key.referencedColumns],
    isVirtual: key.virtual,
    nullFraction: tree?.nullFraction ?? nullFraction,
    ...sentinelOfKey(table, key),
    fanOut: fanOut.distribution,
    ...(tree === null ? {} : { levels: tree.levels }),
    ...because(
      fanOut.because,
      tree?.because ?? null,
      lost > 0 ? `${formatShare(lost)} of the rows have a key that no parent has: NULL in a copy` : null,
    ),
  };
}

/** Fewer lost rows than this are left to the children. */
const LEAST_LOST = 0.01;

/** Of an undeclared reference that may be NULL: rows whose key no parent has. */
function lostFraction(source: ReferenceSource, nullFraction: number): number {
  const { index, key, table } = source;
  if (!key.virtual || !table.columns.some((column) => key.columns.includes(column.name) && column.nullable)) return 0;
  const lost = (shareWithoutParent(index, table, key) ?? shareBeyondTail(source, nullFraction)) - nullFraction;
  return lost < LEAST_LOST ? 0 : lost;
}

/** So many times the largest released degree is beyond any tail, as the mean of the parents that are not released. */
const BEYOND = 50;
/** And this many times is what such parents usually have. */
const USUAL = 2;

/** Where no cell tells of rows without a parent: what the parents that are not released could not possibly have. */
function shareBeyondTail({ index, key, rows, table }: ReferenceSource, nullFraction: number): number {
  const degrees = findDegrees(index, table, key);
  const bins = degrees === null ? [] : binsOf(degrees, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const edge = bins.at(-1)?.to ?? 0;
  const left = rows * (1 - nullFraction) - sumOf(bins);
  if (degrees === null || edge === 0 || rows === 0 || left <= degrees.other * edge * BEYOND) return nullFraction;
  return nullFraction + (left - degrees.other * edge * USUAL) / rows;
}

function isTree({ key, table }: ReferenceSource): boolean {
  return key.references === table.name;
}

function levelsOf(source: ReferenceSource, nullFraction: number): Levels {
  const { index, key, table } = source;
  const isNullable = table.columns.some((column) => key.columns.includes(column.name) && column.nullable);
  return calibrateLevels({ depths: findDepths(source), nullFraction, isNullable, k: index.pack.privacy.k });
}

/** The depths of a one-column reference of the table to itself; null where they were not measured. */
function findDepths({ index, key, table }: ReferenceSource): Marginal | null {
  const column = key.columns.length === 1 ? table.columns.find(({ name }) => name === key.columns[0]) : undefined;
  return column === undefined ? null : findMarginal({ index, table, column }, 'depth');
}

/** A key with one NULL column points nowhere (MATCH SIMPLE): the column with the most NULLs decides. */
function nullFractionOfKey(source: ReferenceSource, bins: readonly BinnedCount[]): number {
  const columns = source.table.columns.filter((column) => source.key.columns.includes(column.name) && canLackValue(column));
  const fractions = columns.map((column) => {
    const place = { index: source.index, table: source.table, column };
    const presence = findMarginal(place, 'presence');
    // Both sides folded together: the degrees tell which one is the large one.
    if (presence !== null && presence.total > 0 && presence.cells.length === 0) return sumOf(bins) * 2 > presence.total ? 0 : 1;
    return nullFractionOf(place);
  });
  return roundFraction(Math.max(0, ...fractions));
}

interface FanOut {
  readonly distribution: Distribution;
  readonly because: string;
}

function measuredFanOut(source: ReferenceSource, bins: readonly BinnedCount[], degrees: Marginal, children: number): FanOut {
  const shape = source.isOneToOne ? { bins, tail: null } : shapeDegrees(releasedDegrees(source.index, degrees, children));
  const family = (shape.tail?.children ?? 0) <= MAX_TAIL_SHARE * children ? fitDegrees(bins) : null;
  if (family !== null && isNear(family.distribution, shape)) return family;
  const body = empirical(shape.bins);
  if (body.family !== 'empirical' || shape.tail === null) return { distribution: body, because: describeDegrees(bins) };
  const { parents, children: above, from, sigma, exponent } = shape.tail;
  const share = children === 0 ? 0 : above / children;
  const form = sigma === null ? 'power law' : 'log-normal';
  return {
    distribution: {
      ...body,
      tail: { parents, children: above, from, ...(sigma === null ? {} : { sigma }), ...(exponent === null ? {} : { exponent }) },
    },
    because: `${describeDegrees(bins)}; above them ${parents} parents hold ${formatShare(share)} of the children, ${form}`,
  };
}

/** Nothing but a number of parents was released: with many children each they are taken for a tail, with few for chance. */
const MANY_CHILDREN = 2;

function isHeavy({ isOneToOne }: ReferenceSource, { other }: Marginal, children: number): boolean {
  return !isOneToOne && other > 1 && children > MANY_CHILDREN * other;
}

/** A family's children may differ so much from those that there are, before a total that must be met bends it. */
const NEAR_SHARE = 0.005;
const MOST_STEPS = 3000;

/** Whether a family has as many children as the bins stand for. */
function isNear(family: Distribution, { bins, tail }: DegreeShape): boolean {
  const parents = bins.reduce((sum, bin) => sum + bin.count, tail?.parents ?? 0);
  const wanted = sumOf(bins) + (tail?.children ?? 0);
  const below = distributionFunction(family);
  // One degree after the other up to 256, then 128 steps an octave.
  const binning = { kind: 'count', subBits: COUNT_SUB_BITS } as const;
  let mean = 0;
  for (let bin = 1; bin <= MOST_STEPS; bin += 1) {
    const { from, to } = rangeOf(binning, 0, bin);
    const above = 1 - below(from);
    if (above <= 0) break;
    mean += ((above + (to - from === 1 ? above : 1 - below(to))) / 2) * (to - from);
  }
  return Math.abs(mean * parents - wanted) <= NEAR_SHARE * wanted;
}

/** Above this many cells a marginal is folded further. */
const MAX_CELLS = 1024;

function releasedDegrees({ pack }: PackIndex, degrees: Marginal, children: number): ReleasedDegrees {
  const [axis] = degrees.axes;
  const { k } = pack.privacy;
  const binning = axis === undefined ? ({ kind: 'count', subBits: COUNT_SUB_BITS } as const) : binningOf(axis);
  const threshold = Math.max(k, Math.ceil(degrees.total / MAX_CELLS));
  const deviation = deviationOf(degrees.cost.rho);
  const { cells, other, certain } = dropNoise(degrees.cells, degrees.total, deviation);
  const siblingPairs = degrees.siblingPairs === undefined ? undefined : middleOfPairs(degrees.siblingPairs);
  return { binning, cells, other, children, threshold: Math.max(threshold, certain), deviation, k, siblingPairs };
}

function describeDegrees(bins: readonly BinnedCount[]): string {
  return describeBins(bins, undefined, floorOf(bins));
}

/** Nothing was released: children fall on parents at random, or one on each at most. */
function assumedFanOut(source: ReferenceSource, children: number): FanOut {
  const parents = Math.max(1, source.index.tables.get(source.key.references)?.rows ?? source.index.pack.privacy.k);
  const mean = children / parents;
  if (source.isOneToOne) {
    const share = Math.min(1, mean);
    const bins = [
      { from: 0, to: 1, count: roundFraction(1 - share) },
      { from: 1, to: 2, count: roundFraction(share) },
    ];
    return { distribution: empirical(bins), because: 'no degree was released: assumed' };
  }
  return {
    distribution: { family: 'geometric', p: roundFraction(Math.max(1e-6, 1 / (1 + mean))), start: 0 },
    because: 'no degree was released: assumed geometric with the mean of the row counts',
  };
}
