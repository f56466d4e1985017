// What kind of identifier a value is, told by its length and characters alone. A value of a narrow form (digits) is also one of the
// wider ones (hex): the narrowest that fits is taken, and calibrate joins those that lie in each other.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { IDENTIFIER_FORMS } from '../../spec/axis.ts';
import { isTextLike } from './column-types.ts';

type Form = (typeof IDENTIFIER_FORMS)[number];

const UUID_HEAD = '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-';
const UUID_TAIL = '[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}';

/** In the order of trying. */
const PATTERNS: readonly (readonly [Form, string])[] = [
  ['digits', '[0-9]+'],
  ['hex', '[0-9a-f]+'],
  ['cuid', 'c[0-9a-z]{24}'],
  ['lowerAlphanumeric', '[0-9a-z]+'],
  ['ulid', '[0-7][0-9A-HJKMNP-TV-Z]{25}'],
  ['upperAlphanumeric', '[0-9A-Z]+'],
  ['nanoid', '[0-9A-Za-z_-]{21}'],
  ['mixedAlphanumeric', '[0-9A-Za-z]+'],
  ['uuid4', `${UUID_HEAD}4${UUID_TAIL}`],
  ['uuid7', `${UUID_HEAD}7${UUID_TAIL}`],
  ['uuidOther', `${UUID_HEAD}[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`],
];

/** Whether values of the column may be identifiers. */
export function mayHaveForm(column: CatalogColumn): boolean {
  return column.baseType === 'uuid' || isTextLike(column);
}

/** SQL of the position in IDENTIFIER_FORMS; NULL for NULL. */
export function formExpression(value: string): string {
  // Ranges of letters are those of ASCII only in this collation.
  const text = `${value}::text collate "C"`;
  const cases = PATTERNS.map(([form, pattern]) => `when ${text} ~ '^${pattern}$' then ${IDENTIFIER_FORMS.indexOf(form)}`);
  return `case ${cases.join(' ')} when ${value} is not null then ${IDENTIFIER_FORMS.indexOf('other')} end`;
}
