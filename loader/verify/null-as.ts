// A value that stands for NULL is NULL to every question: such a child has no parent, and such a value is in no distribution.
import { quoteIdentifier } from '../../core/identifiers.ts';

/** SQL of the column, NULL where it holds the stand-in. `alias`: of the row, with its dot, or nothing. */
export function valueOrNull(name: string, nullAs: string | undefined, alias = ''): string {
  const column = `${alias}${quoteIdentifier(name)}`;
  return nullAs === undefined ? column : `nullif(${column}, ${literal(nullAs)})`;
}

/** The report has whole numbers and texts; a quoted literal is read as the column's own type. */
function literal(text: string): string {
  return `'${text.replaceAll(`'`, `''`)}'`;
}
