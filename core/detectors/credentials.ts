// Credentials and key material: forms with a known prefix, and long runs of hex or base64 with more entropy than words
// have. Tokens, run id and commit are excused by their place.
import type { Detector } from './detector.ts';

const PREFIXED: readonly Detector[] = [
  form('a JSON web token', /eyJ[\w-]{6,}\.[\w-]{4,}/),
  form('a private or public key', /-----BEGIN|ssh-(?:rsa|ed25519|dss) AAAA|ecdsa-sha2-\S+ AAAA|AGE-SECRET-KEY-/),
  form('an AWS key', /(?<![A-Z0-9])(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/),
  form('a GitHub or GitLab token', /gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}/),
  form(
    'a service key',
    /xox[abeprs]-[\w-]{8,}|(?:sk|rk|pk)_(?:live|test)_\w{8,}|AIza[\w-]{30,}|npm_\w{30,}|hv[sb]\.[\w-]{20,}|SG\.[\w-]{16,}/,
  ),
  form('a password hash', /\$(?:2[abxy]?|argon2(?:id?|d)|5|6|1|y|scrypt|pbkdf2[\w-]*)\$|SCRAM-SHA-256\$/),
  form('a password', /(?:password|passwd|pwd|secret|token|api[_-]?key)\s*[=:]\s*\S{4}/i),
];

const uuid = form('a UUID', /(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])/i);

/** The limits of detect-secrets (bits per character). Long camel-case names stay below 4.3. */
const HEX_ENTROPY = 3;
const BASE64_ENTROPY = 4.5;

const hexRun: Detector = {
  what: 'a long random hex string',
  isIn: (text) =>
    [...text.matchAll(/[0-9a-f]{20,}/gi)].some(([run]) => /\d/.test(run) && entropyOf(run.toLowerCase()) > HEX_ENTROPY),
};
const base64Run: Detector = {
  what: 'a long random base64 string',
  isIn: (text) =>
    [...text.matchAll(/[A-Za-z0-9+/_-]{20,}/g)].some(
      ([run]) => /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && entropyOf(run) > BASE64_ENTROPY,
    ),
};

/** Shannon entropy of the characters, in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}

function form(what: string, pattern: RegExp): Detector {
  return { what, isIn: (text) => pattern.test(text) };
}

/** Those with a form of their own; an id that is a UUID is none of them. */
export const prefixedCredentialDetectors: readonly Detector[] = PREFIXED;

/** Those that also make sense in decoded text, where high entropy is no surprise. */
export const credentialDetectors: readonly Detector[] = [...PREFIXED, uuid];

/** All: for names and labels, where nothing random belongs. */
export const allCredentialDetectors: readonly Detector[] = [...credentialDetectors, hexRun, base64Run];
