// Which rows of a table a rule chooses by itself, as a condition of SQL. A share is chosen by a hash of the primary key, so that every
// statement and every run chooses the same rows; a condition must not depend on when it is asked, or tables would not fit together.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { RowsRule } from '../../spec/sync-rules.ts';
import { quoteLiteral } from '../column-sql.ts';

const HASH_RANGE = 2 ** 32;

/** The condition over the table's columns; null: every row. Pure. */
export function ownCondition(table: CatalogTable, key: string, rows: RowsRule): string | null {
  if (typeof rows === 'string') return null;
  const parts = [
    ...(rows.where === undefined ? [] : [`(${rows.where})`]),
    ...(rows.sample === undefined || rows.sample === 1 ? [] : [sampleCondition(table, key, rows.sample)]),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

/** The low 32 bits of hashtextextended, which PostgreSQL keeps from version to version (hash partitions rest on it), over name and key. */
function sampleCondition({ primaryKey }: CatalogTable, key: string, share: number): string {
  const columns = (primaryKey?.columns ?? []).map((name) => `${quoteIdentifier(name)}::text`);
  const hashed = `hashtextextended(concat_ws(',', ${[quoteLiteral(key), ...columns].join(', ')}), 0)`;
  return `(${hashed} & ${HASH_RANGE - 1}) < ${Math.ceil(share * HASH_RANGE)}`;
}

/** Why the rule cannot be a condition of this table, or null. What the server thinks of it is asked later. Pure. */
export function findRowsFault(table: CatalogTable, rows: RowsRule): string | null {
  if (typeof rows === 'string') return null;
  if (rows.sample !== undefined && table.primaryKey === null) return 'sample needs a primary key; choose rows by where';
  return rows.where === undefined ? null : findTextFault(rows.where);
}

// Literals and quoted names, which may hold anything. A name may end in a dollar sign and then begins no literal.
const QUOTED =
  /"(?:[^"]|"")*"|'(?:[^']|'')*'|(?<![\w$\u0080-\uffff])(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1/g;
const CLOCK =
  /\b(?:now\s*\(|current_(?:date|time|timestamp)\b|localtime(?:stamp)?\b|(?:transaction|statement|clock)_timestamp\b|timeofday\b)/i;
const CLOCK_WORD = /^'\s*(?:now|today|tomorrow|yesterday)\s*'$/i;
const CLOCK_FAULT =
  'it asks the clock, and each table would be asked at another moment: write {now} for the time of the snapshot';

/** One expression, from its first character to its last: nothing that closes our parenthesis, begins a comment or ends the statement. */
function findTextFault(text: string): string | null {
  // Whether it ends a literal depends on how that one begins, and on those before it.
  if (text.includes("\\'")) return 'a quote after a backslash may be read in two ways: write a quote as two quotes';
  const literals = text.match(QUOTED) ?? [];
  if (literals.some((literal) => CLOCK_WORD.test(literal))) return CLOCK_FAULT;
  const bare = text.replaceAll(QUOTED, ' ');
  if (/['";]|\$\$|--|\/\*|(?<![\w$\u0080-\uffff])\$\d/.test(bare))
    return 'it must be one expression without comments, semicolons, parameters and open quotes';
  let depth = 0;
  for (const sign of bare) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) break;
  }
  if (depth !== 0) return 'its parentheses do not close';
  return CLOCK.test(bare) ? CLOCK_FAULT : null;
}

/** The rule with the time of the snapshot for `{now}`; `time` is as the server writes a timestamptz. Pure. */
export function withSnapshotTime(rows: RowsRule, time: string): RowsRule {
  if (typeof rows === 'string' || rows.where === undefined) return rows;
  return { ...rows, where: rows.where.replaceAll('{now}', ` ${quoteLiteral(time)}::timestamptz `) };
}

/** What the rule says, for people: `where and sample 0.01`. */
export function describeRows(rows: RowsRule): string {
  if (typeof rows === 'string') return rows;
  const parts = [...(rows.where === undefined ? [] : ['where']), ...(rows.sample === undefined ? [] : [`sample ${rows.sample}`])];
  return parts.join(' and ');
}
