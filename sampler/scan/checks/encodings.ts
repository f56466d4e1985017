// The detectors again, over what a string says when it is decoded: URL escapes, hex and base64, two layers deep. Only bytes
// that are readable text count, so that a name that happens to be base64 is no finding.

import { credentialDetectors } from '../../../core/detectors/credentials.ts';
import { type Detector, detect } from '../../../core/detectors/detector.ts';
import { ibanDetector } from '../../../core/detectors/ibans.ts';
import { mailAddressDetector } from '../../../core/detectors/mail-addresses.ts';
import { paymentCardDetector } from '../../../core/detectors/payment-cards.ts';
import { phoneNumberDetector } from '../../../core/detectors/phone-numbers.ts';
import { type Check, findTexts } from '../check.ts';
import { normalise } from '../document.ts';
import { nationalIdDetectors } from './national-ids.ts';
import { networkAddressDetectors } from './network-addresses.ts';
import { personalNameDetector } from './personal-names.ts';
import { urlDetector } from './urls.ts';

const detectors: readonly Detector[] = [
  mailAddressDetector,
  personalNameDetector,
  phoneNumberDetector,
  ...networkAddressDetectors,
  paymentCardDetector,
  ibanDetector,
  ...nationalIdDetectors,
  ...credentialDetectors,
  urlDetector,
];

export const encodings: Check = {
  name: 'Nothing of this found in base64, hex or URL encoding',
  run: (document) => findTexts(document, findEncoded),
};

function findEncoded(text: string): string[] {
  const once = decode(text);
  const twice = once.flatMap(({ how, text: inner }) =>
    decode(inner).map((found) => ({ ...found, how: `${how} of ${found.how}` })),
  );
  return [...once, ...twice].flatMap((found) => detect(found.text, detectors).map((what) => `${what}, as ${found.how}`));
}

interface Decoded {
  readonly how: string;
  readonly text: string;
}

function decode(text: string): Decoded[] {
  return [
    ...decodePercent(text).map((found) => ({ how: 'URL encoding', text: found })),
    ...decodeRuns(text, /[0-9a-f]{12,}/gi, 'hex').map((found) => ({ how: 'hex', text: found })),
    // Both alphabets: `_` and `-` part words in names, but are digits of base64url.
    ...decodeRuns(text, /[A-Za-z0-9+/]{8,}={0,2}/g, 'base64').map((found) => ({ how: 'base64', text: found })),
    ...decodeRuns(text, /[A-Za-z0-9_-]{8,}={0,2}/g, 'base64url').map((found) => ({ how: 'base64', text: found })),
  ];
}

function decodePercent(text: string): string[] {
  if (!/%[0-9a-f]{2}/i.test(text)) return [];
  const bytes = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
  return [normalise(bytes)];
}

function decodeRuns(text: string, run: RegExp, encoding: 'hex' | 'base64' | 'base64url'): string[] {
  return [...text.matchAll(run)].flatMap(([found]) => {
    const decoded = readText(Buffer.from(found, encoding));
    return decoded === null ? [] : [normalise(decoded)];
  });
}

/** The bytes as text when they are readable UTF-8: at least 6 characters, no control characters but white space. */
function readText(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString('utf8');
  return text.length < 6 || text.includes('\ufffd') || /[^\P{C}\s]/u.test(text) ? null : text;
}
