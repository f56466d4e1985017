// Phone numbers: with a country code, with separators in between, or as nothing but 9 to 15 digits (E.164 allows 15).
// A date has 8 digits and a table's name has letters, so neither is taken for one.
import type { Detector } from './detector.ts';

const INTERNATIONAL = /(?:\+|(?<![\p{L}\p{N}_])00)[1-9][\d\s()./-]{6,20}/gu;
const SEPARATED = /(?<![\p{L}\p{N}_.-])\(?\d{2,5}\)?[\s./-]{1,2}\d{2,5}(?:[\s./-]\d{2,5}){0,4}(?![\p{L}\p{N}_])/gu;
const BARE = /^\+?\d{9,15}$/;

function hasDigits(text: string, pattern: RegExp, least: number, most: number): boolean {
  return [...text.matchAll(pattern)].some(([found]) => {
    const digits = found.replace(/\D/g, '').length;
    return digits >= least && digits <= most;
  });
}

export const phoneNumberDetector: Detector = {
  what: 'a phone number',
  isIn: (text) => BARE.test(text.trim()) || hasDigits(text, INTERNATIONAL, 8, 17) || hasDigits(text, SEPARATED, 9, 13),
};
