// The check of a pack by the detector of this name.
import { ibanDetector } from '../../../core/detectors/ibans.ts';
import { textCheck } from '../check.ts';

export const ibans = textCheck('No bank account numbers (IBAN) found', [ibanDetector]);
