// References between texts that are equal and not the same, under a nondeterministic collation: a token or a fake of the bytes would make different
// values of them, and the reference would break at the very end. (citext is masked by its lower case.)
import type { Problem } from '../core/errors.ts';
import { readRows, type Side } from '../postgres/read-side.ts';
import { columnPath, type PlannedTable } from './planned-table.ts';

const sql = `
select
  a.attrelid as "table",
  a.attname::text as name
from pg_catalog.pg_attribute a
join pg_catalog.pg_collation c on c.oid = a.attcollation
where a.attrelid = any ($1::oid[])
  and not c.collisdeterministic`;

/** Every column of a reference whose mask would take equal texts apart, with its path. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function findFoldedReferences(side: Side, tables: readonly PlannedTable[]): Promise<Problem[]> {
  const asked = tables.map(({ oid }) => oid);
  const found = await readRows<{ table: number; name: string }>(side, 'the collations of the columns', sql, [asked]);
  const folding = new Set(found.map(({ table, name }) => `${table}\n${name}`));
  return tables.flatMap((table) => {
    const referring = new Set(table.catalog.foreignKeys.flatMap(({ columns }) => columns));
    return table.columns
      .filter(({ column, rule }) => referring.has(column.name) && (rule.kind === 'token' || rule.kind === 'fake'))
      .filter(({ column }) => folding.has(`${table.oid}\n${column.name}`))
      .map(({ column, rule }) => ({
        path: columnPath(table.key, column.name),
        message: `its collation takes different texts for equal, and ${rule.kind} would make different values of them; keep, null or sql can`,
      }));
  });
}
