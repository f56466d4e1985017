// National identity numbers in the forms that are distinctive: US (SSN, ITIN), UK (NINO), Spain (DNI, NIE), Italy (codice
// fiscale), Brazil (CPF). Numbers that are plain digits without a check letter cannot be told from counts.
import type { Detector } from '../../../core/detectors/detector.ts';
import { textCheck } from '../check.ts';

const NOT_INSIDE = String.raw`(?<![\p{L}\p{N}_-])`;
const NOT_FOLLOWED = String.raw`(?![\p{L}\p{N}_-])`;

function pattern(body: string): RegExp {
  return new RegExp(`${NOT_INSIDE}(?:${body})${NOT_FOLLOWED}`, 'giu');
}

/** Area 000 and 666, group 00 and serial 0000 were never issued; areas from 900 on are ITINs. */
const SOCIAL_SECURITY = pattern(String.raw`(?!000|666)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}`);
const NATIONAL_INSURANCE = pattern(String.raw`[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]`);
const SPANISH = pattern(String.raw`[xyz\d]-?\d{7}-?[a-z]`);
const ITALIAN = pattern(String.raw`[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]`);
const BRAZILIAN = pattern(String.raw`\d{3}\.\d{3}\.\d{3}-\d{2}`);

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** The letter is the number modulo 23; X, Y, Z in front stand for 0, 1, 2. */
function hasSpanishLetter(found: string): boolean {
  const compact = found.replaceAll('-', '').toUpperCase();
  const digits = compact.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return SPANISH_LETTERS[Number(digits) % 23] === compact.at(-1);
}

/** Two check digits, each the weighted sum of the digits before it modulo 11. */
function hasBrazilianDigits(found: string): boolean {
  const digits = [...found.replace(/\D/g, '')].map(Number);
  return [9, 10].every((size) => {
    const sum = digits.slice(0, size).reduce((total, digit, index) => total + digit * (size + 1 - index), 0);
    return ((sum * 10) % 11) % 10 === digits[size];
  });
}

function detector(what: string, form: RegExp, isValid: (found: string) => boolean = () => true): Detector {
  return { what, isIn: (text) => [...text.matchAll(form)].some(([found]) => isValid(found)) };
}

export const nationalIdDetectors: readonly Detector[] = [
  detector('a US social security or tax number', SOCIAL_SECURITY),
  detector('a UK national insurance number', NATIONAL_INSURANCE),
  detector('a Spanish identity number', SPANISH, hasSpanishLetter),
  detector('an Italian tax code', ITALIAN),
  detector('a Brazilian tax number', BRAZILIAN, hasBrazilianDigits),
];

export const nationalIds = textCheck('No national identity numbers found (US, UK, ES, IT, BR)', nationalIdDetectors);
