// What the source is asked for: each column's expression in the SELECT of its table. Masks that SQL can do are done here, so their values
// never leave the source's server process; the others are read as they are and masked in our stream.
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { PlannedColumn, PlannedTable } from './planned-table.ts';

/** The text as a string literal that means the same under every setting. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}

/** The expression, over the columns of the table. */
export function columnSql({ rule, column, typeSql }: PlannedColumn): string {
  const name = quoteIdentifier(column.name);
  switch (rule.kind) {
    case 'null':
      return `null::${typeSql}`;
    case 'empty':
      return `${emptyLiteral(column.baseType, column.kind)}::${typeSql}`;
    case 'constant':
      return `${quoteLiteral(constantText(rule.value))}::${typeSql}`;
    // Binary COPY sends an expression's own type, so it has to be the column's.
    case 'template':
      return `${templateSql(rule.text)}::${typeSql}`;
    case 'keepLast':
      return `(${keepLastSql(`${name}::text`, rule.length, rule.mark)})::${typeSql}`;
    case 'replace':
      return `regexp_replace(${name}::text, ${quoteLiteral(rule.pattern)}, ${quoteLiteral(rule.with)}, 'g')::${typeSql}`;
    case 'sql':
      return `(${rule.expression})::${typeSql}`;
    case 'shuffle':
      return `${quoteIdentifier(`shuffled ${column.position}`)}."shapecast value"`;
    // What the type takes for equal has to become one text; so does citext itself.
    case 'token':
    case 'fake':
      return column.baseType === 'citext' ? `lower(${name}::text collate "default")::${typeSql}` : name;
    default:
      return name;
  }
}

export interface TableReading {
  /** Columns that the stream needs as they are; their texts come after the written ones. */
  readonly helpers: readonly string[];
  /** SQL conditions over the table's columns (also ctid) that rows have to meet; none: all rows. */
  readonly conditions: readonly string[];
}

/**
 * What stands after FROM for the table's rows that come and meet all conditions; `withClause` begins the statement. Also rows of a partition go by
 * the name of the table, which an expression of the rules may use.
 */
export function rowsSql(table: PlannedTable, conditions: readonly string[]): { withClause: string; from: string } {
  const { filter } = table;
  const all = [...(filter === null ? [] : [filter.condition]), ...conditions];
  const where = all.length === 0 ? '' : ` where ${all.map((condition) => `(${condition})`).join(' and ')}`;
  return { withClause: filter?.withClause ?? '', from: `${sourceSql(table)}${where}` };
}

/** The table, or the partition that stands for it, under the table's own name without its schema. */
export function sourceSql(table: PlannedTable): string {
  return `${table.isPartitioned ? '' : 'only '}${quoteQualified(table)} as ${quoteIdentifier(table.catalog.name)}`;
}

/** SELECT of a table's masked columns, then of the helpers, of the rows that come and meet all conditions. */
export function tableSql(table: PlannedTable, { helpers, conditions }: TableReading): string {
  const columns = [...table.columns.map(columnSql), ...helpers.map((name) => `${quoteIdentifier(name)}::text`)];
  const { withClause, from: source } = rowsSql(table, conditions);
  const shuffled = table.columns.filter(({ rule }) => rule.kind === 'shuffle');
  if (shuffled.length === 0) return `${withClause}select ${columns.join(', ')} from ${source}`;
  const others = shuffled.map(({ column }) => {
    const alias = quoteIdentifier(`shuffled ${column.position}`);
    const values = `select ${quoteIdentifier(column.name)} as "shapecast value", row_number() over (order by random()) as "shapecast order" from ${source}`;
    return `join (${values}) as ${alias} on ${alias}."shapecast order" = "shapecast place"`;
  });
  const numbered = `(select *, row_number() over () as "shapecast place" from ${source}) as ${quoteIdentifier(table.catalog.name)}`;
  return `${withClause}select ${columns.join(', ')} from ${numbered} ${others.join(' ')}`;
}

/** A constant as the text that its type reads: JSON for objects and lists. */
export function constantText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function emptyLiteral(baseType: string, kind: string): string {
  return kind === 'array' || baseType === 'json' || baseType === 'jsonb' ? "'{}'" : "''";
}

function templateSql(text: string): string {
  const parts = text.split('{seq}').map((part) => quoteLiteral(part));
  return `concat(${parts.join(', row_number() over (), ')})`;
}

// A value that is not longer than what may stay is hidden whole.
function keepLastSql(value: string, length: number, mark: string): string {
  const hidden = `repeat(${quoteLiteral(mark)}, char_length(${value})`;
  return `case when char_length(${value}) > ${length} then ${hidden} - ${length}) || right(${value}, ${length}) else ${hidden}) end`;
}
