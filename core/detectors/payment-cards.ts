// Payment cards: 13 to 19 digits, also in groups, with an issuer's prefix and a valid Luhn digit. Tokens never come here:
// one in 45,000 of them passes all three rules by chance.
import type { Detector } from './detector.ts';

const CANDIDATE = /(?<!\d)\d(?:[ ._-]?\d){12,18}(?!\d)/g;

/** Visa, Mastercard (two ranges), Amex, Discover, JCB, Diners, UnionPay, Maestro. */
const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^5[1-5]/, lengths: [16] },
  { prefix: /^2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^6(?:011|4[4-9]|5)/, lengths: [16, 17, 18, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { prefix: /^3(?:0[0-5]|[689])/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-9]|6)/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];

/** The check digit rule of ISO/IEC 7812: every second digit from the right doubled, the digit sum a multiple of 10. */
function hasLuhnDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isCard(digits: string): boolean {
  return ISSUERS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && hasLuhnDigit(digits);
}

export const paymentCardDetector: Detector = {
  what: 'a payment card number',
  isIn: (text) => [...text.matchAll(CANDIDATE)].some(([found]) => isCard(found.replace(/\D/g, ''))),
};
