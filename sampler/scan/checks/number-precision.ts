// A pack holds whole counts and bin numbers. A fraction, or a number too large to be exact, is a measured value that slipped
// through, and its digits may identify a row. Decimals with four digits in a text are coordinates.
import { type Check, type Finding, findTexts } from '../check.ts';
import { visit } from '../document.ts';
import { describePath } from '../paths.ts';

export const numberPrecision: Check = {
  name: 'No numbers of high precision found',
  run: (document) => [
    ...findNumbers(document.value),
    ...findTexts(document, (text) => (/\d[.,]\d{4}/.test(text) ? ['a number with four or more decimals'] : [])),
  ],
};

function findNumbers(value: unknown): Finding[] {
  const findings: Finding[] = [];
  visit(value, [], {
    onLeaf: (path, leaf) => {
      if (typeof leaf !== 'number' || Number.isSafeInteger(leaf)) return;
      const reason = Number.isInteger(leaf) ? 'the number is larger than 2^53' : 'the number is not whole';
      findings.push({ path: describePath(value, path), reason });
    },
  });
  return findings;
}
