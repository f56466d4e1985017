// Question: do numbers and text lengths have the quantiles that the plan foresaw? Compared with a tolerance, because a
// finite table only comes near a distribution.
import type { CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { runQuery } from '../../postgres/query.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { MeasuredDistribution, RunQuantiles } from '../../spec/run-record.ts';
import type { Verification } from '../target-tables.ts';
import { valueOrNull } from './null-as.ts';

type Measure = 'value' | 'length';

/** One row with p50, p95, p99 and max; all null when every value is NULL. */
export function measureColumnSql(table: CatalogTable, column: CatalogColumn, measure: Measure, nullAs?: string): string {
  const value = measureSql(column, measure, nullAs);
  const quantile = (probability: number) => `percentile_disc(${probability}) within group (order by value)`;
  return `
    select ${quantile(0.5)} as p50, ${quantile(0.95)} as p95, ${quantile(0.99)} as p99, max(value) as max
    from (select (${value})::float8 as value from ${relationOf(table)}) as measured`;
}

/** One entry per column that the report measures and that is there. */
export async function measureColumns(verification: Verification): Promise<MeasuredDistribution[]> {
  const wanted = listColumns(verification);
  const progress = verification.startProgress('measuring columns', wanted.length, 'columns');
  const measured: MeasuredDistribution[] = [];
  for (const { key, table, column, measure, nullAs, expected } of wanted) {
    const subject = `${key}.${column.name}`;
    const sql = measureColumnSql(table, column, measure, nullAs);
    const [row] = await runQuery<Record<keyof RunQuantiles, number | null>>(verification.client, `measuring ${subject}`, sql);
    measured.push({ subject, measure, expected, found: asQuantiles(row) });
    progress.advance(1);
  }
  progress.finish();
  return measured;
}

/** A number in the column's own unit, seconds for times of day and intervals; a length in characters, bytes or elements. */
function measureSql(column: CatalogColumn, measure: Measure, nullAs: string | undefined): string {
  const name = valueOrNull(column.name, nullAs);
  if (['time', 'timetz', 'interval'].includes(column.baseType)) return `extract(epoch from ${name})`;
  if (measure === 'value') return /^(int|float|numeric)/.test(column.baseType) ? name : `${name}::numeric`;
  if (column.kind === 'array' || column.baseType.startsWith('_')) return `cardinality(${name})`;
  return column.baseType === 'bytea' ? `octet_length(${name})` : `char_length(${name}::text)`;
}

function listColumns({ tables }: Verification): {
  key: string;
  table: CatalogTable;
  column: CatalogColumn;
  measure: Measure;
  nullAs: string | undefined;
  expected: RunQuantiles;
}[] {
  return tables.flatMap(({ key, found: table, expected }) =>
    expected.columns.flatMap(({ name, measure, nullAs, quantiles }) => {
      const column = table?.columns.find((each) => each.name === name);
      return table === null || column === undefined ? [] : [{ key, table, column, measure, nullAs, expected: quantiles }];
    }),
  );
}

function asQuantiles(row: Record<keyof RunQuantiles, number | null> | undefined): RunQuantiles | null {
  if (row === undefined) return null;
  const { p50, p95, p99, max } = row;
  return p50 === null || p95 === null || p99 === null || max === null ? null : { p50, p95, p99, max };
}
