// The texts in a value: of a document every string and member name by itself, because a number is told by standing alone.

/** How a column's text is taken apart: as it is, or as the strings in quotes of JSON (also of hstore and of lists of texts). */
export type TextShape = 'plain' | 'quoted';

const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/g;
const LONG_NUMBER = /\d{13,19}/g;

/** Calls with every text of the value. */
export function eachText(value: string, shape: TextShape, call: (text: string) => void): void {
  if (shape === 'plain') {
    call(value);
    return;
  }
  for (const [, inner = ''] of value.matchAll(QUOTED)) call(unquote(inner));
  // Numbers are no strings, and a card number may be one.
  for (const [number] of value.replaceAll(QUOTED, '""').matchAll(LONG_NUMBER)) call(`# ${number} #`);
}

function unquote(inner: string): string {
  if (!inner.includes('\\')) return inner;
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    // hstore escapes quotes and backslashes alone.
    return inner.replaceAll(/\\([\s\S])/g, '$1');
  }
}
