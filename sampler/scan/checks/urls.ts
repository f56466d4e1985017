// URLs lead to people's pages and carry logins (postgresql://user:password@host).
import type { Detector } from '../../../core/detectors/detector.ts';
import { textCheck } from '../check.ts';

const URL_FORM =
  /[a-z][a-z0-9+.-]{0,30}:\/\/\S|(?<![\p{L}\p{N}])www\.[\p{L}\p{N}-]+\.|(?<![\p{L}\p{N}])(?:mailto|tel|sms|data|javascript|urn|magnet):\S/iu;

export const urlDetector: Detector = { what: 'a URL', isIn: (text) => URL_FORM.test(text) };

export const urls = textCheck('No URLs found', [urlDetector]);
