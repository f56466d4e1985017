// The guide's `First Last` pattern: two or more capitalised words with space between, in any alphabet that has capitals.
// Words in capitals only (IN PROGRESS) are left alone; a label or name that reads like a person needs a review.
import type { Detector } from '../../../core/detectors/detector.ts';
import { textCheck } from '../check.ts';

/** Anna, O'Neill, McCoy, Jean-Luc, Zoë. */
const WORD = String.raw`\p{Lu}['’]?(?:\p{Lu}?\p{Ll})[\p{L}\p{M}'’-]*`;
/** J. or J, and the particles inside a surname. */
const BETWEEN = String.raw`(?:\s+(?:\p{Lu}\.?|van|von|der|den|de|del|della|di|da|dos|la|le|bin|ibn|al|el|ter|y|zu))`;
const NAME = new RegExp(String.raw`(?<![\p{L}\p{M}])(?:${WORD}|\p{Lu}\.)${BETWEEN}{0,3}\s+${WORD}`, 'u');

export const personalNameDetector: Detector = { what: 'a personal name (capitalised words)', isIn: (text) => NAME.test(text) };

export const personalNames = textCheck('No personal names detected', [personalNameDetector]);
