// How a place in a pack is named in a report. Keys of a pack are known words; any other key may be someone's name, so it
// is shown by its position, unless it is plainly an identifier.

export type Path = readonly (string | number)[];

const MAX_SHOWN_KEY = 40;
const MAX_SHOWN_DIGITS = 3;

/** Dotted path, array positions as numbers, suspicious keys as `(key 3)`: the third of its object. `(document)` for the root. */
export function describePath(root: unknown, path: Path): string {
  let node = root;
  const shown = path.map((part) => {
    const text = typeof part === 'number' || isPlainIdentifier(part) ? String(part) : `(key ${positionOf(node, part)})`;
    node = memberOf(node, part);
    return text;
  });
  return shown.join('.') || '(document)';
}

/** Short, snake or camel case, few digits: no mail address, number, sentence, name with capitals or secret looks like that. */
function isPlainIdentifier(key: string): boolean {
  const digits = key.replace(/\D/g, '').length;
  return key.length <= MAX_SHOWN_KEY && digits <= MAX_SHOWN_DIGITS && /^[a-z_][A-Za-z0-9_]*$/.test(key) && !/[A-Z]{3}/.test(key);
}

function positionOf(node: unknown, key: string): number {
  return node !== null && typeof node === 'object' ? Object.keys(node).indexOf(key) + 1 : 0;
}

function memberOf(node: unknown, part: string | number): unknown {
  if (node === null || typeof node !== 'object' || !Object.hasOwn(node, part)) return undefined;
  // Object.hasOwn proved that the key is there; the index signature says no more than "some value".
  return (node as Record<string | number, unknown>)[part];
}
