// Rewrites a JSON text by a tree of paths without making values of it: numbers keep every digit, and what no path names is dropped
// (also member names, which may be mail addresses themselves) unless the rule keeps it.

/** What to do at a place: replace the value, or go on with its members. */
export interface JsonPlace {
  /** The masked value as JSON text, from the value's own JSON text; null drops the member. */
  readonly mask?: (json: string) => string | null;
  /** By member name. */
  readonly members: ReadonlyMap<string, JsonPlace>;
  /** For members that are not named, and for elements of lists. */
  readonly each: JsonPlace | null;
}

/** Deeper values count as unnamed: nobody writes paths so long, and the text may be hostile. */
const MAX_DEPTH = 100;

/** The rewritten text. Throws SyntaxError for what is no JSON. */
export function rewriteJson(text: string, root: JsonPlace, others: 'drop' | 'keep'): string {
  const reader = { text, at: 0 };
  const result = rewriteValue(reader, root, { others, depth: 0 });
  skipSpace(reader);
  if (reader.at !== text.length) throw new SyntaxError('text after the value');
  return result ?? 'null';
}

interface Reader {
  readonly text: string;
  at: number;
}

interface Setting {
  readonly others: 'drop' | 'keep';
  readonly depth: number;
}

function rewriteValue(reader: Reader, place: JsonPlace | null, setting: Setting): string | null {
  skipSpace(reader);
  const start = reader.text[reader.at];
  const isOpen = place !== null && place.mask === undefined && setting.depth < MAX_DEPTH;
  if (isOpen && start === '{') return rewriteObject(reader, place, setting);
  if (isOpen && start === '[') return rewriteArray(reader, place, setting);
  const json = readValue(reader);
  if (place?.mask !== undefined) return place.mask(json);
  return setting.others === 'keep' ? json : null;
}

function rewriteObject(reader: Reader, place: JsonPlace, setting: Setting): string {
  const members: string[] = [];
  readItems(reader, '}', () => {
    const nameText = readString(reader);
    skipSpace(reader);
    expectSign(reader, ':');
    const name: unknown = JSON.parse(nameText);
    const inner = place.members.get(String(name)) ?? place.each;
    const value = rewriteValue(reader, inner, { ...setting, depth: setting.depth + 1 });
    if (value !== null) members.push(`${nameText}:${value}`);
  });
  return `{${members.join(',')}}`;
}

function rewriteArray(reader: Reader, place: JsonPlace, setting: Setting): string {
  const items: string[] = [];
  readItems(reader, ']', () => {
    const item = rewriteValue(reader, place.each, { ...setting, depth: setting.depth + 1 });
    if (item !== null) items.push(item);
  });
  return `[${items.join(',')}]`;
}

function readItems(reader: Reader, close: '}' | ']', readItem: () => void): void {
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === close) {
    reader.at += 1;
    return;
  }
  for (;;) {
    skipSpace(reader);
    readItem();
    skipSpace(reader);
    const sign = reader.text[reader.at];
    reader.at += 1;
    if (sign === close) return;
    if (sign !== ',') throw new SyntaxError('a list that is not closed');
  }
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const OTHER = /[^\s,\]}[{":]+/y;
const SPACE = /\s*/y;

function readString(reader: Reader): string {
  return readPattern(reader, STRING);
}

// Objects and lists that are taken whole are skipped by counting brackets, without recursion.
function readValue(reader: Reader): string {
  const from = reader.at;
  let depth = 0;
  do {
    skipSpace(reader);
    const sign = reader.text[reader.at];
    if (sign === '"') readString(reader);
    else if (sign === '{' || sign === '[' || sign === '}' || sign === ']') {
      depth += sign === '{' || sign === '[' ? 1 : -1;
      reader.at += 1;
    } else if ((sign === ',' || sign === ':') && depth > 0) reader.at += 1;
    else readPattern(reader, OTHER);
  } while (depth > 0);
  if (depth < 0) throw new SyntaxError('a bracket too many');
  return reader.text.slice(from, reader.at);
}

function readPattern(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found === null) throw new SyntaxError('no JSON');
  reader.at = pattern.lastIndex;
  return found[0];
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.at;
  SPACE.exec(reader.text);
  reader.at = SPACE.lastIndex;
}

function expectSign(reader: Reader, sign: string): void {
  if (reader.text[reader.at] !== sign) throw new SyntaxError(`expected ${sign}`);
  reader.at += 1;
}
