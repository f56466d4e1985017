// The server's deparsed SQL cut into tokens. Strings and quoted names are unescaped here, so that nothing after has to think of quotes.

export type Token =
  | { readonly kind: 'string' | 'number' | 'name' | 'symbol'; readonly text: string }
  /** An unquoted word: a column, a function, a type or a keyword. */
  | { readonly kind: 'word'; readonly text: string };

const pattern =
  /\s+|"((?:[^"]|"")*)"|E'((?:[^'\\]|''|\\.)*)'|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_$]*)|(::|[()[\],.]|[-+*/<>=~!@#%^&|`?]+)/suy;

/** The tokens of an expression, or null where it has something that is none. */
export function tokenise(text: string): Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    const [, name, escaped, string, number, word, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('""', '"') });
    else if (escaped !== undefined) tokens.push({ kind: 'string', text: unescapeString(escaped) });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  return tokens;
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescapeString(text: string): string {
  return text.replace(/''|\\(.)/gs, (_, letter?: string) => (letter === undefined ? "'" : (letters[letter] ?? letter)));
}
