// Metric 11: when things happen. Hour of the week, growth, rhythm of days, children before their parents, and whether the heap lies in
// the order of time. The database counts by hour and by day; no time of a row comes back.
import { formatTableKey, type QualifiedName, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import { distanceOfCounts, totalVariation } from '../../stats/quotients.ts';
import { valueOrNull } from '../verify/null-as.ts';
import { worst } from './degrees.ts';
import type { Reference } from './list-references.ts';
import type { Figure } from './metric.ts';

/** An integer column that holds times. */
export interface NamedEpoch {
  readonly table: string;
  readonly column: string;
  readonly unit: 'seconds' | 'milliseconds';
}

export interface TimeColumn {
  readonly label: string;
  readonly table: QualifiedName;
  readonly column: string;
  readonly unit: 'timestamp' | NamedEpoch['unit'];
  /** False for days and where the table has no heap of its own. */
  readonly hasHours: boolean;
  readonly hasHeap: boolean;
}

export interface TimeMeasure {
  readonly label: string;
  readonly hours: ReadonlyMap<number, number> | null;
  readonly days: ReadonlyMap<number, number>;
  /** Of time and heap block; null where neither varies or there is no heap. */
  readonly heapCorrelation: number | null;
}

export interface DelayMeasure {
  readonly label: string;
  /** Share of the children that are older than their parent. */
  readonly earlyShare: number | null;
}

/** A rule of production, if at most this share of its own rows breaks it. */
const RULE_SHARE = 0.01;

export function listTimeColumns(catalog: Catalog, epochs: readonly NamedEpoch[]): TimeColumn[] {
  return catalog.tables.flatMap((table) => {
    const key = formatTableKey(table);
    return table.columns.flatMap((column): TimeColumn[] => {
      const epoch = epochs.find((each) => each.table === key && each.column === column.name);
      const isTime = ['timestamptz', 'timestamp', 'date', 'timestamp with time zone', 'timestamp without time zone'].includes(
        column.baseType,
      );
      if (!isTime && epoch === undefined) return [];
      const unit = isTime ? 'timestamp' : (epoch?.unit ?? 'seconds');
      const place = { label: `${key}.${column.name}`, table: { schema: table.schema, name: table.name }, column: column.name };
      return [{ ...place, unit, hasHours: column.baseType !== 'date', hasHeap: !table.isPartitioned }];
    });
  });
}

export async function readTimes(side: Side, columns: readonly TimeColumn[]): Promise<TimeMeasure[]> {
  const measures: TimeMeasure[] = [];
  for (const column of columns) {
    const from = `from ${quoteQualified(column.table)} t cross join lateral (select ${secondsSql(column, 't')} as s) v where v.s between -1e11 and 1e12`;
    const count = (what: string, code: string) =>
      readRows<{ code: number; rows: number }>(
        side,
        `counting ${column.label} by ${what}`,
        `select (${code})::float8 as code, count(*)::float8 as rows ${from} group by 1`,
      );
    const hours = column.hasHours ? await count('hour', 'mod(mod(floor(v.s / 3600)::int8, 168) + 168, 168)') : null;
    const days = await count('day', 'floor(v.s / 86400)');
    measures.push({
      label: column.label,
      hours: hours === null ? null : toMap(hours),
      days: toMap(days),
      heapCorrelation: await readHeapOrder(side, column, from),
    });
  }
  return measures;
}

export interface Delay {
  readonly label: string;
  readonly reference: Reference;
  readonly child: TimeColumn;
  readonly parent: TimeColumn;
}

/** Every time of a child against every time of the parent that a reference leads to; not where the child is its own parent. */
export function listDelays(references: readonly Reference[], columns: readonly TimeColumn[]): Delay[] {
  const timesOf = (table: QualifiedName) => columns.filter((column) => formatTableKey(column.table) === formatTableKey(table));
  return references.flatMap((reference) =>
    timesOf(reference.child).flatMap((child) =>
      timesOf(reference.parent).map((parent) => ({
        label: `${child.label} by ${reference.label} before ${parent.label}`,
        reference,
        child,
        parent,
      })),
    ),
  );
}

export async function readDelays(side: Side, delays: readonly Delay[]): Promise<DelayMeasure[]> {
  const measures: DelayMeasure[] = [];
  for (const { label, reference, child, parent } of delays) {
    const on = reference.pairs.map(
      ({ column, parentColumn, nullAs }) => `${valueOrNull(column, nullAs, 'c.')} = p.${quoteIdentifier(parentColumn)}`,
    );
    const sql = `
      select avg((${secondsSql(child, 'c')} < ${secondsSql(parent, 'p')})::int)::float8 as "earlyShare"
      from ${quoteQualified(reference.child)} c join ${quoteQualified(reference.parent)} p on ${on.join(' and ')}`;
    const [row] = await readRows<{ earlyShare: number | null }>(side, `comparing the times of ${reference.label}`, sql);
    measures.push({ label, earlyShare: row?.earlyShare ?? null });
  }
  return measures;
}

/** Metric 11 of the time columns. */
export function timeFigures(source: readonly TimeMeasure[], target: readonly TimeMeasure[]): Figure[] {
  const pairs = source.flatMap((one, index) => {
    const other = target[index];
    return other === undefined || one.days.size === 0 ? [] : [{ place: one.label, one, other }];
  });
  const hours = pairs.flatMap(({ place, one, other }) =>
    one.hours === null || other.hours === null ? [] : [{ place, value: totalVariation(one.hours, other.hours) ?? 1 }],
  );
  const growth = pairs.map(({ place, one, other }) => ({ place, value: distanceOfCounts(one.days, other.days) ?? 1 }));
  const rhythm = pairs.flatMap(({ place, one, other }) =>
    [1, 7].flatMap((lag) => {
      const [left, right] = [autocorrelation(one.days, lag), autocorrelation(other.days, lag)];
      return left === null || right === null ? [] : [{ place: `${place}, ${lag} days`, value: Math.abs(left - right) }];
    }),
  );
  const heap = pairs.flatMap(({ place, one, other }) =>
    one.heapCorrelation === null || one.heapCorrelation <= 0
      ? []
      : [{ place, value: Math.max(0, one.heapCorrelation - (other.heapCorrelation ?? 0)) }],
  );
  return [
    worst(11, 'hour of week, TV', hours, 0.03),
    worst(11, 'growth, KS', growth, 0.02),
    worst(11, 'autocorrelation of daily counts', rhythm, 0.05),
    { ...worst(11, 'heap order lost', heap, 0.02), remark: 'correlation of time and heap block, how far below production' },
  ];
}

/** Metric 11 of the delays: only what production itself keeps is a rule. */
export function delayFigures(source: readonly DelayMeasure[], target: readonly DelayMeasure[]): Figure[] {
  const places = source.flatMap(({ label, earlyShare }, index) => {
    const other = target[index]?.earlyShare ?? null;
    if (earlyShare === null || earlyShare > RULE_SHARE || other === null) return [];
    return [{ place: label, value: Math.max(0, other - earlyShare) }];
  });
  return [
    {
      ...worst(11, 'children before their parents', places, 0),
      remark: 'share beyond that of production, where production has at most 1 %',
    },
  ];
}

async function readHeapOrder(side: Side, column: TimeColumn, from: string): Promise<number | null> {
  if (!column.hasHeap) return null;
  const sql = `select corr(v.s, (t.ctid::text::point)[0]) as correlation ${from}`;
  const [row] = await readRows<{ correlation: number | null }>(side, `reading the heap order of ${column.label}`, sql);
  return row?.correlation ?? null;
}

/** Seconds since 1970 as float8. */
function secondsSql({ column, unit }: TimeColumn, alias: string): string {
  const name = `${alias}.${quoteIdentifier(column)}`;
  if (unit === 'timestamp') return `extract(epoch from ${name})::float8`;
  return unit === 'seconds' ? `${name}::float8` : `(${name} / 1000.0)::float8`;
}

function toMap(rows: readonly { readonly code: number; readonly rows: number }[]): Map<number, number> {
  return new Map(rows.map(({ code, rows: count }) => [code, count]));
}

const MAX_DAYS = 100_000;

/** Of daily counts, days without rows included; null for less than two weeks or no variance. */
function autocorrelation(days: ReadonlyMap<number, number>, lag: number): number | null {
  const sorted = [...days.keys()].sort((left, right) => left - right);
  const first = sorted[0] ?? 0;
  const length = (sorted.at(-1) ?? 0) - first + 1;
  if (length < 14 || length > MAX_DAYS) return null;
  const series = Array.from({ length }, (_, day) => days.get(first + day) ?? 0);
  const average = series.reduce((sum, count) => sum + count, 0) / length;
  const variance = series.reduce((sum, count) => sum + (count - average) ** 2, 0);
  if (variance === 0) return null;
  return series.slice(lag).reduce((sum, count, day) => sum + (count - average) * ((series[day] ?? 0) - average), 0) / variance;
}
