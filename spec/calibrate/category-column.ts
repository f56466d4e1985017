// Category columns: labels in clear or as tokens with their weights; what was folded becomes rare texts, or, where the labels
// are all declared, is shared by the labels that were not released.

import { distributionFunction } from '../../stats/distribution-function.ts';
import { fitZipfToRanks } from '../../stats/fit/fit-zipf.ts';
import { measureGoodness } from '../../stats/fit/goodness.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';
import type { Axis } from '../axis.ts';
import type { Marginal } from '../pack.ts';
import type { ColumnSpec } from '../spec.ts';
import { assignLengths } from './label-lengths.ts';
import { nullFractionOf } from './null-fraction.ts';
import { axisOf, type ColumnSource, findMarginal } from './pack-index.ts';
import { because, formatShare, roundDigits, roundFraction, roundWeight } from './reason.ts';
import { fitLengths, lengthBins } from './text-column.ts';
import { repeatsBeside } from './tied-columns.ts';

/** Different texts of a length are told apart by these characters. */
const LETTERS = 36;
const MOST_LETTERS = 10;

type Category = Extract<Axis, { kind: 'category' }>['labels'][number];
type CategorySpec = Extract<ColumnSpec, { kind: 'category' }>;

/** The column as a category, or null when no label has a released count and none is declared. */
export function calibrateCategory(source: ColumnSource): CategorySpec | null {
  const marginal = findMarginal(source, 'category');
  const labels = marginal === null ? [] : (axisOf(marginal, 'category')?.labels ?? []);
  if (marginal === null || labels.length === 0) return calibrateDeclared(source);
  const weights = weightsOf(marginal, labels.length);
  if (isClosed(source, labels, weights)) return closedCategory(source, labels, spreadOther(weights, marginal.other), marginal);
  return weights.some((weight) => weight > 0) ? openCategory(source, labels, weights, marginal) : null;
}

/** The fraction of `true`; a half where nothing was released. */
export function calibrateBoolean(source: ColumnSource): ColumnSpec {
  const category = calibrateCategory(source);
  const weightOf = (label: string) =>
    (category?.values ?? []).reduce((sum, value) => sum + ('label' in value && value.label === label ? value.weight : 0), 0);
  const [no, yes] = [weightOf('false'), weightOf('true')];
  const isKnown = no + yes > 0;
  return {
    kind: 'boolean',
    trueFraction: isKnown ? roundFraction(yes / (no + yes)) : 0.5,
    nullFraction: nullFractionOf(source),
    ...because(isKnown ? 'measured' : 'no count was released: assumed'),
  };
}

function weightsOf(marginal: Marginal, size: number): number[] {
  const weights = new Array<number>(size).fill(0);
  for (const [, bin = -1, count = 0] of marginal.cells) if (bin >= 0 && bin < size) weights[bin] = count;
  return weights;
}

/** Whether the labels are all there are: an enum's, a boolean's, a CHECK's. Only a list that was declared names labels without a count. */
function isClosed({ column }: ColumnSource, labels: readonly Category[], weights: readonly number[]): boolean {
  const isDeclared = column.baseType === 'enum' || column.kind === 'enum' || column.baseType === 'bool';
  return (isDeclared || weights.some((weight) => weight === 0)) && labels.every((label) => 'label' in label);
}

/** Rows in no released cell belong to the labels without one; when all have one, to all of them. */
function spreadOther(weights: readonly number[], other: number): number[] {
  if (other === 0) return [...weights];
  const hidden = weights.filter((weight) => weight === 0).length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (hidden === 0) return weights.map((weight) => weight * (1 + other / total));
  return weights.map((weight) => (weight === 0 ? other / hidden : weight));
}

function closedCategory(
  source: ColumnSource,
  labels: readonly Category[],
  weights: readonly number[],
  marginal: Marginal,
): CategorySpec {
  const isEmpty = weights.every((weight) => weight === 0);
  return {
    kind: 'category',
    values: labels.map((label, index) => ({ ...label, weight: isEmpty ? 1 : roundWeight(weights[index] ?? 0) })),
    nullFraction: nullFractionOf(source),
    ...because(
      isEmpty ? 'no count was released: assumed equal' : describeWeights(weights),
      marginal.other > 0
        ? `${formatShare(marginal.other / marginal.total)} of the rows have labels that were not released`
        : null,
    ),
  };
}

function openCategory(
  source: ColumnSource,
  labels: readonly Category[],
  weights: readonly number[],
  marginal: Marginal,
): CategorySpec {
  const seen = labels.flatMap((label, index) => ((weights[index] ?? 0) > 0 ? [{ label, weight: weights[index] ?? 0 }] : []));
  const assigned = assignTokens(seen, source);
  const other = marginal.other === 0 ? {} : { other: otherTexts(source, marginal.other, seen, assigned.rest) };
  return {
    kind: 'category',
    values: assigned.values,
    ...other,
    nullFraction: nullFractionOf(source),
    ...because(
      describeWeights(seen.map(({ weight }) => weight)),
      marginal.other > 0 ? `${formatShare(marginal.other / marginal.total)} of the rows have rarer values` : null,
    ),
  };
}

/** The rarer values: as many as there are beside the labels, where that is known, of lengths that have room for them. */
function otherTexts(
  source: ColumnSource,
  weight: number,
  seen: readonly { readonly weight: number }[],
  rest: readonly BinnedCount[],
): NonNullable<CategorySpec['other']> {
  const beside = repeatsBeside(
    source,
    seen.map((label) => label.weight),
    weight,
  );
  const values = (beside.repeats?.rows ?? []).reduce((sum, [, , count]) => sum + count, 0);
  const room = rest.reduce((sum, { to }) => sum + LETTERS ** Math.min(MOST_LETTERS, to - 1), 0);
  const lengths = room >= values ? rest : lengthBins(source);
  return { weight, length: fitLengths(lengths, source).distribution, ...beside };
}

/** Labels in clear use up their own length, tokens get one. */
function assignTokens(seen: readonly { readonly label: Category; readonly weight: number }[], source: ColumnSource) {
  const bins = lengthBins(source).map((bin) => ({ ...bin }));
  for (const { label, weight } of seen) {
    if (!('label' in label)) continue;
    const index = bins.findIndex((candidate) => candidate.from <= label.label.length && label.label.length < candidate.to);
    const bin = bins[index];
    if (bin !== undefined) bins[index] = { ...bin, count: Math.max(0, bin.count - weight) };
  }
  const tokens = seen.filter(({ label }) => 'token' in label);
  const assigned = assignLengths(
    tokens.map(({ weight }) => weight),
    bins,
  );
  const lengthOf = new Map(tokens.map((token, index) => [token, assigned?.lengths[index]]));
  const values = seen.map((value): CategorySpec['values'][number] => {
    if ('label' in value.label) return { label: value.label.label, weight: value.weight };
    const length = lengthOf.get(value);
    return { token: value.label.token, weight: value.weight, ...(length === undefined ? {} : { length }) };
  });
  const rest = assigned?.rest ?? [];
  return { values, rest: rest.length > 0 ? rest : lengthBins(source) };
}

/** An enum of which nothing was measured: its labels, equally often. */
function calibrateDeclared(source: ColumnSource): CategorySpec | null {
  const declared = source.index.pack.structure.enums.find(
    (entry) => entry.name === (source.column.enumType ?? source.column.type),
  );
  if (source.column.baseType !== 'enum' || declared === undefined || declared.labels.length === 0) return null;
  return {
    kind: 'category',
    values: declared.labels.map((label) => ({ label, weight: 1 })),
    nullFraction: nullFractionOf(source),
    ...because('no count was released: assumed equal'),
  };
}

/** The number of labels, and Zipf's law beside them when there are enough to see it. */
function describeWeights(weights: readonly number[]): string {
  const measured = `${weights.length} measured ${weights.length === 1 ? 'label' : 'labels'}`;
  const zipf = weights.length < 5 ? null : fitZipfToRanks(weights);
  if (zipf === null) return measured;
  const ranked = [...weights].sort((left, right) => right - left).map((count, rank) => ({ from: rank + 1, to: rank + 2, count }));
  const { totalVariation } = measureGoodness(ranked, distributionFunction(zipf));
  return `${measured}; as Zipf the exponent is ${roundDigits(zipf.exponent, 3)}, TV ${formatShare(totalVariation)}`;
}
