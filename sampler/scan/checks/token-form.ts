// Tokens have one form, and that form stands nowhere else: a plain column of 16-digit hex ids would look like tokens, so
// such a string outside a token's place was not made by the tokeniser.
import { TOKEN_PATTERN } from '../../../spec/pack.ts';
import { type Check, type Finding, pathOf } from '../check.ts';
import type { ScannedDocument, ScannedString } from '../document.ts';
import { isAt, TOKEN_PLACE } from '../places.ts';

export const tokenForm: Check = {
  name: 'All tokens are 16-char hex (HMAC truncated)',
  run: (document) => document.strings.flatMap((string) => checkString(document, string)),
};

function checkString(document: ScannedDocument, string: ScannedString): Finding[] {
  const path = pathOf(document, string);
  if (isAt(string.path, TOKEN_PLACE) && !string.isKey) {
    return TOKEN_PATTERN.test(string.text) ? [] : [{ path, reason: 'a token must be 16 lower-case hex digits' }];
  }
  const isStray = string.readings.some((reading) => TOKEN_PATTERN.test(reading));
  return isStray ? [{ path, reason: 'it has the form of a token, in a place where no token stands' }] : [];
}
