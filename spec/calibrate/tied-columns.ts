// Columns whose values repeat: the bins as they were measured, and how many different values each holds. Null where nothing was
// counted, or where spreading the rows evenly makes the same values.
import { smoothBins } from '../../stats/smooth-bins.ts';
import type { Distribution } from '../distribution.ts';
import type { Marginal } from '../pack.ts';
import type { Repeats } from '../repeats.ts';
import { binsOf, empirical, type ValueLimits } from './fit-or-bins.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because } from './reason.ts';
import { addTail, hasTies, repeatRowsOf, tiedBins, valuesOf, withAllValues } from './repeats.ts';

/** Long texts of the pool hardly ever meet, so those that hardly repeat need no list. */
const LONG_TEXT = 40;
const NEARLY_ALL = 0.99;

interface TiedNumbers {
  readonly distribution: Distribution;
  readonly repeats: Repeats;
  readonly because?: string;
}

/** Whole numbers of which `scale` make one of the column's unit. */
export function tieNumbers(source: ColumnSource, marginal: Marginal, limits: ValueLimits, scale: number): TiedNumbers | null {
  const found = repeatRowsOf(source);
  if (found === null) return null;
  const cells = tiedBins(marginal, limits);
  const seen = marginal.distinct?.reduce((sum, each) => sum + each, 0) ?? marginal.cells.length;
  const bins = addTail(cells, { count: marginal.other, distinct: found.values - seen }, limits);
  if (bins === cells && !hasTies(bins, ({ from, to }) => to - from)) return null;
  return {
    distribution: empirical(smoothBins(bins), scale),
    repeats: {
      rows: found.rows,
      values: valuesOf(
        bins,
        (edge) => edge / scale,
        ({ from, to }) => to - from <= 1,
      ),
    },
    ...because(`empirical, ${bins.length} bins; ${found.values} different values`),
  };
}

/** Lengths of texts. */
export function tieTexts(source: ColumnSource): { length: Distribution; repeats: Repeats; because?: string } | null {
  const marginal = findMarginal(source, 'length');
  const found = repeatRowsOf(source);
  if (marginal === null || found === null || marginal.cells.length === 0) return null;
  const limits = { min: 0, max: source.column.maxLength ?? Number.MAX_SAFE_INTEGER };
  const bins = withAllValues(tiedBins(marginal, limits), found.values);
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const mean = bins.reduce((sum, { from, to, count }) => sum + (count * (from + to - 1)) / 2, 0) / Math.max(1, rows);
  if (bins.length === 0 || (mean >= LONG_TEXT && found.values >= NEARLY_ALL * rows)) return null;
  return {
    length: empirical(smoothBins(bins)),
    repeats: {
      rows: found.rows,
      values: valuesOf(
        bins,
        (edge) => edge,
        () => false,
      ),
    },
    ...because(`empirical, ${bins.length} ${bins.length === 1 ? 'bin' : 'bins'}; ${found.values} different texts`),
  };
}

/** What is left of the repeats when labels with these weights are taken out; one value has all `rest` rows where nothing is left. */
export function repeatsBeside(source: ColumnSource, weights: readonly number[], rest: number): { repeats?: Repeats } {
  const found = repeatRowsOf(source);
  if (found === null) return {};
  const left = found.rows.map(([from, to, values]) => ({ from, to, values }));
  for (const weight of weights) {
    const own = left.find(({ from, to, values }) => from <= weight && weight < to && values >= 1) ?? nearest(left, weight);
    if (own !== undefined) own.values -= 1;
  }
  const rows = left.filter(({ values }) => values > 0).map(({ from, to, values }): Repeats['rows'][number] => [from, to, values]);
  return { repeats: { rows: rows.length > 0 ? rows : [[rest, rest + 1, 1]], values: [] } };
}

function nearest<Class extends { readonly from: number; readonly values: number }>(
  classes: readonly Class[],
  weight: number,
): Class | undefined {
  const distance = ({ from }: Class) => Math.abs(Math.log(from / weight));
  return classes
    .filter(({ values }) => values >= 1)
    .reduce<Class | undefined>((best, each) => (best === undefined || distance(each) < distance(best) ? each : best), undefined);
}

/** Of values without an order: only how many have how many rows. */
export function repeatsAlone(source: ColumnSource): { repeats?: Repeats } {
  const marginal = findMarginal(source, 'repeat');
  const found = repeatRowsOf(source);
  const isRepeated = marginal !== null && binsOf(marginal).some(({ from }) => from > 1);
  return found === null || !isRepeated ? {} : { repeats: { rows: found.rows, values: [] } };
}
