// Scale-out truth, metric 12: production is cut at a date, a pack is made of what was there by then, a database is generated as many
// times larger as production has grown since, and that is compared with the whole production.
import { formatTableKey, parseTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import { listReferences, type Reference } from '../../loader/fidelity/list-references.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { withClient } from '../../postgres/connect.ts';
import type { Fidelity, FidelityMetric } from '../../spec/fidelity.ts';
import type { DataSet } from './data-set.ts';
import { compareCopy, fillCopy, type MeasureOptions, makeProduction } from './measure.ts';
import { copyDatabase, runStatements, withScratch } from './scratch.ts';

/** The figures of metric 12; null where the data set does not say when its rows came to be. */
export async function measureScaleOut(dataSet: DataSet, options: MeasureOptions): Promise<FidelityMetric[] | null> {
  const { scaleOut, scaleOutWorkload: workload } = dataSet;
  if (scaleOut === undefined) return null;
  const { serverPattern } = options;
  return withScratch(serverPattern, async (source) => {
    await makeProduction(dataSet, source, options);
    return withScratch(serverPattern, async (early) => {
      copyDatabase(source, early);
      await cutDatabase(early, dataSet);
      return withScratch(serverPattern, async (target) => {
        const scale = 1 / scaleOut.share;
        await fillCopy(dataSet, { source: early, target, scale }, options);
        const fidelity = await compareCopy(
          dataSet,
          { source, target, floor: null, workload, hasColumns: false },
          { ...options, isFast: true },
        );
        return toFigures(fidelity, scale);
      });
    });
  });
}

function toFigures({ metrics, queries }: Fidelity, scale: number): FidelityMetric[] {
  const joins = metrics.filter(({ name }) => name === 'actual rows of joins, mean');
  const total = queries.reduce((sum, { weight }) => sum + weight, 0);
  const same = queries.reduce((sum, { weight, isSamePlan }) => sum + (isSamePlan ? weight : 0), 0) / total;
  const remark = `production cut and generated x${scale}`;
  return [
    ...joins.map((metric) => ({
      ...metric,
      ...judge(metric.value, 1.5, 'atMost'),
      number: 12,
      name: 'scale-out truth, rows of joins',
      remark,
    })),
    {
      number: 12,
      name: 'scale-out truth, same plan',
      value: same,
      floor: null,
      ...judge(same, 0.9, 'atLeast'),
      samples: queries.length,
      remark,
      places: [],
    },
  ];
}

function judge(value: number | null, target: number, direction: 'atMost' | 'atLeast') {
  const isMet = value !== null && (direction === 'atMost' ? value <= target : value >= target);
  const verdict = value === null ? ('notMeasured' as const) : isMet ? ('met' as const) : ('missed' as const);
  return { target, direction, verdict };
}

/**
 * Leaves what was there by the date before which `share` of the rows with a time lie. A row without a time goes with a parent that
 * goes, or, where it has none, with the last of its children. A row that points at a later one has not been given that parent yet.
 */
export async function cutDatabase(url: string, { scaleOut, policy }: Pick<DataSet, 'scaleOut' | 'policy'>): Promise<void> {
  if (scaleOut === undefined) return;
  const { share, times } = scaleOut;
  const steps = await withClient(url, { applicationName: 'shapecast bench' }, async (client) => {
    const catalog = await readCatalog(client);
    const timed = Object.entries(times).map(([table, column]) => ({ table: parseTableKey(table), column }));
    const references = listReferences(catalog, policy.relationships, policy.sentinels);
    const union = timed
      .map(({ table, column }) => `select ${secondsOf(column)} as s from ${quoteQualified(table)}`)
      .join(' union all ');
    const { rows } = await client.query(`select percentile_disc(${share}) within group (order by s) as cut from (${union}) t`);
    const cut = Number(rows[0]?.cut);
    const tables = [...catalog.tables];
    const born = tables.filter((table) => isBornWithChildren(table, references, times));
    // Without triggers and checks of keys: they hold again at the end.
    await client.query('set session_replication_role = replica');
    for (const table of born) await client.query(rememberParents(table, references));
    for (const { table, column } of timed)
      await client.query(`delete from ${quoteQualified(table)} where ${secondsOf(column)} > $1`, [cut]);
    await closeKeys(async (sql) => client.query(sql), references, tables, times);
    for (const table of born) await client.query(forgetParents(table, references));
    return tables.map((table) => `vacuum full ${quoteQualified(table)}`);
  });
  await runStatements(url, ...steps, 'vacuum analyze');
}

function secondsOf(column: string): string {
  return `extract(epoch from ${quoteIdentifier(column)})::float8`;
}

function isBornWithChildren(
  table: CatalogTable,
  references: readonly Reference[],
  times: Readonly<Record<string, string>>,
): boolean {
  const key = formatTableKey(table);
  const isChild = references.some(({ child }) => formatTableKey(child) === key);
  return times[key] === undefined && !isChild && references.some(({ parent }) => formatTableKey(parent) === key);
}

async function closeKeys(
  run: (sql: string) => Promise<{ rowCount: number | null }>,
  references: readonly Reference[],
  tables: readonly CatalogTable[],
  times: Readonly<Record<string, string>>,
): Promise<void> {
  for (let changed = 1; changed > 0; ) {
    changed = 0;
    for (const reference of references) {
      const { rowCount } = await run(`select from ${quoteQualified(reference.child)} c where ${isOrphan(reference)}`);
      if (rowCount === 0 || rowCount === null) continue;
      const key = formatTableKey(reference.child);
      const table = tables.find((each) => formatTableKey(each) === key);
      const column = table?.columns.find(({ name }) => name === reference.pairs[0]?.column);
      const canWait = times[key] !== undefined && reference.pairs.length === 1 && column?.isNullable === true;
      const sql =
        canWait && table !== undefined
          ? clearReference(reference, table)
          : `delete from ${quoteQualified(reference.child)} c where ${isOrphan(reference)}`;
      await run(sql);
      changed += rowCount;
    }
  }
}

function isOrphan(reference: Reference): string {
  const isSet = reference.pairs.map(({ column }) => `c.${quoteIdentifier(column)} is not null`).join(' and ');
  return `${isSet} and not exists (select from ${quoteQualified(reference.parent)} p where ${isParent(reference)})`;
}

function isParent({ pairs }: Reference): string {
  return pairs
    .map(({ column, parentColumn }) => `p.${quoteIdentifier(parentColumn)} = c.${quoteIdentifier(column)}`)
    .join(' and ');
}

// An UPDATE would move rows to the end of the heap one by one; all of them written again in its order keep it.
function clearReference(reference: Reference, table: CatalogTable): string {
  const cleared = reference.pairs[0]?.column;
  const name = quoteQualified(table);
  const columns = table.columns.map((column) => quoteIdentifier(column.name));
  const values = table.columns.map((column) =>
    column.name === cleared
      ? `case when ${isOrphan(reference)} then null else c.${quoteIdentifier(column.name)} end as ${quoteIdentifier(column.name)}`
      : `c.${quoteIdentifier(column.name)}`,
  );
  return `
    create temp table kept as select ${values.join(', ')} from ${name} c order by c.ctid;
    delete from ${name};
    insert into ${name} (${columns.join(', ')}) overriding system value select ${columns.join(', ')} from kept;
    drop table kept`;
}

function rememberParents(table: CatalogTable, references: readonly Reference[]): string {
  return `create temp table ${nameOfMemory(table)} as select ctid as place from ${quoteQualified(table)} p where ${hasChildren(table, references)}`;
}

function forgetParents(table: CatalogTable, references: readonly Reference[]): string {
  return `delete from ${quoteQualified(table)} p using ${nameOfMemory(table)} m where m.place = p.ctid and not (${hasChildren(table, references)})`;
}

function hasChildren(table: CatalogTable, references: readonly Reference[]): string {
  const own = references.filter(({ parent }) => formatTableKey(parent) === formatTableKey(table));
  return own
    .map((reference) => `exists (select from ${quoteQualified(reference.child)} c where ${isParent(reference)})`)
    .join(' or ');
}

function nameOfMemory(table: CatalogTable): string {
  return quoteIdentifier(`parents of ${table.name}`);
}
