// Mail addresses, and anything written like one: a login such as root@host also names a person.
import type { Detector } from './detector.ts';

/** Also a login such as root@host. */
export const looseMailDetector: Detector = { what: 'a mail address', isIn: (text) => /[^\s@]@[^\s@]/.test(text) };

/** With a domain of two parts: for texts that were decoded, where a chance `@` means nothing. */
export const mailAddressDetector: Detector = {
  what: 'a mail address',
  isIn: (text) => /[\p{L}\p{N}._%+-]@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2}/u.test(text),
};
