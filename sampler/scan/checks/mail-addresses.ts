// The check of a pack by the detector of this name.
import { looseMailDetector } from '../../../core/detectors/mail-addresses.ts';
import { textCheck } from '../check.ts';

export const mailAddresses = textCheck('No email addresses found', [looseMailDetector]);
