// Bank accounts: an IBAN of a known country, of that country's length, with a remainder of 1 modulo 97 (ISO 13616).
import type { Detector } from './detector.ts';

/** Length by country, from the SWIFT registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 ' +
    'MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 SV28 TL23 TN24 ' +
    'TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const START = /(?<![\p{L}\p{N}])\p{L}{2}[ -]?\d{2}/gu;
/** The longest IBAN with a separator after every character. */
const MAX_SPAN = 68;

/** The remainder modulo 97 after the first four characters are moved to the end and letters become 10 to 35. */
function remainderOf(iban: string): number {
  const rotated = iban.slice(4) + iban.slice(0, 4);
  return [...rotated].reduce((rest, character) => {
    const value = Number.parseInt(character, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
}

function startsWithIban(text: string): boolean {
  const compact = text.slice(0, MAX_SPAN).replace(/[ -]/g, '').toUpperCase();
  const length = LENGTHS.get(compact.slice(0, 2)) ?? Number.POSITIVE_INFINITY;
  const iban = compact.slice(0, length);
  return iban.length === length && /^[A-Z0-9]+$/.test(iban) && remainderOf(iban) === 1;
}

export const ibanDetector: Detector = {
  what: 'a bank account number (IBAN)',
  isIn: (text) => [...text.matchAll(START)].some(({ index }) => startsWithIban(text.slice(index))),
};
