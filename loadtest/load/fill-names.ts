// Values in the place of {{names}}. A captured value comes from the server that is loaded: percent-encoded in a path and escaped in a
// payload, so that it stays one value and cannot become another path, header or field.

/** Longer values are not captured. */
const LONGEST_VALUE = 1000;
/** Longer answers are not searched. */
const LONGEST_ANSWER = 10_000_000;

/** The path with every name filled in and percent-encoded. Throws RangeError for a name without a value. */
export function fillPath(path: string, values: ReadonlyMap<string, string>): string {
  return fill(path, values, encodeURIComponent);
}

/** The payload with every name filled in, escaped as inside of a JSON string. Throws RangeError for a name without a value. */
export function fillBody(body: string, values: ReadonlyMap<string, string>): string {
  return fill(body, values, (value) => JSON.stringify(value).slice(1, -1));
}

function fill(text: string, values: ReadonlyMap<string, string>, encode: (value: string) => string): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (_all, name: string) => {
    const value = values.get(name.trim());
    if (value === undefined) throw new RangeError(`no value for ${name.trim()}`);
    return encode(value);
  });
}

/** The values at the pointers of the answer; null where one is not there, or is no string, number or boolean that can be sent on. */
export function captureValues(answer: string, pointers: Readonly<Record<string, string>>): Map<string, string> | null {
  const wanted = Object.entries(pointers);
  if (wanted.length === 0) return new Map();
  const document = answer.length > LONGEST_ANSWER ? undefined : parseJson(answer);
  const values = new Map<string, string>();
  for (const [name, pointer] of wanted) {
    const value = lookUp(document, pointer);
    if (!isPlain(value)) return null;
    values.set(name, String(value));
  }
  return values;
}

// "." and ".." are parts of a path that lead elsewhere, also percent-encoded; half of a surrogate pair cannot be encoded.
function isPlain(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_VALUE && !/^\.\.?$|\p{Surrogate}/u.test(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lookUp(document: unknown, pointer: string): unknown {
  const parts = pointer.slice(1).split('/');
  return parts.reduce<unknown>((place, part) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    // Object.hasOwn takes arrays too, by their indexes; nothing inherited is ever looked at.
    return typeof place === 'object' && place !== null && Object.hasOwn(place, key) ? Reflect.get(place, key) : undefined;
  }, document);
}
