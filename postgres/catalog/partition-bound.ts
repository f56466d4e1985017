// Reads the text of a partition's bound as pg_get_expr writes it: FOR VALUES ... or DEFAULT. Literals stay texts here; what they
// mean depends on the type of the key.

/** The text of a literal without its quotes; null is NULL. */
export type BoundLiteral = string | null;

export type PartitionBound =
  | { readonly kind: 'default' }
  /** One item per key column. */
  | { readonly kind: 'range'; readonly from: readonly BoundEdge[]; readonly to: readonly BoundEdge[] }
  | { readonly kind: 'list'; readonly values: readonly BoundLiteral[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number };

export type BoundEdge =
  | { readonly kind: 'lowest' }
  | { readonly kind: 'highest' }
  | { readonly kind: 'value'; readonly text: string };

type Token = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'word'; readonly text: string };

/** The bound, or null for a spelling that is not understood. */
export function parsePartitionBound(bound: string): PartitionBound | null {
  const tokens = tokenise(bound);
  if (tokens === null) return null;
  const words = tokens.map((token) => (token.kind === 'word' ? token.text.toUpperCase() : null));
  if (words.length === 1 && words[0] === 'DEFAULT') return { kind: 'default' };
  if (words[0] !== 'FOR' || words[1] !== 'VALUES') return null;
  switch (words[2]) {
    case 'FROM':
      return parseRange(tokens.slice(3));
    case 'IN':
      return parseList(tokens.slice(3));
    case 'WITH':
      return parseHash(tokens.slice(3));
    default:
      return null;
  }
}

/** Words, numbers and signs as they stand, quoted texts without their quotes; a sign that has no place in a bound gives null. */
function tokenise(bound: string): Token[] | null {
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),])|([-+\w.]+))/gy;
  const tokens: Token[] = [];
  while (pattern.lastIndex < bound.trimEnd().length) {
    const match = pattern.exec(bound);
    if (match === null) return null;
    tokens.push(
      match[1] === undefined
        ? { kind: 'word', text: match[2] ?? match[3] ?? '' }
        : { kind: 'text', text: match[1].replaceAll("''", "'") },
    );
  }
  return tokens;
}

/** The items of one parenthesised list at the start of the tokens, and what follows it. */
function takeList(tokens: readonly Token[]): { readonly items: readonly Token[]; readonly rest: readonly Token[] } | null {
  if (!isSign(tokens[0], '(')) return null;
  const items: Token[] = [];
  for (let at = 1; at < tokens.length; at += 2) {
    const item = tokens[at];
    if (item === undefined || isSign(item, '(') || isSign(item, ')') || isSign(item, ',')) return null;
    items.push(item);
    if (isSign(tokens[at + 1], ')')) return { items, rest: tokens.slice(at + 2) };
    if (!isSign(tokens[at + 1], ',')) return null;
  }
  return null;
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'word' && token.text === sign;
}

function parseRange(tokens: readonly Token[]): PartitionBound | null {
  const from = takeList(tokens);
  const next = from?.rest[0];
  if (!from || next?.kind !== 'word' || next.text.toUpperCase() !== 'TO') return null;
  const to = takeList(from.rest.slice(1));
  if (to === null || to.rest.length > 0 || to.items.length !== from.items.length) return null;
  return { kind: 'range', from: from.items.map(edgeOf), to: to.items.map(edgeOf) };
}

function edgeOf(token: Token): BoundEdge {
  if (token.kind === 'word' && token.text.toUpperCase() === 'MINVALUE') return { kind: 'lowest' };
  if (token.kind === 'word' && token.text.toUpperCase() === 'MAXVALUE') return { kind: 'highest' };
  return { kind: 'value', text: token.text };
}

function parseList(tokens: readonly Token[]): PartitionBound | null {
  const list = takeList(tokens);
  if (list === null || list.rest.length > 0) return null;
  return {
    kind: 'list',
    values: list.items.map((item) => (item.kind === 'word' && item.text.toUpperCase() === 'NULL' ? null : item.text)),
  };
}

function parseHash(tokens: readonly Token[]): PartitionBound | null {
  const words = tokens.map((token) => token.text.toLowerCase());
  const [open, modulusWord, modulus, comma, remainderWord, remainder, close] = words;
  const isShaped = open === '(' && modulusWord === 'modulus' && comma === ',' && remainderWord === 'remainder' && close === ')';
  if (!isShaped || words.length !== 7 || !/^\d+$/.test(modulus ?? '') || !/^\d+$/.test(remainder ?? '')) return null;
  return { kind: 'hash', modulus: Number(modulus), remainder: Number(remainder) };
}
