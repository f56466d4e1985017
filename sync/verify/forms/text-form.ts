// The form that a mask gives to every text it makes, as a condition that a server can answer, and how many texts of that form there are.
import { quoteLiteral } from '../../column-sql.ts';

export interface TextForm {
  /** What the values are called: `tokens`. */
  readonly name: string;
  /** A condition over a text expression that is true of every text of the form. */
  readonly matches: (value: string) => string;
  /** How many texts the mask chooses from; where a column cuts them off, a lower bound. */
  readonly size: number;
  /** Nothing of the source can be in a text of this form, so that no detector needs to look at it. */
  readonly isWhole: boolean;
}

/** The text with every sign that a regular expression of PostgreSQL reads made plain. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** `value ~ 'pattern'`, whatever the search path and the type's own operators are. */
export function matchesPattern(value: string, pattern: string): string {
  return `(${value}) operator(pg_catalog.~) ${quoteLiteral(pattern)}`;
}

/** `value = any (array of the words)`; the server makes a hash table of it. */
export function isOneOf(value: string, words: readonly string[]): string {
  const elements = [...new Set(words)].map((word) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`);
  return `(${value}) = any (${quoteLiteral(`{${elements.join(',')}}`)}::text[])`;
}

/** How many hex digits a token has in a column that takes so many characters; null: any number. */
export function tokenDigits(maxLength: number | null): number {
  return Math.min(32, maxLength ?? 32);
}

/** 32 hex digits, or the first ones. */
export function tokenForm(length = 32): TextForm {
  const digits = tokenDigits(length);
  return {
    name: 'tokens',
    matches: (value) => matchesPattern(value, `^[0-9a-f]{${digits}}$`),
    size: 16 ** digits,
    // A short column of hex digits may as well hold production's.
    isWhole: digits >= 16,
  };
}

/** A UUID of version 8. */
export const uuidTokenForm: TextForm = {
  name: 'tokens (UUIDs of version 8)',
  matches: (value) => matchesPattern(value, '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'),
  size: 2 ** 122,
  isWhole: true,
};

/** Marks, then the last characters; nothing but marks where there were no more. */
export function keepLastForm(length: number, mark: string): TextForm {
  const sign = escapePattern(mark);
  return {
    name: 'values with hidden beginnings',
    matches: (value) => matchesPattern(value, `^(?:(?:${sign})*|(?:${sign})+.{${length}})$`),
    size: Number.POSITIVE_INFINITY,
    isWhole: false,
  };
}

/** The template with one number from 1 to `rows` (SQL) in every place of `{seq}`: any number would let production's through. */
export function templateForm(text: string, rows: string): TextForm {
  const [start = '', ...parts] = text.split('{seq}').map(escapePattern);
  const number = (at: number) => (at === 0 ? '([1-9][0-9]{0,17})' : '(?:\\1)');
  const pattern = `^${start}${parts.map((part, at) => `${number(at)}${part}`).join('')}$`;
  return {
    name: 'values of the template',
    matches: (value) => {
      const matches = matchesPattern(value, pattern);
      if (parts.length === 0) return matches;
      const found = `substring(${value} from ${quoteLiteral(pattern)})`;
      return `(case when ${matches} then ${found}::int8 <= ${rows} else false end)`;
    },
    size: Number.POSITIVE_INFINITY,
    isWhole: true,
  };
}
