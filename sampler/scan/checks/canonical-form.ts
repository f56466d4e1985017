// The text must be exactly the canonical JSON of its value. That leaves no room beside the value: no key twice (a parser
// keeps the last and hides the first), no white space or key order that carries bits, no second spelling of a number.
import { canonicalJson } from '../../../core/canonical-json.ts';
import type { Check } from '../check.ts';

export const canonicalForm: Check = {
  name: 'Canonical JSON: no repeated key, no hidden white space, one spelling of each number',
  run: ({ text, value }) => {
    const expected = canonicalTextOf(value);
    if (expected !== null && (text === expected || text === `${expected}\n`)) return [];
    const where = expected === null ? '' : ` (first difference at character ${firstDifference(text, expected)})`;
    return [{ path: '(document)', reason: `the text is not the canonical JSON of its value${where}` }];
  },
};

/** Null when the value holds a number that JSON cannot write, such as 1e999. */
function canonicalTextOf(value: unknown): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}

function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}
