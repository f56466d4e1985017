// Foreign keys: how many children each parent has. The released degrees become bins; the children that these do not account
// for belong to the few parents above them.
import type { BinnedCount } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';
import type { Distribution } from '../distribution.ts';
import type { Marginal, PackForeignKey, PackTable } from '../pack.ts';
import type { ReferenceSpec } from '../spec.ts';
import { calibrateLevels, type Levels } from './calibrate-levels.ts';
import { binsOf, describeBins, empirical, fitDegrees, floorOf } from './fit-or-bins.ts';
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
  const nullFraction = nullFractionOfKey(source, bins);
  const children = Math.max(0, source.rows * (1 - nullFraction));
  const fanOut = bins.length > 0 && degrees !== null ? measuredFanOut(bins, degrees, children) : assumedFanOut(source, children);
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
    ...because(fanOut.because, tree?.because ?? null),
  };
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
    if (presence !== null && presence.total > 0 && presence.cells.length === 0)
      return sumOfDegrees(bins) * 2 > presence.total ? 0 : 1;
    return nullFractionOf(place);
  });
  return roundFraction(Math.max(0, ...fractions));
}

/** Children of the parents in the bins, each bin at its middle. */
function sumOfDegrees(bins: readonly BinnedCount[]): number {
  return bins.reduce((sum, { from, to, count }) => sum + (count * (from + to - 1)) / 2, 0);
}

interface FanOut {
  readonly distribution: Distribution;
  readonly because: string;
}

function measuredFanOut(bins: readonly BinnedCount[], degrees: Marginal, children: number): FanOut {
  const smooth = smoothBins(bins);
  const above = Math.max(0, Math.round(children - sumOfDegrees(smooth)));
  const tailChildren = degrees.other > 0 ? above : 0;
  const family = tailChildren <= MAX_TAIL_SHARE * children ? fitDegrees(bins) : null;
  if (family !== null) return family;
  const body = empirical(smooth);
  if (body.family !== 'empirical' || degrees.other === 0) return { distribution: body, because: describeDegrees(bins) };
  const share = children === 0 ? 0 : tailChildren / children;
  return {
    distribution: { ...body, tail: { parents: degrees.other, children: tailChildren } },
    because: `${describeDegrees(bins)}; ${degrees.other} parents in no released bin hold ${formatShare(share)} of the children`,
  };
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
