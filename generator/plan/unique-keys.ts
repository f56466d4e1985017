// The unique keys and indexes of a target, each with what tells its rows apart: plain columns, expressions that keep different values different, and
// expressions of which that is not known, or which the server computes itself.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../../postgres/catalog/catalog.ts';

export interface UniqueKey {
  /** All columns that it reads, for messages. */
  readonly columns: readonly string[];
  /** Plain columns, and those of expressions that keep different values different. */
  readonly plain: readonly string[];
  /** Columns of each other expression: it proves something only where all of them are unique. */
  readonly opaque: readonly (readonly string[])[];
  readonly nullsNotDistinct: boolean;
  /** Words for the message: `key`, `index`. */
  readonly what: string;
  readonly predicateColumns: readonly string[];
}

/** Functions after which different texts of ours are still different: they are in small letters, without outer spaces. */
const FAITHFUL = new Set(['lower', 'upper', 'btrim', 'md5', 'coalesce']);

/** Declared keys, then unique indexes that no constraint declares. */
export function listUniqueKeys(table: CatalogTable): UniqueKey[] {
  const declared = [...(table.primaryKey === null ? [] : [table.primaryKey]), ...table.uniques].map((key) => ({
    ...splitColumns(table, key.columns),
    nullsNotDistinct: key.nullsNotDistinct,
    what: `key ${key.name}`,
    predicateColumns: [],
  }));
  const indexes = table.indexes
    .filter((index) => index.isUnique && (index.isPartial || index.columns.includes(null)))
    .map((index) => ({
      ...splitIndex(table, index),
      nullsNotDistinct: index.nullsNotDistinct,
      what: `index ${index.name}`,
      predicateColumns: index.predicateColumns,
    }));
  return [...declared, ...indexes];
}

function splitColumns(table: CatalogTable, names: readonly string[]): Pick<UniqueKey, 'columns' | 'plain' | 'opaque'> {
  const generated = names.flatMap((name) => table.columns.filter((column) => column.name === name && column.generated));
  return {
    columns: names,
    plain: names.filter((name) => !generated.some((column) => column.name === name)),
    opaque: generated.map(({ generatedFrom }) => generatedFrom),
  };
}

function splitIndex(table: CatalogTable, index: CatalogIndex): Pick<UniqueKey, 'columns' | 'plain' | 'opaque'> {
  const own = splitColumns(
    table,
    index.columns.filter((column) => column !== null),
  );
  const expressions = index.parts.filter((_, at) => index.columns[at] === null);
  const read = expressions.map((part) => ({ part, columns: index.expressionColumns.filter((name) => mentions(part, name)) }));
  const faithful = read.filter(({ part, columns }) => columns.length === 1 && isFaithful(part, columns[0] ?? '', table.columns));
  return {
    columns: [...new Set([...own.columns, ...index.expressionColumns])],
    plain: [...own.plain, ...faithful.flatMap(({ columns }) => columns)],
    opaque: [...own.opaque, ...read.filter((each) => !faithful.includes(each)).map(({ columns }) => columns)],
  };
}

/** Words of the expression outside of its constants; quoted names keep their quotes. */
function wordsOf(part: string): string[] {
  return part.replace(/E?'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
}

function mentions(part: string, column: string): boolean {
  return wordsOf(part).some((word) => word === column || word === quoteIdentifier(column));
}

/** One column, known functions, and types after `::`. A length-cutting cast would be one too many. */
function isFaithful(part: string, column: string, columns: readonly CatalogColumn[]): boolean {
  const outside = part.replace(/::[a-z ]+(?:\[\])?/g, ' ');
  const others = wordsOf(outside).filter((word) => word !== column && word !== quoteIdentifier(column));
  const isKnown = others.every((word) => FAITHFUL.has(word.toLowerCase()));
  return isKnown && !/[%/*&|#<>=~[\]]/.test(outside.replaceAll('||', ' ')) && columns.some(({ name }) => name === column);
}
