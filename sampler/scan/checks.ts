// The checks in the order in which they run and are printed: the schema, the four of the privacy guide, then the rest.
// A new check is a file in checks/ and a line here.
import type { Check } from './check.ts';
import { bins } from './checks/bins.ts';
import { canonicalForm } from './checks/canonical-form.ts';
import { credentials } from './checks/credentials.ts';
import { encodings } from './checks/encodings.ts';
import { ibans } from './checks/ibans.ts';
import { mailAddresses } from './checks/mail-addresses.ts';
import { messageContent } from './checks/message-content.ts';
import { nationalIds } from './checks/national-ids.ts';
import { networkAddresses } from './checks/network-addresses.ts';
import { numberPrecision } from './checks/number-precision.ts';
import { paymentCards } from './checks/payment-cards.ts';
import { personalNames } from './checks/personal-names.ts';
import { phoneNumbers } from './checks/phone-numbers.ts';
import { strictSchema } from './checks/strict-schema.ts';
import { tokenForm } from './checks/token-form.ts';
import { urls } from './checks/urls.ts';

export const checks: readonly Check[] = [
  strictSchema,
  mailAddresses,
  personalNames,
  messageContent,
  tokenForm,
  canonicalForm,
  phoneNumbers,
  networkAddresses,
  paymentCards,
  ibans,
  nationalIds,
  credentials,
  urls,
  numberPrecision,
  bins,
  encodings,
];
