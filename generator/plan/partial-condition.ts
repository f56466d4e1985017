// Which rows of a plan a partial unique index holds: the values of one column that meet the condition, as bins of the column or its NULLs.
// Of a condition in several parts, those over one column are enough: the rows that meet all of it are among theirs.
import { type Condition, parseCondition } from '../../postgres/catalog/condition.ts';
import type { PlanColumn } from '../../spec/plan.ts';

/** Values of a column that meet the condition. Of labels, the bin after the last one holds the other texts. */
export type Inside =
  | { readonly kind: 'nulls' | 'values' }
  | { readonly kind: 'bins'; readonly isInside: (bin: number) => boolean };

/** The parts of a predicate that must all hold, by the column that each is over. */
export function conditionsByColumn(predicate: string, types: ReadonlyMap<string, string>): Map<string, Condition[]> {
  const found = new Map<string, Condition[]>();
  for (const part of conjuncts(parseCondition(predicate, types)))
    if ('column' in part) found.set(part.column, [...(found.get(part.column) ?? []), part]);
  return found;
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.parts.flatMap(conjuncts) : [condition];
}

/** The values that meet these conditions over the column, or more; null where the plan does not tell. */
export function insideOf(column: PlanColumn, conditions: readonly Condition[]): Inside | null {
  const found = conditions.flatMap((condition) => insideOfOne(column, condition) ?? []);
  const bins = found.flatMap((each) => (each.kind === 'bins' ? [each] : []));
  if (bins.length === 0) return found[0] ?? null;
  return { kind: 'bins', isInside: (bin) => bins.every(({ isInside }) => isInside(bin)) };
}

function insideOfOne(column: PlanColumn, condition: Condition): Inside | null {
  const { builder, baseType, nullAs, ranks } = column;
  // How many of these are NULL is not for the column to say.
  if (builder.kind === 'reference' || builder.kind === 'domain') return null;
  const isMarked = nullAs !== null && (ranks?.nulls ?? 0) > 0;
  if (condition.kind === 'null') return nullAs === null ? { kind: condition.isNegated ? 'values' : 'nulls' } : null;
  const wanted = wantedOf(condition);
  if (wanted === null) return null;
  const values = new Set(wanted.values.map((value) => comparable(value, baseType)));
  const isWanted = (value: string) => values.has(comparable(value, baseType)) !== wanted.isNegated;
  // What stands for NULL is a value to the index, and its rows are in no bin.
  if (isMarked && isWanted(nullAs)) return null;
  return binsOf(column, isWanted, wanted.isNegated);
}

function binsOf({ builder, baseType }: PlanColumn, isWanted: (value: string) => boolean, isNegated: boolean): Inside | null {
  if (builder.kind === 'constant') return { kind: 'bins', isInside: () => builder.text !== null && isWanted(builder.text) };
  if (builder.kind === 'labels') {
    // Another text may happen to be one of the values: it is then outside of a negated list, which takes no harm.
    if (builder.other !== null && !isNegated) return null;
    const { labels } = builder;
    return { kind: 'bins', isInside: (bin) => (bin < labels.length ? isWanted(labels[bin] ?? '') : isNegated) };
  }
  if (builder.kind !== 'number' || baseType !== 'bool' || builder.isUnique) return null;
  const { from, width } = builder.histogram;
  if (width.some((each) => each !== 1)) return null;
  return { kind: 'bins', isInside: (bin) => isWanted(from[bin] === 1 ? 'true' : 'false') };
}

/** The values that a condition lists, which NULL never meets. */
function wantedOf(condition: Condition): { readonly values: readonly string[]; readonly isNegated: boolean } | null {
  if (condition.kind === 'in') return condition;
  if (condition.kind !== 'compare' || (condition.operator !== '=' && condition.operator !== '<>')) return null;
  return { values: [condition.value], isNegated: condition.operator === '<>' };
}

/** Texts that are equal to the server are equal here. */
function comparable(value: string, baseType: string): string {
  if (baseType === 'bool') return ['t', 'true', '1'].includes(value) ? 'true' : 'false';
  if (baseType === 'citext') return value.toLowerCase();
  return baseType === 'bpchar' ? value.replace(/ +$/, '') : value;
}

/** Whether all rows that meet the conditions have one value. */
export function isOneValue({ baseType }: PlanColumn, conditions: readonly Condition[]): boolean {
  return conditions.some(
    (condition) =>
      condition.kind === 'compare' && (condition.operator === '=' || (condition.operator === '<>' && baseType === 'bool')),
  );
}

/** Running sums of a column's bins; of labels, the last one is for other texts. A constant has one bin. */
export function sumsOf(builder: PlanColumn['builder'], rows: number): readonly number[] {
  if (builder.kind === 'constant') return [0, rows];
  return builder.kind === 'labels' ? builder.cumulative : builder.kind === 'number' ? builder.histogram.cumulative : [];
}

/** Rows whose value is inside. */
export function rowsInside({ builder, ranks }: PlanColumn, inside: Inside, rows: number): number {
  const nulls = builder.kind === 'constant' && builder.text === null ? rows : (ranks?.nulls ?? 0);
  if (inside.kind !== 'bins') return inside.kind === 'nulls' ? nulls : rows - nulls;
  const sums = sumsOf(builder, rows);
  return sums.slice(1).reduce((sum, upTo, bin) => sum + (inside.isInside(bin) ? upTo - (sums[bin] ?? 0) : 0), 0);
}
