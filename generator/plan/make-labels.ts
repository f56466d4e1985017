// Labels of our own for categories whose labels stayed in production: different from each other, of the wanted length,
// and made from the seed, so no word of production is in them.
import { mixBelow, type StreamKey } from '../random/mixer.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const DEFAULT_LENGTH = 8;

type CategoryValue = { readonly label: string } | { readonly token: string; readonly length?: number | undefined };

/** One label per value, in order: given labels as they are, the others distinct within their length. */
export function makeLabels(values: readonly CategoryValue[], maxLength: number | null, key: StreamKey): string[] {
  const taken = new Set(values.flatMap((value) => ('label' in value ? [value.label] : [])));
  const nextByLength = new Map<number, number>();
  return values.map((value, index) => {
    if ('label' in value) return value.label;
    const length = Math.min(value.length ?? DEFAULT_LENGTH, maxLength ?? Number.POSITIVE_INFINITY);
    return nextLabel(length, index, nextByLength, taken, key);
  });
}

function nextLabel(length: number, index: number, nextByLength: Map<number, number>, taken: Set<string>, key: StreamKey): string {
  for (let attempt = 0; attempt < 200_000; attempt += 1) {
    const serial = nextByLength.get(length) ?? 0;
    nextByLength.set(length, serial + 1);
    const label = labelOf(serial, length, index, key);
    if (label !== null && !taken.has(label)) {
      taken.add(label);
      return label;
    }
    // Every text of this length is used up: the next longer one is the smallest lie.
    if (label === null) return nextLabel(length + 1, index, nextByLength, taken, key);
  }
  return nextLabel(length + 1, index, nextByLength, taken, key);
}

/** Filler that can be spoken, then the serial number in base 62; null when the serial does not fit the length. */
function labelOf(serial: number, length: number, index: number, key: StreamKey): string | null {
  if (length === 0) return serial === 0 ? '' : null;
  let code = '';
  for (let left = serial; left > 0 || code === ''; left = Math.floor(left / ALPHABET.length))
    code = ALPHABET[left % ALPHABET.length] + code;
  if (code.length > length) return null;
  let filler = '';
  for (let at = 0; at < length - code.length; at += 1) {
    const letters = at % 2 === 0 ? CONSONANTS : VOWELS;
    filler += letters[mixBelow(key, index * 101 + at, letters.length)];
  }
  return filler + code;
}
