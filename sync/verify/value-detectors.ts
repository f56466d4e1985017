// What a value of the shadow is looked at for, and what is excused because the column's own mask makes it.
import { prefixedCredentialDetectors } from '../../core/detectors/credentials.ts';
import type { Detector } from '../../core/detectors/detector.ts';
import { ibanDetector } from '../../core/detectors/ibans.ts';
import { mailAddressDetector } from '../../core/detectors/mail-addresses.ts';
import { paymentCardDetector } from '../../core/detectors/payment-cards.ts';
import { phoneNumberDetector } from '../../core/detectors/phone-numbers.ts';
import type { ColumnRule, FakeKind, MemberRule, ReviewableFinding } from '../../spec/sync-rules.ts';
import { tokenDigits } from './forms/text-form.ts';

export interface ValueDetector {
  readonly finds: ReviewableFinding;
  readonly detector: Detector;
  /** False where the detector surely finds nothing: digits and `@` are counted once for all of them. */
  readonly isWorthAsking: (signs: Signs) => boolean;
}

interface Signs {
  readonly digits: number;
  readonly hasAt: boolean;
  /** A hash or a UUID by itself: its digits are no number of anything. */
  readonly isIdentifier: boolean;
}

export const VALUE_DETECTORS: readonly ValueDetector[] = [
  { finds: 'mail', detector: mailAddressDetector, isWorthAsking: ({ hasAt }) => hasAt },
  { finds: 'phone', detector: phoneNumberDetector, isWorthAsking: ({ digits, isIdentifier }) => digits >= 8 && !isIdentifier },
  { finds: 'card', detector: paymentCardDetector, isWorthAsking: ({ digits, isIdentifier }) => digits >= 13 && !isIdentifier },
  { finds: 'iban', detector: ibanDetector, isWorthAsking: ({ digits, isIdentifier }) => digits >= 2 && !isIdentifier },
  ...prefixedCredentialDetectors.map((detector): ValueDetector => ({ finds: 'credential', detector, isWorthAsking: () => true })),
];

const IDENTIFIER = /^(?:[0-9a-f]{32,128}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

/** Adds what is found in the text. */
export function detectInto(found: Set<ValueDetector>, text: string): void {
  const signs = { digits: countDigits(text), hasAt: text.includes('@'), isIdentifier: IDENTIFIER.test(text) };
  for (const one of VALUE_DETECTORS) if (!found.has(one) && one.isWorthAsking(signs) && one.detector.isIn(text)) found.add(one);
}

function countDigits(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) count += 1;
  }
  return count;
}

const OWN_FAKES: Partial<Record<FakeKind, RegExp>> = {
  mail: /^(?:[a-z.]+\.)?[a-kmnp-z2-9]{12}@example\.com$/,
  phone: /^\+999\d{0,17}$/,
};

/**
 * Whole texts that the column's own mask makes: a fake mail in a column of fake mails is no finding, one in another column is. A short
 * token may have nothing but digits, as a phone does; the survivors tell which it is.
 */
export function ownFormsOf(rule: ColumnRule | null, maxLength: number | null): readonly RegExp[] {
  if (rule === null) return [];
  const isDocument = rule.kind === 'json';
  const rules: readonly (ColumnRule | MemberRule)[] = isDocument ? Object.values(rule.paths) : [rule];
  return rules.flatMap((one) => {
    if (one.kind === 'token') return [new RegExp(`^[0-9a-f]{${tokenDigits(isDocument ? null : maxLength)}}$`)];
    const fake = one.kind === 'fake' ? OWN_FAKES[one.of] : undefined;
    return fake === undefined ? [] : [fake];
  });
}
