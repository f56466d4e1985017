// Metric 8: the comparison of the two packs, marginal by marginal, without the degrees, which have a metric of their own.
import type { Comparison } from '../../spec/compare.ts';
import { arithmeticMean } from '../../stats/quotients.ts';
import { worst } from './degrees.ts';
import { type Figure, unmeasured } from './metric.ts';

/** Two figures; their sampling floors are the packs', not production's second reading. */
export function columnFigures(comparison: Comparison | null): Figure[] {
  if (comparison === null) return [unmeasured(8, 'column shape', 0.02, 'not measured: it needs --pack')];
  const places = comparison.marginals
    .filter(({ axis }) => !axis.startsWith('degree('))
    .map(({ table, axis, totalVariation }) => ({ place: `${table} ${axis}`, value: totalVariation }));
  const most = worst(8, 'column shape, largest TV', places, 0.05);
  return [
    {
      ...most,
      name: 'column shape, mean TV',
      value: arithmeticMean(places.map(({ value }) => value)),
      target: 0.02,
      remark: 'total variation over the released cells',
    },
    most,
  ];
}
