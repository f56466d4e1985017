// The check of a pack by the detector of this name.
import { paymentCardDetector } from '../../../core/detectors/payment-cards.ts';
import { textCheck } from '../check.ts';

export const paymentCards = textCheck('No payment card numbers found', [paymentCardDetector]);
