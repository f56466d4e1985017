// A bounded look at the values of text and JSON columns: the first of them that a few pages give, cut short, judged in our process. A column
// that the role may not read, or that takes too long, is passed over and said to be unread.
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { Progress } from '../core/progress.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';
import { runQuery, sqlStateIn } from '../postgres/query.ts';
import { readRows, type Side } from '../postgres/read-side.ts';
import { columnKey, isJson, isText } from './proposal.ts';
import type { Findings } from './propose-by-findings.ts';
import { type ColumnFindings, collectFindings } from './propose-findings.ts';

/** Per column, and how many characters of each: at most 10 MB at once. */
const TEXT_LIMITS = { values: 2000, characters: 4000 };
/** JSON that is longer cannot be parsed and is read as a text. */
const JSON_LIMITS = { values: 500, characters: 20_000 };
const TIMEOUT_MS = 10_000;
/** Larger tables are read by a sample of about so many pages, 8 MB. */
const MAX_PAGES = 1000;

/** Columns whose values are worth a look. */
export function sampledColumns({ tables }: Catalog): { readonly table: CatalogTable; readonly column: CatalogColumn }[] {
  return tables.flatMap((table) =>
    table.columns.filter((column) => !column.generated && holdsText(column)).map((column) => ({ table, column })),
  );
}

function holdsText(column: CatalogColumn): boolean {
  if (isText(column) || isJson(column) || ['xml', 'hstore'].includes(column.baseType)) return true;
  return column.kind === 'array' && ['text', 'varchar', 'bpchar', 'citext', 'json', 'jsonb'].includes(column.elementType ?? '');
}

/** What the columns hold, a column at a time; a failure of one is no failure of all. Throws CONNECT_FAILED. */
export async function sampleColumns(
  side: Side,
  columns: ReturnType<typeof sampledColumns>,
  progress: Progress,
): Promise<Findings> {
  await runQuery(side.client, 'preparing the session', `set local statement_timeout = ${TIMEOUT_MS}`);
  const findings = new Map<string, ColumnFindings | null | 'unread'>();
  for (const { table, column } of columns) {
    findings.set(columnKey(table, column), await sampleColumn(side, table, column));
    progress.advance(1);
  }
  return findings;
}

async function sampleColumn(side: Side, table: CatalogTable, column: CatalogColumn): Promise<ColumnFindings | null | 'unread'> {
  try {
    const rows = await readRows<{ value: string }>(side, 'a sample of a column', sampleSql(table, column));
    const findings = collectFindings({ isJson: isJson(column) });
    for (const { value } of rows) findings.add(value);
    return findings.finish();
  } catch (error) {
    if (sqlStateIn(error) === null) throw error;
    return 'unread';
  }
}

function sampleSql(table: CatalogTable, column: CatalogColumn): string {
  const name = quoteIdentifier(column.name);
  const percent = ((100 * MAX_PAGES) / Math.max(table.pages, 1)).toFixed(4);
  const sampled = table.pages > MAX_PAGES ? ` tablesample system (${percent}) repeatable (1)` : '';
  const source = `${table.isPartitioned ? '' : 'only '}${quoteQualified(table)}${sampled}`;
  const { values, characters } = isJson(column) ? JSON_LIMITS : TEXT_LIMITS;
  const value = `pg_catalog.left(${name}::pg_catalog.text, ${characters})`;
  return `select ${value} as value from ${source} where ${name} is not null and ${name}::pg_catalog.text operator(pg_catalog.<>) '' limit ${values}`;
}
