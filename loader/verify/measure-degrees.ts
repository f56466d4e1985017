// Question: how many children do parents have, those without any included? p50, p95, p99 and the largest per reference,
// which must equal the plan's: fan-out is exact by construction.
import { formatTableKey, normaliseTableKey, quoteIdentifier } from '../../core/identifiers.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { runQuery } from '../../postgres/query.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { MeasuredDistribution } from '../../spec/run-record.ts';
import { quantilesOfCounts } from '../quantiles.ts';
import { findTable, type Verification } from '../target-tables.ts';
import { valueOrNull } from './null-as.ts';

/**
 * Rows (degree, parents): how many parents have that many children. Childless parents are those that no group of children
 * stands for, so the parent is only counted and never joined. Children with a NULL in the key have no parent.
 */
export function measureDegreesSql(
  child: CatalogTable,
  columns: readonly string[],
  parent: CatalogTable,
  nullAs?: string,
): string {
  const names = columns.map((column) => quoteIdentifier(column));
  const isSet = columns.map((column) => `${valueOrNull(column, nullAs)} is not null`).join(' and ');
  return `
    with degrees as (
      select count(*) as degree from ${relationOf(child)} where ${isSet} group by ${names.join(', ')}
    )
    select degree::float8 as value, count(*)::float8 as count from degrees group by degree
    union all
    select 0, greatest((select count(*) from ${relationOf(parent)}) - (select count(*) from degrees), 0)::float8`;
}

/** One entry per reference whose degrees the report states and whose tables and columns are there. */
export async function measureDegrees(verification: Verification): Promise<MeasuredDistribution[]> {
  const wanted = listReferences(verification);
  const progress = verification.startProgress('measuring fan-out', wanted.length, 'references');
  const measured: MeasuredDistribution[] = [];
  for (const { child, parent, reference, expected } of wanted) {
    const subject = `${formatTableKey(child)} (${reference.columns.join(', ')}) per ${formatTableKey(parent)}`;
    const sql = measureDegreesSql(child, reference.columns, parent, reference.nullAs);
    const counts = await runQuery<{ value: number; count: number }>(verification.client, `measuring ${subject}`, sql);
    measured.push({ subject, measure: 'degree', expected, found: quantilesOfCounts(counts) });
    progress.advance(1);
  }
  progress.finish();
  return measured;
}

/** What is missing here is a finding of the integrity question already. */
function listReferences({ catalog, tables }: Verification) {
  return tables.flatMap(({ found: child, expected: { references } }) =>
    references.flatMap((reference) => {
      const parent = findTable(catalog, normaliseTableKey(reference.table));
      const expected = reference.degrees;
      if (child === null || parent === null || expected === null) return [];
      if (!reference.columns.every((name) => child.columns.some((column) => column.name === name))) return [];
      return [{ child, parent, reference, expected }];
    }),
  );
}
