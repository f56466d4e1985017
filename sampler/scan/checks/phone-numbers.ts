// The check of a pack by the detector of this name.
import { phoneNumberDetector } from '../../../core/detectors/phone-numbers.ts';
import { textCheck } from '../check.ts';

export const phoneNumbers = textCheck('No phone numbers found', [phoneNumberDetector]);
