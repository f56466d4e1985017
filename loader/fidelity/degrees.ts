// Metrics 9 and 10: how many children parents have, and whether those with many of one kind have many of another. The database
// counts; what comes back is how many parents have each degree, and two sums per pair of references.
import { formatTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import { distanceOfCounts, quotient } from '../../stats/quotients.ts';
import { valueOrNull } from '../verify/null-as.ts';
import type { Reference } from './list-references.ts';
import type { Figure } from './metric.ts';

export interface ReferenceDegrees {
  readonly label: string;
  /** Degree to number of parents, zero included. */
  readonly parents: ReadonlyMap<number, number>;
  readonly orphans: number;
}

export interface SiblingDegrees {
  readonly label: string;
  /** Sum over parents of the product of both degrees: the rows of one child joined with the other. */
  readonly joinedRows: number;
  /** Of log(1 + degree), over parents; null where one of them does not vary. */
  readonly correlation: number | null;
}

export async function readDegrees(side: Side, references: readonly Reference[]): Promise<ReferenceDegrees[]> {
  const degrees: ReferenceDegrees[] = [];
  for (const reference of references) {
    const sql = `
      with degrees as (${degreesSql(reference)})
      select coalesce(d.degree, 0)::float8 as degree, count(*)::float8 as parents
      from ${quoteQualified(reference.parent)} p left join degrees d on ${onParent(reference, 'd')}
      group by 1`;
    const rows = await readRows<{ degree: number; parents: number }>(side, `counting the children of ${reference.label}`, sql);
    const [found] = await readRows<{ orphans: number }>(side, `looking for orphans of ${reference.label}`, orphansSql(reference));
    const parents = new Map(rows.map((row) => [row.degree, row.parents]));
    degrees.push({ label: labelOf(reference), parents, orphans: found?.orphans ?? 0 });
  }
  return degrees;
}

/** Pairs of references to the same key, each pair once. */
export function listSiblings(references: readonly Reference[]): (readonly [Reference, Reference])[] {
  const keyOf = ({ parent, pairs }: Reference) =>
    JSON.stringify([parent.schema, parent.name, pairs.map((pair) => pair.parentColumn).sort()]);
  return references.flatMap((one, index) =>
    references.slice(index + 1).flatMap((other) => (keyOf(one) === keyOf(other) ? [[one, other] as const] : [])),
  );
}

export async function readSiblings(
  side: Side,
  siblings: readonly (readonly [Reference, Reference])[],
): Promise<SiblingDegrees[]> {
  const found: SiblingDegrees[] = [];
  for (const [one, other] of siblings) {
    const sql = `
      with one as (${degreesSql(one)}), other as (${degreesSql(other)})
      select
        coalesce(sum(coalesce(a.degree, 0)::float8 * coalesce(b.degree, 0)::float8), 0) as "joinedRows",
        corr(ln(1 + coalesce(a.degree, 0)::float8), ln(1 + coalesce(b.degree, 0)::float8)) as correlation
      from ${quoteQualified(one.parent)} p left join one a on ${onParent(one, 'a')} left join other b on ${onParent(other, 'b')}`;
    const label = `${one.label} with ${other.label}`;
    const [row] = await readRows<Omit<SiblingDegrees, 'label'>>(side, `counting the children of ${label}`, sql);
    found.push({ label, joinedRows: row?.joinedRows ?? 0, correlation: row?.correlation ?? null });
  }
  return found;
}

/** Metric 9: the worst reference of each figure. */
export function degreeFigures(source: readonly ReferenceDegrees[], target: readonly ReferenceDegrees[]): Figure[] {
  const pairs = source.flatMap((one, index) => {
    const other = target[index];
    return other === undefined ? [] : [{ place: one.label, one, other }];
  });
  const tail = (share: number) => (parents: ReadonlyMap<number, number>) => degreeAt(parents, share);
  const quotients = (measure: (parents: ReadonlyMap<number, number>) => number) =>
    pairs.map(({ place, one, other }) => ({ place, value: quotient(measure(one.parents), measure(other.parents)) }));
  const distances = pairs.map(({ place, one, other }) => ({ place, value: distanceOfCounts(one.parents, other.parents) ?? 1 }));
  const orphans = pairs.map(({ place, one, other }) => ({ place, value: Math.max(0, other.orphans - one.orphans) }));
  return [
    worst(9, 'degrees, KS', distances, 0.01),
    worst(9, 'degrees, p99', quotients(tail(0.99)), 1.15),
    worst(9, 'degrees, p99.9', quotients(tail(0.999)), 1.15),
    worst(9, 'degrees, largest', quotients(tail(1)), 1.15),
    worst(9, 'degrees, sum of squares', quotients(sumOfSquares), 1.1),
    { ...worst(9, 'orphans beyond those of production', orphans, 0), remark: 'children; the worst reference' },
  ];
}

/** Metric 10, without the association across tables. */
export function siblingFigures(source: readonly SiblingDegrees[], target: readonly SiblingDegrees[]): Figure[] {
  const pairs = source.flatMap((one, index) => {
    const other = target[index];
    return other === undefined ? [] : [{ place: one.label, one, other }];
  });
  const joined = pairs.map(({ place, one, other }) => ({ place, value: quotient(one.joinedRows, other.joinedRows) }));
  const correlations = pairs
    .filter(({ one, other }) => one.correlation !== null && other.correlation !== null)
    .map(({ place, one, other }) => ({ place, value: Math.abs((one.correlation ?? 0) - (other.correlation ?? 0)) }));
  return [worst(10, 'co-degree, sum of products', joined, 1.15), worst(10, 'co-degree, correlation of logs', correlations, 0.05)];
}

/** The largest value of the places as a figure. */
export function worst(number: number, name: string, places: Figure['places'], target: number): Figure {
  const value = places.length === 0 ? null : Math.max(...places.map((each) => each.value));
  const remark = places.length === 0 ? 'nothing to compare' : 'the worst place';
  return { number, name, value, target, direction: 'atMost', samples: places.length, remark, places };
}

function labelOf(reference: Reference): string {
  return `${reference.label} → ${formatTableKey(reference.parent)}`;
}

function degreesSql({ child, pairs }: Reference): string {
  const values = pairs.map(({ column, nullAs }, index) => `${valueOrNull(column, nullAs)} as k${index}`);
  const isSet = pairs.map(({ column, nullAs }) => `${valueOrNull(column, nullAs)} is not null`);
  const groups = pairs.map((_, index) => index + 1);
  return `select ${values.join(', ')}, count(*) as degree from ${quoteQualified(child)} where ${isSet.join(' and ')} group by ${groups.join(', ')}`;
}

function onParent({ pairs }: Reference, alias: string): string {
  return pairs.map(({ parentColumn }, index) => `${alias}.k${index} = p.${quoteIdentifier(parentColumn)}`).join(' and ');
}

function orphansSql(reference: Reference): string {
  return `
    with degrees as (${degreesSql(reference)})
    select coalesce(sum(d.degree), 0)::float8 as orphans
    from degrees d left join ${quoteQualified(reference.parent)} p on ${onParent(reference, 'd')}
    where p.${quoteIdentifier(reference.pairs[0]?.parentColumn ?? '')} is null`;
}

function degreeAt(parents: ReadonlyMap<number, number>, share: number): number {
  const sorted = [...parents].sort(([left], [right]) => left - right);
  const rank = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [degree, count] of sorted) {
    seen += count;
    if (seen >= rank) return degree;
  }
  return sorted.at(-1)?.[0] ?? 0;
}

function sumOfSquares(parents: ReadonlyMap<number, number>): number {
  return [...parents].reduce((sum, [degree, count]) => sum + degree * degree * count, 0);
}
